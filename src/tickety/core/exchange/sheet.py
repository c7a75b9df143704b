"""One ticket as another tool wrote it down, in our words as far as there are words for it."""

from dataclasses import field
from typing import Any

from tickety.core import record, ticket

Tie = tuple[ticket.Relationship, str]
"""How it is tied to another ticket, and what that one is called over there."""


@record.record(frozen=True, slots=True)
class Sheet:
    """What a dialect understood. ``kept`` is what it did not: it stays with the ticket as it is.

    ``ref`` is the id over there, ``names`` what others call it besides. Words are in no shape yet: the type, status,
    priority and resolution are looked up later, and a word that nobody knows is kept.
    """

    ref: str = ""
    names: tuple[str, ...] = ()
    url: str = ""
    uid: str = ""
    title: str = ""
    description: str = ""
    type: object = None
    status: object = None
    priority: object = None
    resolution: object = None
    tags: tuple[str, ...] = ()
    assignee: str | None = None
    reporter: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    closed_at: str | None = None
    closed_by: str | None = None
    due_at: str | None = None
    sprint: str | None = None
    blocker: str | None = None
    parent: str | None = None
    archived: bool = False
    ties: tuple[Tie, ...] = ()
    plan: ticket.Plan | None = None
    sla: str | None = None
    success_criteria: tuple[str, ...] = ()
    updates: tuple[ticket.Update, ...] = ()
    comments: tuple[ticket.Comment, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
