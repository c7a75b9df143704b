"""``tickety cancel``."""

import click

from tickety.cli import changing, fence, stopping
from tickety.core import text
from tickety.desk import changing as commands
from tickety.desk import steering


@click.command("cancel", short_help="End all work on tickets, and close them.")
@changing.ticket_ids
@click.option("--because", default="", metavar="TEXT", help="Why.")
@changing.shared
def command(typed: tuple[str, ...], because: str, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """End all work on tickets, and close them as cancelled. Agents at work are ended with all that they started.

    That takes a few seconds at the most, whichever process of this machine runs them. What they did is not taken.

    \b
    Examples:
      tickety cancel 12
      tickety cancel BUG-2026-001 BUG-2026-002 --because "we drop that module"
    """
    desk, uids = changing.open_memory(acting_as, typed)
    fence.require_person(f"Cancel {', '.join(typed)}?", dry_run=dry_run)
    stopped = steering.cancel_many(desk, uids, text.one_line(because) or "cancelled", dry_run=dry_run)
    changing.tell(desk, [one.changed for one in stopped], _sentence, as_json=as_json, dry_run=dry_run)
    if not dry_run:
        stopping.see_to(acting_as, stopped)


def _sentence(one: commands.Changed) -> str:
    if one.before.is_closed:
        return f"{one.after.id} was cancelled already"
    return f"{one.after.id} is cancelled"
