"""The events that a ticket is made of. Their types and fields are public; old ones are never rewritten.

ticket.opened      the whole ticket as it began: type, title, plan, who, why
ticket.imported    {"document"}: the ticket as another tool or store knew it; its history begins, or goes on, here
ticket.edited      {"changes"}: fact -> {"from", "to"}; null where there was, or is, none (see ``core.facts``)
ticket.commented   {"id", "text", "origin"}
ticket.voted       {"votes"}: so many more people want it
ticket.linked      {"ticket_id", "relationship"}
ticket.unlinked    {"ticket_id", "relationship"}
ticket.started     {"branch", "base", "target"}: the first attempt is about to begin
ticket.blocked     {"blocker"}
ticket.unblocked   {}
ticket.closed      {"resolution"}
ticket.reopened    {}: its plan is worked on again
ticket.archived    {}
ticket.unarchived  {}
ticket.reverted    {"changes", "command", "order"?}: a command was taken back, or done again; facts stand as they stood
ticket.paused      {"reason"}: nothing more of it begins
ticket.resumed     {}
plan.proposed      {"id", "step", "steps", "fault"?}: a report wants further steps; policy decides, or a person.
                   ``fault``: why they make no plan; then they are told, and that is all
plan.changed       {"orchestration", "reason", "proposal"}: a new version of the plan, for the steps that have not begun
step.alerted       {"step", "agent", "words"}: an agent is told early that its step will come
step.started       {"step", "agent", "worker", "reserved"}: attempt ``attempt`` of the step is running
step.reported      {"step", "update"}: what the attempt said, with its receipts
step.passed        {"step", "commit", "outputs", "signals"}
step.failed        {"step", "reason"}
step.waiting       {"step", "reason"}: a person has to do something first
step.released      {"step", "reason", "cause", "not_before"}: the attempt ended without a result; the step is ready
                   again, from ``not_before`` on. ``cause`` is one of ``CAUSES``
step.deferred      {"step", "reason", "not_before"}: a ready step has to wait, for a budget of another day for instance
step.reworked      {"step", "judge", "reason", "alone"?}: a judge sent it back; it is ready again, and what follows it
                   pending. ``alone``: a judge has to judge again, since what it saw has changed; the others stay
step.retried       {"step"}: a person wants a failed or waiting step tried again
step.cancelled     {"step", "reason"}: nobody does it any more
progress.reached   {"percent", "done", "total"}
phase.done         {"phase"}: each told once
question.asked     {"id", "step", "kind", "text"}
question.answered  {"id", "answer", "due_at"}: ``due_at`` when the time that was waited is not counted
escalation.raised  {"id", "rule", "cause", "owner", "sentence"}: each cause once
escalation.acknowledged {"id"}
escalation.resolved {"id"}: its cause is gone

An event of a version before ``VERSIONS`` is read as its later form (``upcast``).
"""

from dataclasses import field
from typing import Any

from tickety.core import record
from tickety.core.record import replace

VERSIONS = dict.fromkeys((
    "ticket.opened", "ticket.imported", "ticket.edited", "ticket.commented", "ticket.voted", "ticket.linked",
    "ticket.unlinked", "ticket.started", "ticket.blocked", "ticket.unblocked", "ticket.closed", "ticket.reopened",
    "ticket.archived", "ticket.unarchived", "ticket.reverted",
    "ticket.paused", "ticket.resumed", "plan.proposed", "plan.changed",
    "step.alerted", "step.started", "step.reported", "step.passed", "step.failed", "step.waiting", "step.released",
    "step.deferred", "step.reworked", "step.retried", "step.cancelled", "progress.reached", "phase.done",
    "question.asked", "question.answered", "escalation.raised", "escalation.acknowledged", "escalation.resolved",
), 1) | {"ticket.edited": 2, "step.started": 2, "step.released": 2}  # fmt: skip
"""Every type of event that this release knows, and the version of its fields that it writes."""

CAUSES = ("interrupted", "lost", "broke", "limited", "conflict", "paused", "released", "reworked", "changed")
"""Why an attempt can end without a result."""


@record.record(frozen=True, slots=True)
class Draft:
    """What a rule wants to happen, before the store gives it a time, a number and an author."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    attempt: int | None = None


@record.record(frozen=True, slots=True)
class Author:
    """Who changes something, when, and as part of which command (the unit of undo and of idempotency).

    ``causation`` says what the command follows from: ``undo:COMMAND`` or ``redo:COMMAND``, or nothing.
    """

    by: str
    at: str
    command_id: str
    causation: str | None = None


@record.record(frozen=True, slots=True)
class Event:
    """One thing that happened to one ticket. ``n`` is gapless per ticket and orders it; the clock never does.

    ``seq`` is the place in the store's whole log; 0 until it is stored.
    """

    ticket_uid: str
    n: int
    type: str
    v: int
    at: str
    by: str
    command_id: str
    causation: str | None
    attempt: int | None
    data: dict[str, Any]
    seq: int = 0

    def as_json(self) -> dict[str, Any]:
        """The event's public form."""
        names = ("seq", "ticket_uid", "n", "type", "v", "at", "by", "command_id", "causation", "attempt", "data")
        return {name: getattr(self, name) for name in names}


def stamp(draft: Draft, author: Author, ticket_uid: str, n: int) -> Event:
    """The event that a draft becomes."""
    who = (author.at, author.by, author.command_id, author.causation)
    return Event(ticket_uid, n, draft.type, VERSIONS[draft.type], *who, draft.attempt, draft.data)


def noted(metadata: dict[str, Any]) -> Draft:
    """The edit that puts something new into a ticket's metadata."""
    return Draft(
        "ticket.edited",
        {"changes": {f"metadata/{name}": {"from": None, "to": value} for name, value in metadata.items()}},
    )


def first_n(draft: Draft) -> int:
    """The number of a ticket's first event: an imported ticket keeps its version, its history began elsewhere."""
    return int(draft.data["document"]["version"]) if draft.type == "ticket.imported" else 1


def stored(event: Event, seq: int) -> Event:
    """The event with its place in the store's log."""
    return replace(event, seq=seq)


def is_known(kind: str, version: int) -> bool:
    """This release can fold an event of that type and version."""
    return version <= VERSIONS.get(kind, 0)


def upcast(event: Event) -> Event:
    """The event as this release writes it; the stored one stays as it was."""
    if event.type == "ticket.edited" and event.v == 1:
        added = {f"metadata/{name}": {"from": None, "to": value} for name, value in event.data["metadata"].items()}
        return replace(event, v=2, data={"changes": added})
    if event.v == 1 and event.type in _ADDED_IN_2:
        return replace(event, v=2, data={**_ADDED_IN_2[event.type], **event.data})
    return event


_ADDED_IN_2: dict[str, dict[str, Any]] = {
    "step.started": {"reserved": None},
    "step.released": {"cause": "interrupted", "not_before": None},
}
