"""What verbs that stop tickets have in common: they see to what ends, and say it."""

import asyncio
from collections.abc import Sequence

import click

from tickety.cli import session
from tickety.core import puller, text
from tickety.desk import steering


def see_to(acting_as: str | None, stopped: Sequence[steering.Stopped]) -> None:
    """Wait for the ends of what ran, for a few seconds at the most, and say what ended."""
    ended = [(one.changed.after.id, step) for one in stopped for step in one.running]
    if not ended:
        return
    asyncio.run(steering.see_ended(session.desk(acting_as), stopped))
    for ticket_id, step in ended:
        who = text.harmless(step.claimed_by or "somebody")
        is_outside = puller.is_one(step.claimed_by or "")
        what = "was taken back from" if is_outside else "has ended; it ran in"
        click.echo(f"  {ticket_id}/{step.name}, attempt {step.attempt}, {what} {who}", err=True)
