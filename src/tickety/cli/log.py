"""``tickety log``."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from tickety.cli import facts, named, options, printed, session
from tickety.core import events, text


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
    desk = session.memory_to_read()
    happened = desk.store.log(named.find(desk.store, typed, desk.clock.now()))
    if not as_json:
        for line in _lines(happened):
            click.echo(line)
        return
    for event in happened:
        printed.line(event.as_json())


def _lines(happened: Sequence[events.Event]) -> Iterator[str]:
    """One line an event, in columns as wide as their longest word."""
    names = [text.one_line(event.by, _NAME) for event in happened]
    wide = max(map(len, names), default=0)
    kinds = max((len(event.type) for event in happened), default=0)
    for event, name in zip(happened, names, strict=True):
        told = ", ".join(text.one_line(part, _PART) for part in _told(event))
        attempt = f" attempt {event.attempt}" if event.attempt else ""
        yield f"{event.n:>4}  {event.at}  {name:<{wide}}  {event.type:<{kinds}}  {told}{attempt}".rstrip()


def _told(event: events.Event) -> Iterator[str]:
    """What there is to say of an event beside its type."""
    data = event.data
    yield from (str(data[name]) for name in _PLAIN if data.get(name))
    if "votes" in data:
        yield text.plural(data["votes"], "vote")
    if "relationship" in data:
        yield f"{data['relationship']} {data['ticket_id']}"
    if "document" in data:
        yield from _imported(data["document"])
    if event.type in _SAID:
        yield _SAID[event.type]
    if event.causation:
        yield _AGAIN[event.causation.partition(":")[0]]
    yield from facts.in_words(data.get("changes", {}))


def _imported(document: dict[str, Any]) -> Iterator[str]:
    """Where the ticket came from, as far as it is known."""
    yield str(document["title"])
    yield str(document["status"])
    if old := (document["metadata"].get("imported") or {}).get("id"):
        yield f"before: {old}"


_NAME, _PART = 40, 90
_PLAIN = (
    "step", "agent", "words", "phase", "sentence", "title", "reason", "blocker", "resolution", "branch", "text",
    "commit", "answer",
)  # fmt: skip
_SAID = {"ticket.archived": "put out of sight", "ticket.unarchived": "back in the lists"}
_AGAIN = {"undo": "taken back", "redo": "done again"}
