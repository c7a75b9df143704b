"""Times as text, in UTC: ``2026-11-22T09:00:00Z``; and lengths of time as people write them."""

import re
from datetime import UTC, datetime, time, timedelta

UNITS = {
    timedelta(seconds=1): ("s", "sec", "second", "seconds"),
    timedelta(minutes=1): ("min", "mins", "minute", "minutes"),
    timedelta(hours=1): ("h", "hour", "hours"),
    timedelta(days=1): ("d", "day", "days"),
    timedelta(weeks=1): ("w", "week", "weeks"),
    timedelta(days=30): ("mo", "month", "months"),
    timedelta(days=365): ("y", "year", "years"),
}
"""What a unit of time is called. An ``m`` alone is none: some mean minutes by it, others months."""

_BY_NAME = {name: unit for unit, names in UNITS.items() for name in names}
_LENGTH = re.compile(r"([0-9]{1,6})\s*([a-z]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_text(moment: datetime) -> str:
    """The moment to the second, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def as_moment(text: str) -> datetime:
    """The moment that a text of ``as_text`` names."""
    return datetime.fromisoformat(text)


def is_text(text: str) -> bool:
    """It is a moment as ``as_text`` writes it."""
    try:
        return as_text(as_moment(text)) == text
    except ValueError:
        return False


def from_unix(seconds: float) -> str:
    """The moment so many seconds after 1970 began."""
    return as_text(datetime.fromtimestamp(seconds, UTC))


def length(text: str) -> timedelta:
    """A length of time: ``4 hours``, ``2 days``, ``30min``, ``2 weeks``. ValueError when it is none."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None or match[2] not in _BY_NAME:
        raise ValueError(f"{text!r} is not a length of time")
    return int(match[1]) * _BY_NAME[match[2]]


def example(typed: str) -> str:
    """How a length of time that was not understood may be written."""
    match = _LENGTH.fullmatch(typed.strip().lower())
    if match and match[2] == "m":
        return f"an m alone can be minutes or months: write {match[1]}min or {match[1]}mo"
    return "write a length of time: 30min, 12h, 3 days, 2 weeks"


def day(text: str, now: datetime) -> datetime:
    """When a day begins, in UTC: ``2026-12-01``, ``today``, ``tomorrow``. ValueError when it is none."""
    word = text.strip().lower()
    if word in _NEAR_DAYS:
        today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        return today + _NEAR_DAYS[word]
    if not _DAY.fullmatch(word):
        raise ValueError(f"{text!r} is not a day")
    return datetime.fromisoformat(word).replace(tzinfo=UTC)


def moment(text: str, now: datetime) -> datetime:
    """What people mean by a time to come: a length of time from now, a day's last second, or a moment.

    ValueError or OverflowError when it is none.
    """
    try:
        return now + length(text)
    except ValueError:
        pass
    try:
        return day(text, now) + _TO_ITS_LAST_SECOND
    except ValueError:
        found = datetime.fromisoformat(text.strip())
    if len(text.strip()) <= len("2026-W01-1"):
        return found.replace(tzinfo=UTC) + _TO_ITS_LAST_SECOND
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def in_words(seconds: float) -> str:
    """A length of time for people: ``0.4 s``, ``12 s``, ``3 min``, ``2 h``."""
    if seconds < 10:  # noqa: PLR2004 - below ten seconds a tenth still says something
        return f"{seconds:.1f} s"
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"


_TO_ITS_LAST_SECOND = timedelta(days=1, seconds=-1)
_NEAR_DAYS = {"today": timedelta(0), "tomorrow": timedelta(days=1)}
