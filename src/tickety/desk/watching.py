"""Following tickets as they get on, by a cursor on the log: what is new, where they stand, and whether all is quiet."""

from collections.abc import Sequence
from typing import Any

from tickety import store
from tickety.core import errors, events, query, record, ticket, times, workflow
from tickety.desk import memory

SOON = 120.0
"""Seconds ahead of a moment that somebody waits for: until then it is not quiet."""

MOST = 20
"""Tickets that are shown where none was named."""

_AT_ONCE = 200
_ACTIVE = query.Query((query.Term("is", "is", ("in_progress",)),), sort="priority")


@record.record(frozen=True, slots=True)
class News:
    """What happened since the last look, to the tickets that are watched, and the place to go on from."""

    events: tuple[events.Event, ...]
    cursor: int


def begin(desk: memory.Memory) -> int:
    """The place of the log to watch from: its end."""
    return desk.store.end()


def look(desk: memory.Memory, uids: Sequence[str], cursor: int) -> News:
    """What happened after a place of the log, to some tickets, or to all where none is named.

    Nothing is only said of the whole log: what happened to others is passed over, however much it is.
    """
    while found := desk.store.since(cursor, _AT_ONCE):
        cursor = found[-1].seq
        if watched := tuple(event for event in found if not uids or event.ticket_uid in uids):
            return News(watched, cursor)
    return News((), cursor)


def scene(desk: memory.Memory, uids: Sequence[str]) -> list[dict[str, Any]]:
    """The tickets that are watched, as they stand: their JSON. Without names those that are being worked on."""
    if uids:
        return [desk.store.document(uid) for uid in uids]
    return list(desk.store.page(_ACTIVE, MOST, None, whole=True).documents)


def is_quiet(desk: memory.Memory, uids: Sequence[str]) -> bool:
    """Nothing runs, nothing is ready, and nothing of it is tried again soon."""
    return not any(_goes_on(desk, uid) for uid in (uids or (None,)))


def is_over(desk: memory.Memory, uids: Sequence[str]) -> bool:
    """All the tickets that were named are closed."""
    return bool(uids) and all(desk.store.load(uid).is_closed for uid in uids)


def exit_code(subjects: Sequence[ticket.Ticket]) -> int:
    """As a run of them would end: 1 when one is blocked, 5 when one waits for a person, else 0."""
    if any(subject.status is ticket.Status.BLOCKED for subject in subjects):
        return errors.Failed.exit_code
    is_yours = any(workflow.awaits(subject) in {"person", "pause"} for subject in subjects)
    return errors.Waits.exit_code if is_yours else 0


def _goes_on(desk: memory.Memory, uid: str | None) -> bool:
    now = times.as_text(desk.clock.now())
    if desk.store.running(uid) or desk.store.ready(store.Wanted(now, 1, uid=uid)):
        return True
    moment = desk.store.next_moment(now, uid)
    return moment is not None and (times.as_moment(moment) - desk.clock.now()).total_seconds() <= SOON
