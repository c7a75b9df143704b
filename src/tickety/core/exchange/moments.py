"""Times as other tools write them, as ours: UTC, to the second."""

import re
from datetime import UTC, datetime

from tickety.core import times

OURS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FIRST_YEAR = 1000  # strftime writes an earlier one with fewer digits
_MILLISECONDS = 100_000_000_000  # as seconds this is the year 5138


def utc(value: object) -> str | None:
    """The moment that a value names: ISO 8601 with or without a zone (then UTC), or seconds since 1970; else None."""
    moment = _moment(value)
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return times.as_text(aware) if aware.astimezone(UTC).year >= _FIRST_YEAR else None
    except (OverflowError, ValueError):
        return None


def is_ours(value: str) -> bool:
    """The text is a moment as we write it."""
    return bool(OURS.fullmatch(value)) and utc(value) == value


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value.strip().removesuffix(" UTC"))
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
