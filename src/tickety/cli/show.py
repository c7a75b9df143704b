"""``tickety show``."""

from typing import TYPE_CHECKING

import click

from tickety.cli import named, options, printed, session

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
    uids = named.find_many(desk.store, typed, desk.clock.now())
    if as_json:
        documents = [desk.store.document(uid) for uid in uids]
        printed.whole(documents, as_list=len(typed) > 1)
        return
    for number, uid in enumerate(uids):
        click.echo("\n" if number else "", nl=False)
        _print(desk, uid)
        session.tell_due(desk, uid)


def _print(desk: "memory.Memory", uid: str) -> None:
    from tickety.cli import render
    from tickety.desk import surroundings

    document = desk.store.document(uid)
    for line in render.whole(document, surroundings.look(desk.store, document), desk.clock.now()):
        click.echo(line)
