"""What a tidy project does not have: forgotten, late, doubled, half-closed tickets; each with the command to mend it.

The rules look at what is known of every ticket, and at the time; what is archived is left in peace.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tickety.core import progress, readiness, record, text

STALE_DAYS = 30
"""An open ticket to which nothing happened for so long is forgotten."""

ARCHIVE_DAYS = 90
"""A ticket that has been closed for so long is put out of sight."""

_NAMED = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-[0-9]{4}-[0-9]{3,9}\b")
_NOT_WORD = re.compile(r"[\W_]+")
_REPORTED = "Agent reported:"


@record.record(frozen=True, slots=True)
class Subject:
    """What the rules look at in a ticket."""

    uid: str
    id: str
    type: str
    title: str
    status: str
    assignee: str | None
    updated_at: str
    closed_at: str | None
    due_at: str
    parent: str | None
    blocker: str | None
    blocked_by: tuple[str, ...]
    archived: bool
    is_finished: bool = False

    @property
    def is_closed(self) -> bool:
        """Nothing more is to be done."""
        return self.status == "closed"


@record.record(frozen=True, slots=True)
class Finding:
    """Something untidy. ``mend`` is the move that is safe to make without asking: ``archive``, ``unblock`` or none."""

    rule: str
    id: str
    sentence: str
    command: str
    uid: str
    mend: str | None = None


@record.record(frozen=True, slots=True)
class Project:
    """Every ticket by its id, and the parts of each parent."""

    known: Mapping[str, Subject]
    children: Mapping[str, Sequence[Subject]]


Rule = Callable[[Subject, Project, datetime], Finding | None]


def subject(document: dict[str, Any]) -> Subject:
    """What the rules look at in a ticket's JSON."""
    names = (
        "uid", "id", "type", "title", "status", "assignee", "updated_at", "closed_at", "due_at", "parent", "blocker",
        "archived",
    )  # fmt: skip
    links = document["linked_tickets"]
    blocked_by = tuple(link["ticket_id"] for link in links if link["relationship"] == "blocked_by")
    plain = {name: document[name] for name in names}
    return Subject(**plain, blocked_by=blocked_by, is_finished=readiness.is_finished(document))


def survey(subjects: Iterable[Subject], now: datetime) -> tuple[Finding, ...]:
    """Everything untidy, rule by rule, then by the order of the tickets."""
    known = {one.id: one for one in subjects}
    project = Project(known, _children(known.values()))
    seen = [one for one in known.values() if not one.archived]
    found = [finding for rule in RULES for one in seen if (finding := rule(one, project, now))]
    return (*found, *_doubles(seen))


def overdue(one: Subject, project: Project, now: datetime) -> Finding | None:
    """It should have been closed by now."""
    del project
    if one.is_closed or not progress.is_overdue(one.due_at, now):
        return None
    return _found("overdue", one, progress.time_left(one.due_at, now), "why {id}")


def stale(one: Subject, project: Project, now: datetime) -> Finding | None:
    """Nothing has happened to it for a month."""
    del project
    days = progress.days_since(one.updated_at, now)
    if one.is_closed or days < STALE_DAYS:
        return None
    return _found("stale", one, f"nothing has happened for {days} days", "why {id}")


def blocker_gone(one: Subject, project: Project, now: datetime) -> Finding | None:
    """What blocks it is closed: the tickets that the blocker names, or else all that it is blocked by.

    Only the first is mended without asking, and only when no agent wrote the sentence: an agent may name any ticket.
    """
    del now
    named = tuple(name for name in _NAMED.findall(one.blocker or "") if name != one.id)
    awaited = named or one.blocked_by
    if one.status != "blocked" or not awaited or not all(_is_closed(name, project) for name in awaited):
        return None
    is_safe = bool(named) and _REPORTED not in (one.blocker or "")
    told = f"blocked, but {', '.join(dict.fromkeys(awaited))} {'is' if len(set(awaited)) == 1 else 'are'} closed"
    return _found("blocker_gone", one, told, "unblock {id}", mend="unblock" if is_safe else None)


def half_closed(one: Subject, project: Project, now: datetime) -> Finding | None:
    """A closed parent whose parts are not closed."""
    del now
    left = [child.id for child in project.children.get(one.id, ()) if not child.is_closed]
    if not one.is_closed or not left:
        return None
    return _found(
        "half_closed", one, f"closed, but {_few(left)} {'is' if len(left) == 1 else 'are'} not", "reopen {id}"
    )


def finished_epic(one: Subject, project: Project, now: datetime) -> Finding | None:
    """An epic with nothing left to do."""
    del now
    children = project.children.get(one.id, ())
    if one.type != "epic" or one.is_closed or not children or not all(child.is_closed for child in children):
        return None
    return _found("finished_epic", one, f"all {len(children)} parts of it are closed", "close {id}")


def finished(one: Subject, project: Project, now: datetime) -> Finding | None:
    """Its plan is done, and what it waited for is over: nothing is left but to close it."""
    del now
    awaited = (*(child.id for child in project.children.get(one.id, ())), *one.blocked_by)
    is_open = one.status in {"open", "in_progress"}
    if not is_open or not one.is_finished or not all(_is_closed(name, project) for name in awaited):
        return None
    return _found("finished", one, "all its steps passed", "close {id}")


def unowned(one: Subject, project: Project, now: datetime) -> Finding | None:
    """Nobody answers for it."""
    del project, now
    return None if one.is_closed or one.assignee else _found("unowned", one, "nobody owns it", "assign {id} user:NAME")


def archivable(one: Subject, project: Project, now: datetime) -> Finding | None:
    """Closed for so long that nobody misses it in a list, and no part of it is open."""
    days = progress.days_since(one.closed_at, now) if one.closed_at else 0
    if days < ARCHIVE_DAYS or half_closed(one, project, now):
        return None
    return _found("archivable", one, f"closed for {days} days", "archive {id}", mend="archive")


RULES: tuple[Rule, ...] = (overdue, blocker_gone, half_closed, finished_epic, finished, stale, unowned, archivable)


def _doubles(subjects: Iterable[Subject]) -> Iterator[Finding]:
    """Open tickets of one title, however it is spelt; the oldest is the one to keep."""
    by_title: dict[str, list[Subject]] = {}
    for one in subjects:
        if not one.is_closed:
            by_title.setdefault(_NOT_WORD.sub(" ", one.title.casefold()).strip(), []).append(one)
    for title, (first, *others) in by_title.items():
        for other in others if title else ():
            told = f"the same title as {first.id}: {text.one_line(other.title, 80)}"
            yield _found("double", other, told, f"close {{id}} --of {first.id}")


def _found(rule: str, one: Subject, sentence: str, command: str, mend: str | None = None) -> Finding:
    return Finding(rule, one.id, sentence, f"tickety {command.format(id=one.id)}", one.uid, mend)


def _children(subjects: Iterable[Subject]) -> dict[str, list[Subject]]:
    found: dict[str, list[Subject]] = {}
    for one in subjects:
        if one.parent:
            found.setdefault(one.parent, []).append(one)
    return found


def _is_closed(ticket_id: str, project: Project) -> bool:
    other = project.known.get(ticket_id)
    return other is not None and other.is_closed


def _few(ids: Sequence[str]) -> str:
    more = len(ids) - 3
    return ", ".join(ids[:3]) + (f" and {more} more" if more > 0 else "")
