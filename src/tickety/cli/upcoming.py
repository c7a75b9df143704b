"""``tickety next``. On the fast path, as ``tickety list`` is."""

from typing import TYPE_CHECKING

import click

from tickety.cli import options, session
from tickety.desk import search

if TYPE_CHECKING:
    from datetime import datetime

    from tickety import store


@click.command("next", cls=options.Terms, short_help="Show what can be worked on now, in order.")
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True, help="How many at the most.")
@click.option("--as", "roles", multiple=True, metavar="ROLE", help="Steps of that role instead: agent:Ops, qa.")
@options.as_json
def command(words: tuple[str, ...], limit: int, roles: tuple[str, ...], as_json: bool) -> None:
    """Show what can be worked on now: nothing blocks it, it waits for nobody, and a step of it is ready.

    \b
    Examples:
      tickety next
      tickety next --limit 1 --json
      tickety next type:bug tag:auth
      tickety next --as agent:Ops
    """
    asked = " ".join(words)
    if roles:
        from tickety.cli import seats

        seats.show(asked, roles, limit, as_json=as_json)
        return
    memory = session.memory_to_read()
    wanted = search.asked(memory, asked, session.lazy_principal(asked))
    page = memory.store.page(search.ready(wanted), limit, None, whole=as_json)
    if as_json:
        _print_json(page)
    else:
        _print_rows(page, memory.clock.now())


def _print_json(page: "store.Page") -> None:
    from tickety.cli import printed

    printed.tickets(page.documents, page.cursor)


def _print_rows(page: "store.Page", now: "datetime") -> None:
    from tickety.cli import render

    for entry in page.rows:
        click.echo(render.upcoming(entry, now))
    if not page.rows:
        click.echo("nothing is ready; see what things wait for: tickety list is:waiting", err=True)
    elif page.cursor:
        click.echo("there is more: tickety next --limit 100", err=True)
