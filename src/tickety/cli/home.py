"""``tickety`` alone: what needs you."""

from typing import TYPE_CHECKING

import click

from tickety.cli import options, printed, render, session
from tickety.core import text
from tickety.desk import overview

if TYPE_CHECKING:
    from tickety.desk import inbox
    from tickety.desk import memory as memories

_SHOWN = 50  # of each part, to people


@click.command("home", hidden=True)
@options.as_json
def command(as_json: bool) -> None:
    """Show what needs you: questions, escalations, blocked tickets, and what is being worked on."""
    memory = session.memory_to_read()
    seen = overview.look(memory.store, *(() if as_json else (_SHOWN,)))
    told = _unseen(memory)
    if as_json:
        printed.answer({**seen.as_json(), "escalations": [item.as_json() for item in told]})
        return
    _print_escalations(told)
    for section in seen.sections():
        click.echo(click.style(section.heading, bold=True))
        for row in section.rows:
            click.echo("  " + render.row(row).replace("\n", "\n  "))
        if section.left:
            click.echo(f"  and {section.left} more: {section.command}")
    click.echo(seen.sentence(), err=True)


def _unseen(memory: "memories.Memory") -> "list[inbox.Item]":
    """What the rules told, or would tell now, that nobody has seen; most often there is none, and nothing is loaded."""
    if not memory.store.count(overview.UNSEEN) and not memory.store.due(memory.clock.now().timestamp(), 1):
        return []
    from tickety.desk import inbox

    return [item for item in inbox.escalations(memory) if item.acknowledged_by is None]


def _print_escalations(told: "list[inbox.Item]") -> None:
    if told:
        click.echo(click.style("Escalated", bold=True))
    for item in told[:_SHOWN]:
        when = "due now" if item.is_due_now else item.at
        click.echo(f"  {item.ticket_id:<14} {text.one_line(item.text, 200)}")
        click.echo(f"  {'':<14} {when}   {text.one_line(item.command)}")
    if len(told) > _SHOWN:
        click.echo(f"  and {len(told) - _SHOWN} more: tickety escalations")
