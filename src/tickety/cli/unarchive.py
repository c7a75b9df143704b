"""``tickety unarchive``."""

import click

from tickety.cli import changing
from tickety.desk import archiving
from tickety.desk import changing as commands


@click.command("unarchive", short_help="Bring archived tickets back.")
@changing.closed_ids
@changing.shared
def command(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Bring archived tickets back into the lists. They stay closed; `tickety reopen` does both.

    \b
    Examples:
      tickety unarchive BUG-2026-001
      tickety unarchive 12 13
    """
    desk, uids = changing.open_memory(acting_as, typed)
    changed = archiving.unarchive_many(desk, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id} {'was not archived' if one.is_same else 'is not archived any more'}"
