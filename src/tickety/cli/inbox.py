"""``tickety inbox``."""

import os
from collections.abc import Iterator
from typing import Any

import click

from tickety import places
from tickety.cli import options, printed, session
from tickety.core import errors, text
from tickety.desk import inbox

_HEADINGS = {
    "question": "Asks you", "approval": "Waits for your yes", "proposal": "Proposes further steps",
    "escalation": "Escalated", "pause": "Goes on by itself",
}  # fmt: skip


@click.command("inbox", short_help="Show what needs you.")
@click.option("--all", "every", is_flag=True, help="Over all projects that you keep tickets in.")
@options.as_json
def command(every: bool, as_json: bool) -> None:
    """Show what needs you: questions, what waits for your yes, escalations that nobody has seen.

    \b
    Examples:
      tickety inbox
      tickety inbox --all --json
    """
    _warn()
    if every:
        _tell_all(as_json=as_json)
        return
    found = session.here()
    seen = inbox.look(session.memory_to_read(), session.principal(found, None))
    if as_json:
        printed.answer(seen.as_json())
        return
    _tell(seen, "")


def lines(item: inbox.Item) -> Iterator[str]:
    """One thing that needs somebody, and what to do about it."""
    yield f"{item.ticket_id:<14} {click.style(_HEADINGS[item.kind], bold=True)}  {text.one_line(item.title, 80)}"
    yield f"{'':<14} {text.one_line(item.text, 400)}"
    owner = f"in the hands of {text.one_line(item.owner)}, " if item.owner else ""
    if item.is_due_now:
        yield f"{'':<14} {owner}due now: the next change tells it"
    elif item.kind != "pause":
        seen = f", seen by {text.one_line(item.acknowledged_by)}" if item.acknowledged_by else ""
        yield f"{'':<14} {owner}{item.at}{seen}   {text.one_line(item.command)}"


def _warn() -> None:
    """Who is told nothing, because of what they wrote about messages, hears it here."""
    if not os.path.exists(places.own_notify(os.environ)):
        return
    from tickety.bootstrap import delivering

    if sentence := delivering.complaint(os.environ):
        click.echo(f"tickety: messages do not leave: {text.harmless(sentence)}", err=True)


def _tell(seen: inbox.Inbox, indent: str) -> None:
    for item in seen.items:
        for line in lines(item):
            click.echo(indent + line)
    if not seen.items:
        click.echo(f"{indent}nothing needs you", err=not indent)
    if seen.elsewhere:
        several = text.plural(seen.elsewhere, "escalation")
        click.echo(f"{indent}{several} in other hands: tickety escalations", err=True)


def _tell_all(*, as_json: bool) -> None:
    from tickety.bootstrap import projects

    found: list[dict[str, Any]] = []
    for project in projects.known(os.environ):
        try:
            with projects.opened(project, os.environ) as memory:
                seen = inbox.look(memory, memory.principal)
        except (errors.TicketyError, OSError) as error:
            said = error.message if isinstance(error, errors.TicketyError) else str(error)
            found.append({"project": project.folder, "error": said})
            if not as_json:
                click.echo(f"{text.one_line(project.folder)} cannot be looked at: {text.one_line(said)}", err=True)
            continue
        found.append({"project": project.folder, **seen.as_json()})
        if not as_json and (seen.items or seen.elsewhere):
            click.echo(click.style(text.one_line(project.folder), bold=True))
            _tell(seen, "  ")
    if as_json:
        printed.answer({"projects": found})
    elif not any(one.get("items") for one in found):
        click.echo(f"nothing needs you in {text.plural(len(found), 'project')}", err=True)
