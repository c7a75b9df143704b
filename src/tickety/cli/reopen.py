"""``tickety reopen``."""

import click

from tickety.cli import changing
from tickety.desk import changing as commands
from tickety.desk import closing


@click.command("reopen", short_help="Work on closed tickets again.")
@changing.closed_ids
@changing.shared
def command(typed: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Open closed tickets again, archived ones too. Every step of their plans is done again.

    \b
    Examples:
      tickety reopen BUG-2026-001
      tickety reopen 12 13
    """
    desk, uids = changing.open_memory(acting_as, typed)
    changed = closing.reopen_many(desk, uids, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id} {'was not closed' if one.is_same else 'is open again'}"
