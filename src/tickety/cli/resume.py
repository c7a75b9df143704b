"""``tickety resume``."""

import click

from tickety.cli import changing
from tickety.desk import changing as commands
from tickety.desk import steering


@click.command("resume", short_help="Go on with paused tickets.")
@changing.ticket_ids
@changing.shared
def command(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Let paused tickets go on: what is ready may begin again. Nothing is run by this itself.

    \b
    Examples:
      tickety resume 12 13
    """
    desk, uids = changing.open_memory(acting_as, typed)
    changed = steering.resume_many(desk, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    if not one.before.paused_by:
        return f"{one.after.id} is not paused"
    return f"{one.after.id} can go on: tickety run {one.after.id}"
