"""Figures about tickets: how many, how fast, how late. Pure over what each ticket tells of its life."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tickety.core import progress, record, times

WEEKS = 8


@record.record(frozen=True, slots=True)
class Life:
    """What is counted of a ticket."""

    id: str
    title: str
    type: str
    status: str
    priority: str
    created_at: str
    closed_at: str | None
    due_at: str
    votes: int


@record.record(frozen=True, slots=True)
class Week:
    """The seven days from a Monday on: how many tickets were opened, and how many of all closed."""

    begins: str
    opened: int
    closed: int


@record.record(frozen=True, slots=True)
class Statistics:
    """The figures of a project. Hours to close are None where nothing is closed."""

    total: int
    by_status: dict[str, int]
    by_type: dict[str, int]
    by_priority: dict[str, int]
    weeks: tuple[Week, ...]
    median_hours_to_close: float | None
    slow_hours_to_close: float | None  # nine of ten are closed within it
    overdue: int
    oldest_open: Life | None
    votes: int


def life(document: dict[str, Any]) -> Life:
    """What is counted of a ticket's JSON."""
    names = ("id", "title", "type", "status", "priority", "created_at", "closed_at", "due_at")
    votes = document["metadata"].get("user_votes")
    return Life(**{name: document[name] for name in names}, votes=votes if isinstance(votes, int) else 0)


def reckon(lives: Sequence[Life], now: datetime) -> Statistics:
    """The figures of some tickets."""
    unfinished = [one for one in lives if one.status != "closed"]
    hours = sorted(_hours(one.created_at, one.closed_at) for one in lives if one.closed_at)
    return Statistics(
        total=len(lives),
        by_status=_counted(one.status for one in lives),
        by_type=_counted(one.type for one in unfinished),
        by_priority=_counted(one.priority for one in unfinished),
        weeks=_weeks(lives, now),
        median_hours_to_close=percentile(hours, 50),
        slow_hours_to_close=percentile(hours, 90),
        overdue=sum(progress.is_overdue(one.due_at, now) for one in unfinished),
        oldest_open=min(unfinished, key=lambda one: (one.created_at, one.id), default=None),
        votes=sum(one.votes for one in unfinished),
    )


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest value that so many percent of the values do not exceed (nearest rank); None of no values."""
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def _counted(names: Iterable[str]) -> dict[str, int]:
    """The names by how often they come, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda entry: (-entry[1], entry[0])))


def _hours(begun: str, ended: str) -> float:
    """How long something took; what another tool says was closed before it was opened took no time."""
    return max(0.0, _exact_hours(begun, ended))


def _exact_hours(begun: str, ended: str) -> float:
    return round((times.as_moment(ended) - times.as_moment(begun)).total_seconds() / 3600, 2)


def _weeks(lives: Sequence[Life], now: datetime) -> tuple[Week, ...]:
    """The last eight weeks, the one that is not over included."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = [times.as_text(monday - timedelta(weeks=ago)) for ago in range(WEEKS - 1, -1, -1)]
    ends = [*begins[1:], times.as_text(monday + timedelta(weeks=1))]
    return tuple(
        Week(
            first[:10],
            sum(first <= one.created_at < following for one in lives),
            sum(first <= (one.closed_at or "") < following for one in lives),
        )
        for first, following in zip(begins, ends, strict=True)
    )
