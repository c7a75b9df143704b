"""The ticket as JSON, both ways. The names are public (``tickety show ID --json``, export, an agent's snapshot)."""

from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any

from tickety.core import receipt, record, ticket

SCHEMA = 1


def from_ticket(subject: ticket.Ticket) -> dict[str, Any]:
    """The JSON of a ticket. Unknown usage is null, never 0."""
    return dict(_plain(outline(subject)))


def outline(subject: ticket.Ticket) -> dict[str, Any]:
    """The same, with the records in it as they are: who writes them asks ``level`` what each is."""
    steps = subject.orchestration.steps
    done = sum(step.state.is_over for step in steps)
    return {"schema": SCHEMA, **level(subject), "progress": {"done": done, "total": len(steps)}}


def level(value: object) -> dict[str, Any]:
    """The JSON of any record of a ticket, with the records in it as they are; TypeError for what is none."""
    if not hasattr(type(value), "__dataclass_fields__"):
        raise TypeError(f"{type(value).__name__} is no JSON")
    return record.fields_of(value)


def to_ticket(document: dict[str, Any]) -> ticket.Ticket:
    """The ticket of a JSON that ``from_ticket`` wrote, in this release or an earlier one."""
    known = _known(ticket.Ticket, document)
    known["status"] = ticket.Status(known["status"])
    known["priority"] = ticket.Priority(known["priority"])
    known["resolution"] = known["resolution"] and ticket.Resolution(known["resolution"])
    known["tags"] = tuple(known["tags"])
    known["orchestration"] = to_plan(known["orchestration"])
    known["agent_updates"] = tuple(to_update(update) for update in known["agent_updates"])
    known["questions"] = tuple(_to_question(question) for question in known["questions"])
    known["comments"] = tuple(ticket.Comment(**comment) for comment in known["comments"])
    known["linked_tickets"] = tuple(_to_link(link) for link in known["linked_tickets"])
    known["escalations"] = tuple(ticket.Escalation(**escalation) for escalation in known["escalations"])
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
    known = _known(ticket.Update, data)
    known["signals"] = tuple(known["signals"])
    known["receipts"] = tuple(_to_receipt(entry) for entry in known["receipts"])
    return ticket.Update(**known)


def _to_link(data: dict[str, Any]) -> ticket.Link:
    return ticket.Link(data["ticket_id"], ticket.Relationship(data["relationship"]))


def _to_question(data: dict[str, Any]) -> ticket.Question:
    return ticket.Question(**{**data, "steps": tuple(data.get("steps", ()))})


def _to_step(data: dict[str, Any]) -> ticket.Step:
    known = _known(ticket.Step, data)
    known["state"] = ticket.State(known["state"])
    for name in ("needs", "starts_with", "approved", "signals"):
        known[name] = tuple(known[name])
    known["receipts"] = tuple(tuple(argv) for argv in known.get("receipts", ()))
    return ticket.Step(**known)


def _to_receipt(data: dict[str, Any]) -> receipt.Receipt:
    known = _known(receipt.Receipt, data)
    known["command"] = tuple(known["command"])
    known["purpose"] = receipt.Purpose(known["purpose"])
    known["phase"] = receipt.Phase(known["phase"])
    known["tests"] = known["tests"] and _to_tally(known["tests"])
    return receipt.Receipt(**known)


def _to_tally(data: dict[str, Any]) -> receipt.Tally:
    return receipt.Tally(data["passed"], data["failed"], data["skipped"], tuple(data["failing"]))


def _known(kind: type, data: dict[str, Any]) -> dict[str, Any]:
    """What a JSON says of a class's fields; an older release's may lack one that has a default."""
    return {name: data[name] for name in _names(kind) if name in data or name in _REQUIRED[kind]}


def _names(kind: type) -> tuple[str, ...]:
    """The names of a class's fields; asked for so often that they are kept."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind))
        is_optional = {
            field.name: (field.default, field.default_factory) != (MISSING, MISSING) for field in fields(kind)
        }
        _REQUIRED[kind] = frozenset(name for name in _NAMES[kind] if not is_optional[name])
    return _NAMES[kind]


def _plain(value: Any) -> Any:  # noqa: ANN401 - walks any value a ticket may hold
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind in {tuple, list}:
        return [_plain(item) for item in value]
    if kind is dict:
        return {key: item if type(item) in _AS_THEY_ARE else _plain(item) for key, item in value.items()}
    return value.value if isinstance(value, StrEnum) else _plain(level(value))


_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})

_NAMES: dict[type, tuple[str, ...]] = {}
_REQUIRED: dict[type, frozenset[str]] = {}
