"""What the verbs have in common by which a person decides: what they are offered, and what they are told."""

from typing import TYPE_CHECKING

import click

from tickety.cli import changing, options, session
from tickety.desk import changing as commands
from tickety.desk import memory

if TYPE_CHECKING:
    from tickety.desk import ports

complete = options.completes("asking", "question")
question = click.argument("name", metavar="[QUESTION]", required=False, shell_complete=complete)


def tell(desk: memory.Memory, done: commands.Changed, what: str, *, as_json: bool, dry_run: bool) -> None:
    """What was decided, and how it goes on."""

    def sentence(one: commands.Changed) -> str:
        return f"{one.after.id}: {what}{' already' if one.is_same else ''}"

    changing.tell(desk, (done,), sentence, as_json=as_json, dry_run=dry_run)
    if not (as_json or dry_run or done.is_same or done.after.waiting_for or done.after.blocker):
        click.echo(f"  next    tickety run {done.after.id}")


def open_desk(acting_as: str | None) -> "tuple[memory.Memory, ports.Ports | None]":
    """The memory, and the desk around it where there is a repository: outside of one no work waits for a yes."""
    if not session.here().is_git:
        return session.memory(acting_as), None
    desk = session.desk(acting_as)
    return desk, desk
