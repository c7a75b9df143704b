"""``tickety log``."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from tickety.cli import options, session
from tickety.core import events, text
from tickety.desk import search


@click.command("log", short_help="Show everything that happened to a ticket.")
@options.ticket_id
@options.as_json
def command(typed: str, as_json: bool) -> None:
    """Show everything that happened to a ticket, in order.

    \b
    Examples:
      tickety log BUG-2026-001
      tickety log 1 --json | jq -r .type
    """
    kept = session.store(session.here())
    happened = kept.log(search.find(kept, typed, datetime.now(UTC)))
    kept.close()
    for event in happened:
        click.echo(json.dumps({"schema": 1, **event.as_json()}, ensure_ascii=False) if as_json else _line(event))


def _line(event: events.Event) -> str:
    told = [str(event.data[name]) for name in _TOLD if event.data.get(name)]
    told += [_change(fact, change) for fact, change in event.data.get("changes", {}).items()]
    subject = ", ".join(text.one_line(part, 90) for part in told)
    attempt = f" attempt {event.attempt}" if event.attempt else ""
    return f"{event.n:>4}  {event.at}  {text.one_line(event.by, 24):<14} {event.type:<16} {subject}{attempt}"


def _change(fact: str, change: dict[str, Any]) -> str:
    """What became of a fact; a value that is no short text is left out."""
    old, new = (
        value if isinstance(value, (str, int)) and len(str(value)) <= _SHORT else "…" for value in change.values()
    )
    name = fact.replace("/", " ")
    if change["from"] is None:
        return f"{name} = {new}"
    return f"no {name}" if change["to"] is None else f"{name}: {old} -> {new}"


_SHORT = 40
_TOLD = ("step", "agent", "title", "reason", "blocker", "resolution", "branch", "text", "commit")
