"""``tickety undo``."""

import click

from tickety.cli import changing, facts, fence, session
from tickety.desk import changing as commands
from tickety.desk import undoing


@click.command("undo", short_help="Take your last command back.")
@changing.shared
def command(dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Take your last command back, on every ticket that it changed. A new ticket is cancelled and put away.

    Refused when somebody changed the same since, or when an agent began to work.

    \b
    Examples:
      tickety undo --dry-run
      tickety undo
    """
    fence.require_person("Take the last command back?", dry_run=dry_run)
    desk = session.memory(acting_as)
    changing.tell(desk, undoing.undo_last(desk, dry_run=dry_run), _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id}: {facts.told(one) or 'nothing of it was left'}"
