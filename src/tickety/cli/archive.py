"""``tickety archive``."""

import click

from tickety.cli import changing
from tickety.desk import archiving
from tickety.desk import changing as commands


@click.command("archive", short_help="Put closed tickets out of sight.")
@changing.ticket_ids
@changing.shared
def command(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Put closed tickets away: no list shows them unless it is asked to, and nothing edits them.

    \b
    Examples:
      tickety archive BUG-2026-001
      tickety archive 12 13
    """
    desk, uids = changing.open_memory(acting_as, typed)
    changed = archiving.archive_many(desk, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id} {'was archived already' if one.is_same else 'is archived'}"
