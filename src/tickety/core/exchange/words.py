"""What other tools call things, and what we call them. A word that is in no table is open, medium, a task."""

import re

from tickety.core import dependency, ticket

_NOT_WORD = re.compile(r"[^a-z0-9]+")

TYPES = {
    "bug": "bug", "defect": "bug", "fault": "bug", "incident": "bug", "regression": "bug", "bug_fix": "bug",
    "feature": "feature", "enhancement": "feature", "story": "feature", "user_story": "feature",
    "improvement": "feature", "feature_request": "feature",
    "doc": "doc", "docs": "doc", "documentation": "doc",
    "qa": "qa", "test": "qa", "tests": "qa", "testing": "qa",
    "security": "security", "vulnerability": "security",
    "performance": "performance", "perf": "performance",
    "task": "task", "chore": "task", "issue": "task", "refactoring": "task", "maintenance": "task", "question": "task",
    "epic": "epic", "initiative": "epic", "milestone": "epic",
}  # fmt: skip

PREFIXES = {
    "BUG": "bug", "FEAT": "feature", "DOC": "doc", "QA": "qa", "SEC": "security", "PERF": "performance",
    "TASK": "task", "TSK": "task", "ISS": "task", "PR": "task", "EPIC": "epic", "EP": "epic",
}  # fmt: skip
"""What the beginning of an id says of the type."""

STATUSES = {
    "open": "open", "new": "open", "todo": "open", "to_do": "open", "backlog": "open", "draft": "open", "ready": "open",
    "planning": "open", "pinned": "open", "deferred": "open", "triage": "open", "opened": "open",
    "in_progress": "in_progress", "doing": "in_progress", "active": "in_progress", "started": "in_progress",
    "testing": "in_progress", "in_review": "in_progress", "review": "in_progress", "ready_for_review": "in_progress",
    "changes_requested": "in_progress", "approved": "in_progress", "reopened": "in_progress",
    "escalated": "in_progress", "hooked": "in_progress", "wip": "in_progress",
    "blocked": "blocked", "on_hold": "blocked", "waiting": "blocked", "pending": "blocked", "paused": "blocked",
    "closed": "closed", "done": "closed", "completed": "closed", "complete": "closed", "resolved": "closed",
    "fixed": "closed", "merged": "closed", "finished": "closed", "verified": "closed", "archived": "closed",
    "cancelled": "closed", "canceled": "closed", "wont_fix": "closed", "wontfix": "closed", "rejected": "closed",
    "duplicate": "closed", "tombstone": "closed", "abandoned": "closed",
}  # fmt: skip

RESOLUTIONS = {
    "fixed": "fixed", "resolved": "fixed", "workaround": "fixed",
    "done": "done", "completed": "done", "complete": "done", "delivered": "done", "implemented": "done",
    "documented": "done", "configured": "done", "merged": "done", "finished": "done", "verified": "done",
    "wont_fix": "wont_fix", "wontfix": "wont_fix", "won_t_fix": "wont_fix", "not_planned": "wont_fix",
    "works_as_designed": "wont_fix", "out_of_scope": "wont_fix", "rejected": "wont_fix", "invalid": "wont_fix",
    "duplicate": "duplicate",
    "cannot_reproduce": "cannot_reproduce", "user_error": "cannot_reproduce", "no_response": "cannot_reproduce",
    "cancelled": "cancelled", "canceled": "cancelled", "abandoned": "cancelled", "incomplete": "cancelled",
    "timeout": "cancelled", "moved": "cancelled", "deferred": "cancelled", "tombstone": "cancelled",
}  # fmt: skip

PRIORITIES = {
    "critical": "critical", "urgent": "critical", "blocker": "critical", "highest": "critical", "p0": "critical",
    "emergency": "critical", "0": "critical",
    "high": "high", "major": "high", "important": "high", "p1": "high", "1": "high",
    "medium": "medium", "normal": "medium", "moderate": "medium", "default": "medium", "p2": "medium", "2": "medium",
    "low": "low", "minor": "low", "trivial": "low", "lowest": "low", "backlog": "low", "p3": "low", "p4": "low",
    "3": "low", "4": "low",
}  # fmt: skip


def plain(word: object) -> str:
    """A word as the tables have it: ``Won't fix`` is ``won_t_fix``; empty for what is no word."""
    if isinstance(word, bool) or not isinstance(word, (str, int)):
        return ""
    return _NOT_WORD.sub("_", str(word).lower()).strip("_")


def type_of(word: object, ref: str = "") -> str | None:
    """The type that a word, else the beginning of an id, means."""
    return TYPES.get(plain(word)) or PREFIXES.get(ref.partition("-")[0].upper())


def status_of(word: object) -> ticket.Status | None:
    """The status that a word means."""
    found = STATUSES.get(plain(word))
    return ticket.Status(found) if found else None


def resolution_of(word: object) -> ticket.Resolution | None:
    """The resolution that a word means; the words of a status that ends a ticket are understood too."""
    found = RESOLUTIONS.get(plain(word))
    return ticket.Resolution(found) if found else None


def priority_of(word: object) -> ticket.Priority | None:
    """The priority that a word or a number means: ``P1`` and 1 are high; ``priority: high`` is, too."""
    known = plain(word)
    found = PRIORITIES.get(known) or PRIORITIES.get(known.removeprefix("priority_"))
    return ticket.Priority(found) if found else None


def relationship_of(word: object) -> ticket.Relationship | None:
    """The relationship that a word means."""
    return dependency.named(plain(word))
