"""How far a ticket is, and how much of its time is left."""

from datetime import datetime

from tickety.core import times


def time_left(due_at: str, now: datetime) -> str:
    """``due in 3 h``, ``2 h overdue``: the time by which a ticket should be closed, seen from now."""
    seconds = (times.as_moment(due_at) - now).total_seconds()
    if abs(seconds) < 60:  # noqa: PLR2004 - a minute
        return "due now"
    length = times.in_words(abs(seconds))
    return f"due in {length}" if seconds > 0 else f"{length} overdue"


def is_overdue(due_at: str, now: datetime) -> bool:
    """The time is over."""
    return due_at < times.as_text(now)


def days_since(moment: str, now: datetime) -> int:
    """The whole days that have gone by."""
    return (now - times.as_moment(moment)).days
