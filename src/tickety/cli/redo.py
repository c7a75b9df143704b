"""``tickety redo``."""

import click

from tickety.cli import changing, facts, fence, session
from tickety.desk import changing as commands
from tickety.desk import undoing


@click.command("redo", short_help="Do again what you took back.")
@changing.shared
def command(dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Do again what `tickety undo` took back last, unless you did something else since.

    \b
    Examples:
      tickety redo --dry-run
      tickety redo
    """
    fence.require_person("Do it again?", dry_run=dry_run)
    desk = session.memory(acting_as)
    changing.tell(desk, undoing.redo_last(desk, dry_run=dry_run), _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id}: {facts.told(one) or 'nothing is otherwise'}"
