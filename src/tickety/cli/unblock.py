"""``tickety unblock``."""

import click

from tickety.cli import changing
from tickety.core import ticket, workflow
from tickety.desk import blocking
from tickety.desk import changing as commands


@click.command("unblock", short_help="What stood in the way is gone.")
@changing.ticket_ids
@changing.shared
def command(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Say that what stood in the way of tickets is gone. A step that failed is tried again by `tickety retry`.

    \b
    Examples:
      tickety unblock BUG-2026-001
      tickety unblock 12 13
    """
    desk, uids = changing.open_memory(acting_as, typed)
    changed = blocking.unblock_many(desk, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    if one.is_same:
        return f"{one.after.id} was not blocked"
    failed = workflow.first_unfinished(one.after.orchestration, ticket.State.FAILED)
    again = f"; its step {failed.name} failed, try it again: tickety retry {one.after.id}" if failed else ""
    return f"{one.after.id} is {one.after.status} again{again}"
