"""Our own documents, as ``tickety export`` and ``tickety show --json`` write them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import document, errors, ticket, workflow
from tickety.core.exchange import arrival, moments, naming, shape

_BRANCH = re.compile(r"tickety/[A-Za-z0-9][A-Za-z0-9-]{0,120}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TARGET = re.compile(r"(?!.*(?:\.\.|//|\.lock$|/$))[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}")
_PRINCIPAL = re.compile(r"(?:user|agent|system):\S.*")
_HIGHEST_VERSION = 1_000_000_000


def is_ours(record: dict[str, Any]) -> bool:
    """The record has the marks of a document of ours."""
    return {"schema", "uid", "version", "orchestration"} <= record.keys()


def read(record: dict[str, Any], place: str, types: Sequence[str]) -> arrival.Arrival:
    """The ticket of a document; Usage, naming the field, when it is not as we write it."""
    schema = record.get("schema", document.SCHEMA)
    if type(schema) is not int or schema > document.SCHEMA:
        raise errors.Usage(f"it has schema {schema!r}, this release reads {document.SCHEMA}", "upgrade tickety")
    unknown: shape.Unknown = {}
    subject: ticket.Ticket = shape.built(ticket.Ticket, record, "", unknown)
    require_sound(subject, types)
    subject, notes = _without_places(replace(subject, waiting_for=_waiting_for(subject)))
    if unknown:
        subject = replace(subject, metadata=arrival.keeping(subject.metadata, **unknown))
        notes = (*notes, f"kept as imported: {', '.join(unknown)}")
    ties = tuple((link.relationship, link.ticket_id) for link in subject.linked_tickets)
    bare = replace(subject, linked_tickets=(), parent=None)
    return arrival.Arrival(place, subject.id, bare, ties=ties, parent=subject.parent, is_whole=True, notes=notes)


def require_sound(subject: ticket.Ticket, types: Sequence[str]) -> None:
    """Refuses a ticket that could not have been made here: its ids, times, principals and plan."""
    _require(naming.is_uid(subject.uid), "uid", subject.uid, "a UUID")
    _require(arrival.id_parts(subject.id) is not None, "id", subject.id, "a ticket's id")
    _require(1 <= subject.version <= _HIGHEST_VERSION, "version", subject.version, "a version")
    _require(bool(subject.title.strip()), "title", subject.title, "a title")
    _require(subject.type in types, "type", subject.type, f"one of {', '.join(types)}")
    for name in ("created_at", "updated_at", "due_at", "closed_at"):
        value = getattr(subject, name)
        _require((value is None and name == "closed_at") or moments.is_ours(value or ""), name, value, "a time in UTC")
    for name in ("reporter", "assignee", "closed_by"):
        value = getattr(subject, name)
        _require(
            value is None or bool(_PRINCIPAL.fullmatch(value)), name, value, "user:NAME, agent:ROLE or system:RULE"
        )
    is_closed = subject.is_closed
    _require(is_closed == (subject.resolution is not None), "resolution", subject.resolution, "what its status says")
    _require_plan(subject.orchestration)


def _require_plan(plan: ticket.Plan) -> None:
    """Names come once, and every step can be reached."""
    names = [step.name for step in plan.steps]
    _require(len(set(names)) == len(names), "orchestration.steps", names, "steps that have different names")
    reached: set[str] = set()
    for _ in names:
        reached |= {step.name for step in plan.steps if reached.issuperset(step.needs)}
    _require(reached == set(names), "orchestration.steps", names, "steps that can all be reached")
    for step in plan.steps:
        if step.state in {ticket.State.READY, ticket.State.RUNNING}:
            workflow.verifies(step)


def _require(holds: bool, name: str, value: object, wanted: str) -> None:  # noqa: FBT001 - what must hold comes first
    if not holds:
        raise errors.Usage(f"{name} is {str(value)[:80]!r}, not {wanted}", "mend it, or import it with --from guide")


def _without_places(subject: ticket.Ticket) -> tuple[ticket.Ticket, tuple[str, ...]]:
    """The ticket without places in git that are not of Tickety's making: what they name would be moved or read."""
    is_sound = (
        (subject.branch is None or _BRANCH.fullmatch(subject.branch))
        and (subject.base is None or _COMMIT.fullmatch(subject.base))
        and (subject.target is None or _TARGET.fullmatch(subject.target))
    )
    if is_sound:
        return subject, ()
    places = {name: getattr(subject, name) for name in ("branch", "base", "target")}
    metadata = arrival.keeping(subject.metadata, **places)
    bare = replace(subject, branch=None, base=None, target=None, metadata=metadata)
    return bare, ("kept as imported: branch, base, target, which are not of Tickety's making",)


def _waiting_for(subject: ticket.Ticket) -> str | None:
    """What the ticket itself waits for; what it says of other tickets follows from them, here too."""
    step = workflow.first_unfinished(subject.orchestration, ticket.State.WAITING)
    return step.reason if step and not subject.is_closed else None
