"""The events that a ticket is made of. Their types and fields are public; old ones are never rewritten.

ticket.opened      the whole ticket as it began: type, title, plan, who, why
ticket.imported    {"document"}: the ticket as another tool or store knew it; its history begins, or goes on, here
ticket.edited      {"changes"}: fact -> {"from", "to"}; null where there was, or is, none (see ``core.facts``)
ticket.commented   {"id", "text", "origin"}
ticket.voted       {"votes"}: so many more people want it
ticket.linked      {"ticket_id", "relationship"}      ticket.unlinked  the same
ticket.started     {"branch", "base", "target"}: the first attempt is about to begin
ticket.blocked     {"blocker"}                        ticket.unblocked {}
ticket.closed      {"resolution"}                     ticket.reopened  {}: its plan is worked on again
ticket.archived    {}                                 ticket.unarchived {}
ticket.reverted    {"changes", "command", "order"?}: a command was taken back, or done again; facts stand as they stood
step.started       {"step", "agent", "worker"}: attempt ``attempt`` of the step is running
step.reported      {"step", "update"}: what the attempt said, with its receipts
step.passed        {"step", "commit", "outputs", "signals"}
step.failed        {"step", "reason"}
step.waiting       {"step", "reason"}: a person has to do something first
step.released      {"step", "reason"}: the attempt ended without a result; the step is ready again
step.retried       {"step"}: a person wants a failed or waiting step tried again
question.asked     {"id", "step", "kind", "text"}

An event of a version before ``VERSIONS`` is read as its later form (``upcast``).
"""

from dataclasses import field, replace
from typing import Any

from tickety.core import record

VERSIONS = dict.fromkeys((
    "ticket.opened", "ticket.imported", "ticket.edited", "ticket.commented", "ticket.voted", "ticket.linked",
    "ticket.unlinked", "ticket.started", "ticket.blocked", "ticket.unblocked", "ticket.closed", "ticket.reopened",
    "ticket.archived", "ticket.unarchived", "ticket.reverted",
    "step.started", "step.reported", "step.passed", "step.failed", "step.waiting", "step.released", "step.retried",
    "question.asked",
), 1) | {"ticket.edited": 2}  # fmt: skip
"""Every type of event that this release knows, and the version of its fields that it writes."""


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
    return event
