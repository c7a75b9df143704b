"""Tickets, events and claims as rows, and back. Long texts are kept apart, by digest."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from tickety import store
from tickety.core import document, events, ids, ticket

LONG = 64 * 1024
_REFERENCE = "$long_text"


def from_ticket(subject: ticket.Ticket, stow: Callable[[str, str], None]) -> dict[str, Any]:
    """The row of a ticket."""
    prefix, year, number = ids.parse_id(subject.id)
    row = {
        name: getattr(subject, name)
        for name in ("uid", "id", "type", "title", "created_at", "updated_at", "waiting_for", "blocker")
    }
    row |= {"prefix": prefix, "year": year, "number": number, "rank": subject.priority.rank}
    row |= {"status": subject.status.value, "priority": subject.priority.value}
    return row | {"document": encode(document.from_ticket(subject), stow)}


def from_event(event: events.Event, stow: Callable[[str, str], None]) -> dict[str, Any]:
    """The row of an event."""
    return {**event.as_json(), "data": encode(event.data, stow)}


def to_event(row: tuple[Any, ...], fetch: Callable[[str], str]) -> events.Event:
    """The event of a row of ``select_log``."""
    seq, uid, n, kind, v, at, by, command_id, causation, attempt, data = row
    return events.Event(uid, n, kind, v, at, by, command_id, causation, attempt, decode(data, fetch), seq)


def work_of(subject: ticket.Ticket) -> list[dict[str, Any]]:
    """The steps of a ticket that can be, or are being, worked on."""
    if subject.status not in {ticket.Status.OPEN, ticket.Status.IN_PROGRESS}:
        return []
    shared = {"ticket_uid": subject.uid, "rank": subject.priority.rank, "since": subject.created_at}
    steps = enumerate(subject.orchestration.steps)
    live = ((position, step) for position, step in steps if step.state in {ticket.State.READY, ticket.State.RUNNING})
    return [{**shared, "step": step.name, "role": step.agent, "position": position} for position, step in live]


def claim_row(claim: store.Claim) -> dict[str, Any]:
    """The row of a claim."""
    return {name: getattr(claim, name) for name in ("ticket_uid", "step", "attempt", "worker", "token", "lease_until")}


def encode(value: dict[str, Any], stow: Callable[[str, str], None]) -> str:
    """JSON, with every text of more than 64 KiB put away by its digest."""
    return json.dumps(_stowed(value, stow), ensure_ascii=False, separators=(",", ":"))


def decode(text: str, fetch: Callable[[str], str]) -> dict[str, Any]:
    """What ``encode`` was given."""
    if _REFERENCE not in text:
        return dict(json.loads(text))
    return dict(json.loads(text, object_hook=lambda found: _fetched(found, fetch)))


def _stowed(value: Any, stow: Callable[[str, str], None]) -> Any:  # noqa: ANN401 - walks any JSON
    if isinstance(value, str):
        return _stowed_text(value, stow) if len(value) > LONG // 4 else value
    if isinstance(value, dict):
        return {f"${key}" if _is_mark(key) else key: _stowed(item, stow) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stowed(item, stow) for item in value]
    return value


def _stowed_text(value: str, stow: Callable[[str, str], None]) -> Any:  # noqa: ANN401 - a text, or a reference to it
    body = value.encode()
    if len(body) <= LONG:
        return value
    digest = hashlib.sha256(body).hexdigest()
    stow(digest, value)
    return {_REFERENCE: digest}


def _fetched(found: dict[str, Any], fetch: Callable[[str], str]) -> Any:  # noqa: ANN401 - a text, or any JSON object
    if set(found) == {_REFERENCE}:
        return fetch(found[_REFERENCE])
    return {key[1:] if _is_mark(key) else key: item for key, item in found.items()}


def _is_mark(key: str) -> bool:
    """The key of a reference, with any number of signs before it: one more when kept, one less when given back."""
    return key.endswith(_REFERENCE) and not key.removesuffix(_REFERENCE).strip("$")
