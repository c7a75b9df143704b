"""Why a ticket can be worked on now, or cannot: what stands in its way, in the order in which it matters.

The rules look at the ticket's JSON and at the tickets that it waits for; each says one thing, or nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from tickety.core import progress, record, times

Document = dict[str, Any]


@record.record(frozen=True, slots=True)
class Awaited:
    """A ticket that is waited for, and what it waits for itself. ``relationship`` is the store's, ``child`` too."""

    id: str
    relationship: str
    status: str
    title: str
    awaits: tuple["Awaited", ...] = ()


@record.record(frozen=True, slots=True)
class Place:
    """Where a ready ticket stands in the order of work: 1 is next."""

    number: int
    total: int


@record.record(frozen=True, slots=True)
class Reason:
    """One thing that is so, and the command that goes on from it. ``tickets`` are the ids that it speaks of."""

    kind: str  # "closed" | "blocked" | "person" | "running" | "failed" | "tickets" | "ready" | "idle"
    sentence: str
    command: str
    tickets: tuple[str, ...] = ()


@record.record(frozen=True, slots=True)
class Readiness:
    """Whether a ticket can be worked on now, and why; the first reason says what to do."""

    is_ready: bool
    reasons: tuple[Reason, ...]
    due: str | None


def judge(document: Document, awaited: Sequence[Awaited], now: datetime) -> Readiness:
    """Whether a ticket can be worked on now, and why."""
    if document["status"] == "closed":
        return Readiness(is_ready=False, reasons=(_closed(document),), due=None)
    reasons = tuple(reason for rule in _RULES for reason in rule(document, now))
    reasons += tuple(_awaited(document["id"], other) for other in awaited)
    is_held = any(reason.kind in _HOLDING for reason in reasons)
    is_ready = not is_held and (not _steps(document) or any(_steps(document, "ready")) or is_finished(document))
    reasons += _going_on(document) if is_ready else ()
    return Readiness(is_ready, reasons or (_idle(document),), progress.time_left(document["due_at"], now))


def is_finished(document: Document) -> bool:
    """Every step is over, and one at least passed: as ``workflow.is_finished`` has it, of the JSON."""
    return any(_steps(document, "passed")) and len(_steps(document)) == len(_steps(document, "passed", "skipped"))


def sentence(readiness: Readiness, ticket_id: str, place: Place | None) -> str:
    """The answer in one sentence."""
    if readiness.is_ready:
        return f"{ticket_id} is ready{f', {ordinal(place.number)} of {place.total} ready tickets' if place else ''}."
    if readiness.reasons[0].kind == "running":
        return f"{ticket_id} is being worked on."
    return f"{ticket_id} is closed." if readiness.reasons[0].kind == "closed" else f"{ticket_id} is not ready."


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``11th``."""
    is_teen = number // 10 % 10 == 1
    last = number % 10
    return f"{number}{'th' if is_teen or last >= len(_ORDINALS) else _ORDINALS[last][1:]}"


_ORDINALS = ("0th", "1st", "2nd", "3rd")


def _closed(document: Document) -> Reason:
    by = f" by {document['closed_by']}" if document["closed_by"] else ""
    put_away = ", and archived" if document["archived"] else ""
    ended = f"it is closed, {document['resolution']},{by} at {document['closed_at']}{put_away}"
    return Reason("closed", ended, f"tickety reopen {document['id']}")


def _blocked(document: Document, now: datetime) -> Iterator[Reason]:
    del now
    if document["status"] == "blocked":
        again = "retry" if any(_steps(document, "failed")) else "unblock"
        yield Reason("blocked", f"it is blocked: {document['blocker']}", f"tickety {again} {document['id']}")


def _person(document: Document, now: datetime) -> Iterator[Reason]:
    """A question that nobody has answered, or a step that waits for a person without one."""
    del now
    again = f"tickety retry {document['id']}"
    waiting = {step["name"] for step in _steps(document, "waiting")}
    unanswered = (question for question in document["questions"] if question["answer"] is None)
    # A question outlives its step where the plan is begun anew: then it holds nothing any more.
    asked = [question for question in unanswered if question["step"] in waiting or question.get("steps")]
    for question in asked:
        is_approval = question["kind"] == "approval"
        what = "an approval" if is_approval else "an answer"
        command = f"tickety approve {document['id']} {question['id']}" if is_approval else again
        yield Reason("person", f"it waits for {what} to {question['step']}: {question['text']}", command)
    for step in _steps(document, "waiting"):
        if step["name"] not in {question["step"] for question in asked}:
            yield Reason("person", f"{step['name']} waits for a person: {step['reason']}", again)


def _running(document: Document, now: datetime) -> Iterator[Reason]:
    for step in _steps(document, "running"):
        who = f"{step['agent']} is at work on {step['name']}, attempt {step['attempt']} ({step['claimed_by']})"
        until = step.get("lease_until")
        if until is None or until < times.as_text(now):
            gone = f"{who}, but has not been heard of since {until or step['started_at']}"
            yield Reason("running", gone, f"tickety run {document['id']}")
        else:
            yield Reason("running", f"{who}, until {until} unless that is renewed", f"tickety log {document['id']}")


def _failed(document: Document, now: datetime) -> Iterator[Reason]:
    del now
    for step in _steps(document, "failed"):
        yield Reason("failed", f"{step['name']} failed: {step['reason']}", f"tickety retry {document['id']}")


_RULES: tuple[Callable[[Document, datetime], Iterator[Reason]], ...] = (_blocked, _person, _running, _failed)
_HOLDING = frozenset({"blocked", "person", "tickets"})
_WAITS = {
    "blocked_by": "{id} is closed",
    "starts_with": "{id} has started",
    "child": "its part {id} is closed",
}


def _awaited(ticket_id: str, other: Awaited) -> Reason:
    until = _WAITS[other.relationship].format(id=other.id)
    further = ", ".join(further.id for further in other.awaits)
    itself = f"; {other.id} itself waits for {further}" if further else ""
    command = f"tickety why {other.id}" if further or other.status == "blocked" else f"tickety run {other.id}"
    told = f"it waits until {until} ({other.status.replace('_', ' ')}: {other.title}){itself}"
    ids = (other.id, *(further.id for further in other.awaits))
    return Reason("tickets", told, command if other.id != ticket_id else f"tickety show {ticket_id}", ids)


def _going_on(document: Document) -> tuple[Reason, ...]:
    ready = [f"{step['name']} ({step['agent']})" for step in _steps(document, "ready")]
    if ready:
        return (Reason("ready", f"{' and '.join(ready)} can be worked on", f"tickety run {document['id']}"),)
    if is_finished(document):
        return (Reason("ready", "all its steps passed: it only has to be closed", f"tickety close {document['id']}"),)
    children = document["progress"]["total"]
    over = f"all {children} parts of it are closed" if children else "it has no steps and no parts of its own"
    return (Reason("ready", over, f"tickety {'close' if children else 'show'} {document['id']}"),)


def _idle(document: Document) -> Reason:
    return Reason("idle", "none of its steps can begin", f"tickety show {document['id']}")


def _steps(document: Document, *states: str) -> list[Document]:
    steps: list[Document] = document["orchestration"]["steps"]
    return [step for step in steps if not states or step["state"] in states]
