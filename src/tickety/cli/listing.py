"""``tickety list``. This is the fast path: it loads click, sqlite3 and a few small modules."""

from typing import TYPE_CHECKING

import click

from tickety.cli import options, session
from tickety.core import query, text
from tickety.desk import search

if TYPE_CHECKING:
    from tickety import store


@click.command("list", cls=options.Terms, short_help="List tickets, the most important first.")
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.option("--all", "every", is_flag=True, help="Closed tickets too.")
@click.option("--status", type=click.Choice(query.STATUSES), multiple=True, help="Only tickets of this status.")
@click.option(
    "--type",
    "types",
    shell_complete=options.completes("type"),
    multiple=True,
    metavar="TYPE",
    help="Only tickets of this type.",
)
@click.option(
    "--priority",
    "priorities",
    shell_complete=options.completes("priority"),
    multiple=True,
    metavar="PRIORITY",
    help="Only this priority (or >=high).",
)
@click.option(
    "--tag", "tags", shell_complete=options.completes("tag"), multiple=True, help="Only tickets with this tag."
)
@click.option("--assignee", help="Only tickets of this assignee; `me`, `none`.")
@click.option("--sort", type=click.Choice(query.SORTS[:-1]), help="The order; by default priority, then age.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at the most.")
@click.option("--cursor", help="Go on after an earlier page: the `next` that it gave.")
@options.as_json
def command(
    words: tuple[str, ...],
    every: bool,
    status: tuple[str, ...],
    types: tuple[str, ...],
    priorities: tuple[str, ...],
    tags: tuple[str, ...],
    assignee: str | None,
    sort: str | None,
    limit: int,
    cursor: str | None,
    as_json: bool,
) -> None:
    """List tickets, the most important first. A query narrows it down (see `tickety search --help`).

    \b
    Examples:
      tickety list
      tickety list is:active
      tickety list 'type:bug priority:>=high updated:<7d -tag:ui "import error"'
      tickety list --status blocked --tag auth --json
    """
    narrowed = _given(status=status, type=types, priority=priorities, tag=tags, assignee=(assignee,), sort=(sort,))
    asked = " ".join((*words, *narrowed))
    memory = session.memory_to_read()
    wanted = search.asked(memory, asked, session.lazy_principal(asked))
    narrowed_down = search.narrowed(wanted, every=every)
    page = memory.store.page(narrowed_down, limit, cursor, whole=as_json)
    if as_json:
        _print_json(page)
        return
    session.tell_due(memory)
    if asked.strip() == "is:active":
        _print_active(page, memory.store.count(wanted))
    elif page.rows:
        _print_rows(page)
    else:
        click.echo(_nothing(memory.store, is_narrowed=narrowed_down != wanted), err=True)


def _given(**named: tuple[str | None, ...]) -> list[str]:
    """Options as terms of the query language: one option given twice means either."""
    return [f"{field}:{','.join(values)}" for field, found in named.items() if (values := [v for v in found if v])]


def _print_json(page: "store.Page") -> None:
    from tickety.cli import printed

    printed.tickets(page.documents, page.cursor)


def _print_active(page: "store.Page", count: int) -> None:
    """The guide's status update."""
    click.echo(f"Currently tracking {text.plural(count, 'active ticket')}{':' if count else '.'}")
    for entry in page.rows:
        click.echo(f"  {entry.id}: {text.one_line(entry.title)} ({entry.status})")
    _add(len(page.rows), page.cursor)


def _print_rows(page: "store.Page") -> None:
    from tickety.cli import render

    for entry in page.rows:
        click.echo(render.row(entry))
    _add(len(page.rows), page.cursor)


def _nothing(kept: "store.Store", *, is_narrowed: bool) -> str:
    """Why the list is empty."""
    if not kept.page(query.EVERYTHING, 1, None, whole=False).rows:
        return 'no tickets; open one: tickety "what is wrong or wanted"'
    return "nothing matches" + ("; `--all` looks at closed tickets too" if is_narrowed else "")


def _add(count: int, cursor: str | None) -> None:
    """What a person is told beside the list itself."""
    if cursor:
        click.echo(f"the first {text.plural(count, 'ticket')}; go on with --cursor '{cursor}'", err=True)
