"""The project in figures, and the status review that is read out to a team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tickety import store
from tickety.core import progress, query, review, statistics, times
from tickety.desk import memory, overview, search

_SHOWN = 20  # tickets under one heading of a review
_RECENT = timedelta(days=7)


def reckon(desk: memory.Memory) -> statistics.Statistics:
    """The figures of every ticket there is."""
    lives = [statistics.life(document) for document in search.documents(desk.store, query.EVERYTHING)]
    return statistics.reckon(lives, desk.clock.now())


def active(kept: store.Store) -> tuple[store.Row, ...]:
    """What the guide tracks: the tickets that are open or in progress, the most important first."""
    return kept.page(_of("active"), _SHOWN, None, whole=False).rows


def review_now(desk: memory.Memory) -> review.Review:
    """Where the project stands: what was done, what goes on, what is stuck, and what comes next."""
    now = desk.clock.now()
    seen = overview.look(desk.store, _SHOWN)
    recent = query.Query((query.Term("closed", ">=", (times.as_text(now - _RECENT),)),), sort="updated")
    late = query.Query((query.Term("is", "is", ("overdue",)),), sort="due", at=times.as_text(now))

    def left(one: dict[str, Any]) -> str:
        return progress.time_left(one["due_at"], now)

    sections = (
        _asked(desk.store, "Closed in the last 7 days", recent, lambda one: one["resolution"]),
        _asked(desk.store, "In progress", _of("in_progress"), _done),
        _seen("Blocked", seen.blocked, lambda row: row.blocker),
        _asked(desk.store, "Overdue", late, left),
        _seen("Waits for a person", seen.waiting, lambda row: row.waiting_for),
        _seen("Waits for other tickets", seen.held, lambda row: row.waiting_for),
        _asked(desk.store, "Next up", query.READY, left),
    )
    return review.Review(times.as_text(now)[:10], desk.store.count(_of("active")), sections)


def _asked(
    kept: store.Store, heading: str, wanted: query.Query, note: Callable[[dict[str, Any]], str]
) -> review.Section:
    found = kept.page(wanted, _SHOWN, None, whole=True).documents
    lines = tuple(review.Line(one["id"], one["title"], note(one)) for one in found)
    return review.Section(heading, lines, kept.count(wanted))


def _seen(heading: str, part: overview.Part, note: Callable[[store.Row], str | None]) -> review.Section:
    lines = tuple(review.Line(row.id, row.title, note(row)) for row in part.rows)
    return review.Section(heading, lines, part.total)


def _done(one: dict[str, Any]) -> str:
    return f"{one['progress']['done']} of {one['progress']['total']} done"


def _of(flag: str) -> query.Query:
    return query.Query((query.Term("is", "is", (flag,)),))
