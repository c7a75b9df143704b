"""What is due now and was told by no rule yet: said to whoever looks, on standard error."""

import click

from tickety.core import errors, text
from tickety.desk import memory, rules

_SHOWN = 5


def tell(opened: memory.Memory, uid: str | None) -> None:
    """Say what is due, of one ticket or of all."""
    try:
        due = rules.due_now(opened, uid)
    except errors.TicketyError as error:  # what somebody looks at is not about the project's settings
        click.echo(f"tickety: {text.harmless(error.message)}", err=True)
        return
    for one in due[:_SHOWN]:
        click.echo(f"due now: {text.one_line(one.escalation.sentence, 200)}", err=True)
    if len(due) > _SHOWN:
        click.echo(f"due now: {len(due) - _SHOWN} more: tickety escalations", err=True)
