"""Times as text, in UTC: ``2026-11-22T09:00:00Z``; and lengths of time as people write them."""

import re
from datetime import UTC, datetime, timedelta

_LENGTH = re.compile(r"(\d{1,6})\s*(h|hours?|d|days?|m|minutes?)")


def as_text(moment: datetime) -> str:
    """The moment to the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_moment(text: str) -> datetime:
    """The moment that a text of ``as_text`` names."""
    return datetime.fromisoformat(text)


def from_unix(seconds: float) -> str:
    """The moment so many seconds after 1970 began."""
    return as_text(datetime.fromtimestamp(seconds, UTC))


def length(text: str) -> timedelta:
    """A length of time: ``4 hours``, ``2 days``, ``30 minutes``. ValueError when it is none."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is not a length of time")
    unit = {"h": "hours", "d": "days", "m": "minutes"}[match[2][0]]
    return timedelta(**{unit: int(match[1])})


def in_words(seconds: float) -> str:
    """A length of time for people: ``0.4 s``, ``12 s``, ``3 min``, ``2 h``."""
    if seconds < 10:  # noqa: PLR2004 - below ten seconds a tenth still says something
        return f"{seconds:.1f} s"
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"
