"""Tickets, events and claims as rows, and back. Long texts are kept apart, by digest."""

import json
import re
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from tickety import store
from tickety.core import budget, document, errors, escalation, events, ids, queueing, record, ticket, workflow

LONG = 64 * 1024
_REFERENCE = "$long_text"
_JOINED = re.compile(r"\b\w*[a-z][A-Z]\w*")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LARGE = 1e15
_COPIED = (
    "uid", "id", "type", "title", "assignee", "reporter", "parent", "sprint", "created_at", "updated_at", "closed_at",
    "due_at", "waiting_for", "blocker",
)  # fmt: skip
_copied = attrgetter(*_COPIED)

Stow = Callable[[str, str], None]
"""Puts a long text away, by its digest."""


def from_ticket(subject: ticket.Ticket, stow: Stow) -> dict[str, Any]:
    """The row of a ticket."""
    prefix, year, number = ids.parse_id(subject.id)
    return {
        **dict(zip(_COPIED, _copied(subject), strict=True)),
        "prefix": prefix,
        "year": year,
        "number": number,
        "rank": subject.priority.rank,
        "status": subject.status.value,
        "priority": subject.priority.value,
        "resolution": subject.resolution and subject.resolution.value,
        "archived": int(subject.archived),
        "has_started": int(subject.has_started),
        "can_be_done": int(workflow.can_be_done(subject)),
        "awaits": workflow.awaits(subject),
        "stalls_from": escalation.stalls_from(subject),
        "escalated": escalation.attention(subject),
        "votes": whole_number(subject.metadata.get("user_votes")),
        "document": _document(subject, stow),
    }


def place(subject: ticket.Ticket) -> tuple[object, ...]:
    """Where a ticket stands in the indexes on its columns, but for the one on stalled tickets."""
    by = subject.status, subject.priority, subject.created_at, subject.parent
    return *by, workflow.can_be_done(subject), workflow.awaits(subject), escalation.attention(subject)


def words(subject: ticket.Ticket) -> dict[str, str]:
    """What full-text search finds a ticket by. Changing this needs the index to be rebuilt."""
    return {name: with_parts(text) for name, text in texts(subject).items()}


def texts(subject: ticket.Ticket) -> dict[str, str]:
    """The same as it was written."""
    said = (f"{update.details} {update.error or ''}" for update in subject.agent_updates)
    return {
        "title": f"{subject.title} {subject.id}",
        "description": f"{subject.description} {' '.join(subject.tags)}",
        "updates": "\n".join(said),
        "comments": "\n".join(comment.text for comment in subject.comments),
    }


def with_parts(words: str) -> str:
    """The words, and the parts of those that are several in one: who looks for "import error" means ImportError."""
    joined = dict.fromkeys(_JOINED.findall(words))
    return " ".join((words, *(_SEAM.sub(" ", word) for word in joined)))


def whole_number(value: object) -> int:
    """A number that sorts; 0 for what is none."""
    return int(value) if isinstance(value, (int, float)) and abs(value) < _LARGE else 0


def from_event(event: events.Event, stow: Stow) -> dict[str, Any]:
    """The row of an event."""
    return record.fields_of(event) | {"data": encode(event.data, stow)}


def to_event(row: tuple[Any, ...], fetch: Callable[[str], str]) -> events.Event:
    """The event of a row of ``select_log``."""
    seq, uid, n, kind, v, at, by, command_id, causation, attempt, data = row
    return events.Event(uid, n, kind, v, at, by, command_id, causation, attempt, decode(data, fetch), seq)


def work_of(subject: ticket.Ticket) -> list[dict[str, Any]]:
    """The steps of a ticket that can be, or are being, worked on."""
    live = workflow.live(subject)
    if not live:
        return []
    shared = {"ticket_uid": subject.uid, "turn": queueing.turn(subject)}
    return [
        {
            **shared,
            "step": step.name,
            "role": step.agent,
            "position": position,
            "not_before": step.not_before,
            "is_running": int(step.state is ticket.State.RUNNING),
        }
        for position, step in live
    ]


def alarms_of(subject: ticket.Ticket) -> list[dict[str, Any]]:
    """The rules that may fire for a ticket. That it is stalled is a column: it changes with every event."""
    return [
        {"ticket_uid": subject.uid, "rule": alarm.rule, "cause": alarm.cause, "anchor": alarm.anchor}
        for alarm in escalation.alarms(subject)
        if alarm.rule != "stalled"
    ]


def alarm_grounds(subject: ticket.Ticket) -> tuple[object, ...]:
    """What its alarms follow from: most events change none of it, and to reckon it is cheaper than to reckon them."""
    # Only whoever was told that it is stalled has to hear that it is not any more.
    marks = {name: mark for name, mark in subject.marks.items() if name != "stalled" or subject.escalations}
    asked = workflow.unanswered(subject)
    told = (subject.escalations, subject.questions, asked)
    return subject.is_closed, *told, subject.due_at, subject.created_at, marks


def spending_of(subject: ticket.Ticket) -> list[dict[str, Any]]:
    """What a ticket used by day, with what its running attempts may use on the day that they began."""
    by_day = subject.spent
    for step in subject.orchestration.steps:
        if step.state is ticket.State.RUNNING and step.reserved:
            by_day = budget.charged(by_day, (step.started_at or "")[:10], step.reserved)
    return [{"ticket_uid": subject.uid, "day": day, **amount} for day, amount in by_day.items()]


def claim_row(claim: store.Claim) -> dict[str, Any]:
    """The row of a claim."""
    return {name: getattr(claim, name) for name in ("ticket_uid", "step", "attempt", "worker", "token", "lease_until")}


def cursor_row(cursor: store.Cursor, before: store.Cursor | None) -> dict[str, Any]:
    """The row of a cursor, and what it was before."""
    row = {name: getattr(cursor, name) for name in ("name", "seq", "tries", "next_try")}
    return row | {f"{name}_before": getattr(before, name) for name in ("seq", "tries", "next_try") if before}


def encode(value: dict[str, Any], stow: Stow) -> str:
    """JSON, with every text of more than 64 KiB put away by its digest."""
    text = _written(value)
    return text if _has_no_long_text(text) else _written(_stowed(value, stow))


def _document(subject: ticket.Ticket, stow: Stow) -> str:
    text = _quickly_written(document.outline(subject))
    return text if _has_no_long_text(text) else encode(document.from_ticket(subject), stow)


def _quickly_written(outline: dict[str, Any]) -> str:
    """The same by msgspec, in a quarter of the time, where it is there already: to load it would take more.

    It would take NaN for null; but whatever is in a ticket was in an event before, and was written by ``_written``.
    """
    if swift := sys.modules.get("msgspec"):
        return str(swift.json.encode(outline), "utf-8")
    return _written(outline)


def _has_no_long_text(text: str) -> bool:
    """Most have none: what is short in all, and says nothing of references, is kept as it is."""
    return len(text) <= LONG // 4 and _REFERENCE not in text


def _written(value: Any) -> str:  # noqa: ANN401 - any JSON, and records in it
    try:
        return _WRITER.encode(value)
    except ValueError as error:
        raise errors.Usage("NaN and Infinity are no JSON, so they cannot be kept", "give a number, or null") from error


def decode(text: str, fetch: Callable[[str], str]) -> dict[str, Any]:
    """What ``encode`` was given."""
    if _REFERENCE not in text:
        return dict(_PLAIN.decode(text))
    return dict(json.loads(text, object_hook=lambda found: _fetched(found, fetch), parse_constant=_nothing))


def _stowed(value: Any, stow: Stow) -> Any:  # noqa: ANN401 - walks any JSON
    if isinstance(value, str):
        return _stowed_text(value, stow) if len(value) > LONG // 4 else value
    if isinstance(value, dict):
        return {f"${key}" if _is_mark(key) else key: _stowed(item, stow) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stowed(item, stow) for item in value]
    return value


def _stowed_text(value: str, stow: Stow) -> Any:  # noqa: ANN401 - a text, or a reference to it
    body = value.encode()
    if len(body) <= LONG:
        return value
    import hashlib

    digest = hashlib.sha256(body).hexdigest()
    stow(digest, value)
    return {_REFERENCE: digest}


def _fetched(found: dict[str, Any], fetch: Callable[[str], str]) -> Any:  # noqa: ANN401 - a text, or any JSON object
    if set(found) == {_REFERENCE}:
        return fetch(found[_REFERENCE])
    return {key[1:] if _is_mark(key) else key: item for key, item in found.items()}


def _nothing(constant: str) -> None:
    """A NaN or Infinity of a store that took them once."""
    del constant


def _is_mark(key: str) -> bool:
    """The key of a reference, with any number of signs before it: one more when kept, one less when given back."""
    return key.endswith(_REFERENCE) and not key.removesuffix(_REFERENCE).strip("$")


_PLAIN = json.JSONDecoder(parse_constant=_nothing)

_WRITER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False, default=document.level
)
