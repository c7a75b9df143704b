"""``tickety list``. This is the fast path: it loads click, sqlite3 and a few small modules."""

import click

from tickety.cli import options, session
from tickety.core import text
from tickety.desk import search


@click.command("list", short_help="List tickets, the most important first.")
@click.option("--all", "every", is_flag=True, help="Closed tickets too.")
@click.option("--status", type=click.Choice(search.EVERY), multiple=True, help="Only tickets of this status.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at the most.")
@click.option("--cursor", help="Go on after an earlier page: the `next` that it gave.")
@options.as_json
def command(every: bool, status: tuple[str, ...], limit: int, cursor: str | None, as_json: bool) -> None:
    """List tickets, the most important first.

    \b
    Examples:
      tickety list
      tickety list --status blocked
      tickety list --all --json
    """
    wanted = status or (search.EVERY if every else search.NOT_CLOSED)
    kept = session.store(session.here())
    page = kept.page(wanted, limit, cursor, whole=as_json)
    kept.close()
    if as_json:
        _print_json(page.documents, page.cursor)
        return
    from tickety.cli import render

    for entry in page.rows:
        click.echo(render.row(entry))
    _add(len(page.rows), page.cursor)


def _print_json(documents: tuple[dict[str, object], ...], cursor: str | None) -> None:
    import json

    click.echo(json.dumps({"schema": 1, "tickets": documents, "next": cursor}, ensure_ascii=False))


def _add(count: int, cursor: str | None) -> None:
    """What a person is told beside the list itself."""
    if not count:
        click.echo('no tickets; open one: tickety "what is wrong or wanted"', err=True)
    elif cursor:
        click.echo(f"the first {text.plural(count, 'ticket')}; go on with --cursor '{cursor}'", err=True)
