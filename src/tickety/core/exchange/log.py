"""Logs of events, as ``tickety export --events`` writes them: taken in as they are, or not at all."""

from collections.abc import Sequence
from typing import Any

from tickety.core import document, errors, events, history, ticket
from tickety.core.exchange import guide, moments, naming, own, shape

_MARKS = {"seq", "ticket_uid", "n", "type", "v", "data"}
_HINT = "take the whole log: tickety export --events"


def is_event(record: dict[str, Any]) -> bool:
    """The record has the marks of an event."""
    return record.keys() >= _MARKS


def read(record: dict[str, Any]) -> events.Event:
    """The event of its JSON; Usage when it is none that this release can fold."""
    unknown: shape.Unknown = {}
    event: events.Event = shape.built(events.Event, record, "", unknown)
    if not events.is_known(event.type, event.v):
        raise errors.Usage(f"{event.type} (version {event.v}) is no event that this release knows", "upgrade tickety")
    if not naming.is_uid(event.ticket_uid) or not moments.is_ours(event.at) or unknown:
        raise errors.Usage("it is no event of ours: see ticket_uid, at and its fields", _HINT)
    return event


def folded(log: Sequence[events.Event], before: ticket.Ticket | None, types: Sequence[str]) -> ticket.Ticket:
    """The ticket after events that follow each other without a gap; Usage where one does not."""
    subject = before
    for event in log:
        _require_next(event, subject)
        try:
            subject = history.apply(subject, event)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise errors.Usage(f"event {event.n} ({event.type}) cannot be folded: {error!r}", _HINT) from error
    if subject is None:
        raise errors.Usage("it holds no events", _HINT)
    _require_sound(subject, types)
    return subject


def same(known: events.Event, coming: events.Event) -> bool:
    """The same thing happened, wherever it stands in the whole log."""
    return {**known.as_json(), "seq": 0} == {**coming.as_json(), "seq": 0}


def commands(log: Sequence[events.Event]) -> frozenset[str]:
    """Which commands in a ticket's metadata were brought by an import: these are never run."""
    brought: set[str] = set()
    for event in log:
        if event.type == "ticket.imported":
            brought = {name for name in guide.COMMANDS if name in event.data["document"]["metadata"]}
        elif event.type in {"ticket.edited", "ticket.reverted"}:
            changes = events.upcast(event).data["changes"]
            brought -= {name for name in brought if f"metadata/{name}" in changes}
    return frozenset(brought)


def _require_next(event: events.Event, subject: ticket.Ticket | None) -> None:
    if subject is None and event.type not in {"ticket.opened", "ticket.imported"}:
        raise errors.Usage(f"its log begins with event {event.n}, {event.type}: the beginning is missing", _HINT)
    if subject is not None and (event.n != subject.version + 1 or event.type == "ticket.opened"):
        raise errors.Usage(f"event {event.n} follows event {subject.version}: there is a gap", _HINT)


def _require_sound(subject: ticket.Ticket, types: Sequence[str]) -> None:
    """What the events add up to has the shape of a ticket."""
    unknown: shape.Unknown = {}
    own.require_sound(shape.built(ticket.Ticket, document.from_ticket(subject), "", unknown), types)


def typed(event: events.Event) -> frozenset[str]:
    """The commands that an event puts into a ticket's metadata as somebody's own words."""
    changes = events.upcast(event).data.get("changes", {}) if event.type in {"ticket.edited", "ticket.reverted"} else {}
    edited = {name for name in guide.COMMANDS if changes.get(f"metadata/{name}", {}).get("to")}
    opened = event.data.get("metadata", {}) if event.type == "ticket.opened" else {}
    return frozenset(edited | {name for name in guide.COMMANDS if opened.get(name)})
