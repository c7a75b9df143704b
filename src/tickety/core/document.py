"""The ticket as JSON, both ways. The names are public (``tickety show ID --json``, export, an agent's snapshot)."""

from dataclasses import fields
from enum import StrEnum
from typing import Any

from tickety.core import receipt, ticket

SCHEMA = 1
UNKNOWN_USAGE = {"tokens": None, "cost_usd": None}


def from_ticket(subject: ticket.Ticket) -> dict[str, Any]:
    """The JSON of a ticket. Unknown usage is null, never 0."""
    steps = subject.orchestration.steps
    done = sum(step.state.is_over for step in steps)
    return {
        "schema": SCHEMA,
        **_plain(subject),
        "progress": {"done": done, "total": len(steps)},
    }


def to_ticket(document: dict[str, Any]) -> ticket.Ticket:
    """The ticket of a JSON that ``from_ticket`` wrote."""
    known = {name: document[name] for name in _names(ticket.Ticket)}
    known["status"] = ticket.Status(known["status"])
    known["priority"] = ticket.Priority(known["priority"])
    known["resolution"] = known["resolution"] and ticket.Resolution(known["resolution"])
    known["tags"] = tuple(known["tags"])
    known["orchestration"] = to_plan(known["orchestration"])
    known["agent_updates"] = tuple(to_update(update) for update in known["agent_updates"])
    known["questions"] = tuple(ticket.Question(**question) for question in known["questions"])
    known["comments"] = tuple(ticket.Comment(**comment) for comment in known["comments"])
    known["linked_tickets"] = tuple(_to_link(link) for link in known["linked_tickets"])
    known["escalations"] = tuple(known["escalations"])
    return ticket.Ticket(**known)


def from_plan(plan: ticket.Plan) -> dict[str, Any]:
    """The JSON of a plan."""
    return dict(_plain(plan))


def to_plan(data: dict[str, Any]) -> ticket.Plan:
    """The plan of a JSON."""
    steps = tuple(_to_step(step) for step in data["steps"])
    listed = {name: tuple(data[name]) for name in ("agents_required", "success_criteria", "phases")}
    return ticket.Plan(workflow=data["workflow"], sla=data["sla"], steps=steps, **listed)


def from_update(update: ticket.Update) -> dict[str, Any]:
    """The JSON of an agent's update."""
    return dict(_plain(update))


def to_update(data: dict[str, Any]) -> ticket.Update:
    """The update of a JSON."""
    known = {name: data[name] for name in _names(ticket.Update)}
    known["signals"] = tuple(known["signals"])
    known["receipts"] = tuple(_to_receipt(entry) for entry in known["receipts"])
    return ticket.Update(**known)


def _to_link(data: dict[str, Any]) -> ticket.Link:
    return ticket.Link(data["ticket_id"], ticket.Relationship(data["relationship"]))


def _to_step(data: dict[str, Any]) -> ticket.Step:
    known = {name: data[name] for name in _names(ticket.Step)}
    known["state"] = ticket.State(known["state"])
    for name in ("needs", "starts_with", "approved"):
        known[name] = tuple(known[name])
    known["signals"] = tuple(known["signals"])
    return ticket.Step(**known)


def _to_receipt(data: dict[str, Any]) -> receipt.Receipt:
    known = {name: data[name] for name in _names(receipt.Receipt)}
    known["command"] = tuple(known["command"])
    known["purpose"] = receipt.Purpose(known["purpose"])
    known["phase"] = receipt.Phase(known["phase"])
    known["tests"] = known["tests"] and _to_tally(known["tests"])
    return receipt.Receipt(**known)


def _to_tally(data: dict[str, Any]) -> receipt.Tally:
    return receipt.Tally(data["passed"], data["failed"], data["skipped"], tuple(data["failing"]))


def _names(kind: type) -> tuple[str, ...]:
    """The names of a class's fields; asked for so often that they are kept."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind))
    return _NAMES[kind]


def _plain(value: Any) -> Any:  # noqa: ANN401 - walks any value a ticket may hold
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind in {tuple, list}:
        return [_plain(item) for item in value]
    if kind is dict:
        return {key: item if type(item) in _AS_THEY_ARE else _plain(item) for key, item in value.items()}
    if isinstance(value, StrEnum):
        return value.value
    held = ((name, getattr(value, name)) for name in _names(kind))
    plain = {name: item if type(item) in _AS_THEY_ARE else _plain(item) for name, item in held}
    return {**plain, "usage": dict(UNKNOWN_USAGE)} if kind is ticket.Update else plain


_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})

_NAMES: dict[type, tuple[str, ...]] = {}
