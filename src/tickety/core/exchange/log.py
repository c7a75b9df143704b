"""Logs of events, as ``tickety export --events`` writes them: taken in as they are, or not at all."""

from collections.abc import Sequence
from typing import Any

from tickety.core import document, errors, events, history, ids, ticket
from tickety.core.exchange import arrival, guide, moments, naming, shape, soundness

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
    if not naming.is_uid(event.ticket_uid) or not moments.is_ours(event.at) or unknown or event.v < 1:
        raise errors.Usage("it is no event of ours: see ticket_uid, at and its fields", _HINT)
    try:
        typed(event)
    except (KeyError, TypeError, AttributeError) as error:
        raise errors.Usage(f"event {event.n} ({event.type}) does not say what it changes", _HINT) from error
    return event


def folded(log: Sequence[events.Event], before: ticket.Ticket | None, types: Sequence[str]) -> ticket.Ticket:
    """The ticket after events that follow each other without a gap; Usage where one does not."""
    subject = before
    for event in log:
        _require_next(event, subject)
        subject = _after(subject, event)
    if subject is None:
        raise errors.Usage("it holds no events", _HINT)
    soundness.require(subject, types)
    _require_numbers(subject)
    return subject


def same(known: events.Event, coming: events.Event) -> bool:
    """The same thing happened, wherever it stands in the whole log."""
    return {**known.as_json(), "seq": 0} == {**coming.as_json(), "seq": 0}


def _require_next(event: events.Event, subject: ticket.Ticket | None) -> None:
    if subject is None and event.type not in {"ticket.opened", "ticket.imported"}:
        raise errors.Usage(f"its log begins with event {event.n}, {event.type}: the beginning is missing", _HINT)
    if subject is not None and (event.n != subject.version + 1 or event.type == "ticket.opened"):
        raise errors.Usage(f"event {event.n} follows event {subject.version}: there is a gap", _HINT)


def _after(before: ticket.Ticket | None, event: events.Event) -> ticket.Ticket:
    """The ticket after an event: it has the shape of one, and is still the same."""
    try:
        subject = history.apply(before, event)
        written = document.from_ticket(subject)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise errors.Usage(f"event {event.n} ({event.type}) cannot be folded: {error!r}", _HINT) from error
    shape.built(ticket.Ticket, written, "", {})
    if subject.version != event.n or (before and before.id != subject.id):
        raise errors.Usage(f"event {event.n} ({event.type}) makes it another ticket", _HINT)
    return subject


def _require_numbers(subject: ticket.Ticket) -> None:
    """A counter that was moved to its end could give no number any more; hours are added up."""
    _, odd = arrival.sorted_out(subject.metadata)
    for name, value in odd.items():
        if not isinstance(value, (str, list, dict)):
            raise errors.Usage(f"metadata.{name} is {str(value)[:40]}, not a number of them", _HINT)
    if ids.parse_id(subject.id)[2] > arrival.HIGHEST_OF_OURS:
        raise errors.Usage(f"its id, {subject.id}, leaves no room for others", _HINT)


def typed(event: events.Event) -> frozenset[str]:
    """The commands that an event puts into a ticket's metadata as somebody's own words."""
    changes = events.upcast(event).data.get("changes", {}) if event.type in {"ticket.edited", "ticket.reverted"} else {}
    edited = {name for name in guide.COMMANDS if changes.get(f"metadata/{name}", {}).get("to")}
    opened = event.data.get("metadata", {}) if event.type == "ticket.opened" else {}
    return frozenset(edited | {name for name in guide.COMMANDS if opened.get(name)})
