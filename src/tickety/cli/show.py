"""``tickety show``."""

import json
from typing import TYPE_CHECKING

import click

from tickety.cli import options, session
from tickety.desk import search

if TYPE_CHECKING:
    from tickety.desk import memory


@click.command("show", short_help="Show a ticket with every report and receipt.")
@click.argument("typed", metavar="ID...", nargs=-1, required=True, shell_complete=options.complete_id)
@options.as_json
def command(typed: tuple[str, ...], as_json: bool) -> None:
    """Show tickets: the plan, every report, every receipt, what stands around them and what they wait for.

    \b
    Examples:
      tickety show BUG-2026-001
      tickety show 1 --json
      tickety show BUG-1 FEAT-2
    """
    desk = session.memory_to_read()
    uids = search.find_many(desk.store, typed, desk.clock.now())
    if as_json:
        documents = [desk.store.document(uid) for uid in uids]
        shown = documents[0] if len(typed) == 1 else {"schema": 1, "tickets": documents, "next": None}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for number, uid in enumerate(uids):
        click.echo("\n" if number else "", nl=False)
        _print(desk, uid)


def _print(desk: "memory.Memory", uid: str) -> None:
    from tickety.cli import render
    from tickety.desk import surroundings

    document = desk.store.document(uid)
    for line in render.whole(document, surroundings.look(desk.store, document), desk.clock.now()):
        click.echo(line)
