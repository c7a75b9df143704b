"""``tickety pause``."""

import click

from tickety.cli import changing, stopping
from tickety.core import text
from tickety.desk import changing as commands
from tickety.desk import steering


@click.command("pause", short_help="Begin nothing more of tickets for now.")
@changing.ticket_ids
@click.option("--now", "is_at_once", is_flag=True, help="Also give back what is running; it is begun anew later.")
@click.option("--because", default="", metavar="TEXT", help="Why.")
@changing.shared
def command(
    typed: tuple[str, ...], is_at_once: bool, because: str, dry_run: bool, acting_as: str | None, as_json: bool
) -> None:
    """Begin nothing more of tickets until `tickety resume`. What is running goes on to its end, unless you say --now.

    \b
    Examples:
      tickety pause 12 13
      tickety pause BUG-2026-001 --now --because "the test server is down"
    """
    desk, uids = changing.open_memory(acting_as, typed)
    reason = text.one_line(because)
    stopped = steering.pause_many(desk, uids, reason, is_at_once=is_at_once, dry_run=dry_run)
    changing.tell(desk, [one.changed for one in stopped], _sentence, as_json=as_json, dry_run=dry_run)
    if not dry_run:
        stopping.see_to(acting_as, stopped)


def _sentence(one: commands.Changed) -> str:
    if one.before.paused_by:
        return f"{one.after.id} was paused already, by {one.before.paused_by}"
    return f"{one.after.id} is paused; go on with it: tickety resume {one.after.id}"
