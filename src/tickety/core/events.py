"""The events that a ticket is made of. Their types and fields are public; old ones are never rewritten.

ticket.opened    the whole ticket as it began: type, title, plan, who, why
ticket.edited    {"metadata": {...}}: what was added to the ticket's metadata
ticket.started   {"branch", "base", "target"}: the first attempt is about to begin
ticket.blocked   {"blocker"}        ticket.unblocked {}
ticket.closed    {"resolution"}
step.started     {"step", "agent", "worker"}: attempt ``attempt`` of the step is running
step.reported    {"step", "update"}: what the attempt said, with its receipts
step.passed      {"step", "commit", "outputs", "signals"}
step.failed      {"step", "reason"}
step.waiting     {"step", "reason"}: a person has to do something first
step.released    {"step", "reason"}: the attempt ended without a result; the step is ready again
step.retried     {"step"}: a person wants a failed or waiting step tried again
question.asked   {"id", "step", "kind", "text"}
"""

from dataclasses import dataclass, field, replace
from typing import Any

VERSION = 1

TYPES = frozenset({
    "ticket.opened", "ticket.edited", "ticket.started", "ticket.blocked", "ticket.unblocked", "ticket.closed",
    "step.started", "step.reported", "step.passed", "step.failed", "step.waiting", "step.released", "step.retried",
    "question.asked",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule wants to happen, before the store gives it a time, a number and an author."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, when, and as part of which command (the unit of undo and of idempotency)."""

    by: str
    at: str
    command_id: str


@dataclass(frozen=True, slots=True)
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
    return Event(
        ticket_uid, n, draft.type, VERSION, author.at, author.by, author.command_id, None, draft.attempt, draft.data
    )


def stored(event: Event, seq: int) -> Event:
    """The event with its place in the store's log."""
    return replace(event, seq=seq)
