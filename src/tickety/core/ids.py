"""Names of tickets: ``BUG-2026-001`` for people, a UUIDv7 between stores, and a branch for git."""

import re

from tickety.core import errors, record

_FULL = re.compile(r"([A-Z][A-Z0-9]{1,9})-([0-9]{4})-([0-9]{3,9})")
_SHORT = re.compile(r"(?:([A-Z][A-Z0-9]{1,9})-)?([0-9]{1,9})")
_STEP = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@record.record(frozen=True, slots=True)
class Reference:
    """What a person typed to name a ticket: ``BUG-2026-001``, ``BUG-1`` or ``1``. Parts not given are None."""

    number: int
    prefix: str | None = None
    year: int | None = None


def format_id(prefix: str, year: int, number: int) -> str:
    """The id of a ticket: at least three digits.

    >>> format_id("BUG", 2026, 7)
    'BUG-2026-007'
    """
    return f"{prefix}-{year}-{number:03d}"


def parse_id(text: str) -> tuple[str, int, int]:
    """Prefix, year and number of a full id; Usage when it is none."""
    match = _FULL.fullmatch(text)
    if match is None:
        raise errors.Usage(f"{text!r} is not a ticket's id", "an id looks like BUG-2026-001")
    return match[1], int(match[2]), int(match[3])


def parse_reference(text: str) -> Reference:
    """What a person typed for a ticket; Usage when it can be no ticket. Small letters are forgiven."""
    typed = text.strip().upper()
    if _FULL.fullmatch(typed):
        prefix, year, number = parse_id(typed)
        return Reference(number, prefix, year)
    if match := _SHORT.fullmatch(typed):
        return Reference(int(match[2]), match[1])
    raise errors.Usage(f"{text!r} is not a ticket's id", "an id looks like BUG-2026-001, BUG-1 or 1")


def is_reference(text: str) -> bool:
    """What was typed can name a ticket."""
    try:
        parse_reference(text)
    except errors.Usage:
        return False
    return True


def require_step_name(name: str) -> None:
    """Refuses a step that cannot be the name of a folder and of a ref: runs and kept work are filed under it."""
    if _STEP.fullmatch(name) is None:
        raise errors.Refused(
            f"{name!r} cannot be the name of a step", "small letters, digits, - and _, 40 at the most: research-2"
        )


def uuid7(unix_ms: int, chance: bytes) -> str:
    """A UUID of version 7 (RFC 9562, 5.7) from milliseconds since 1970 and ten random bytes."""
    noise = int.from_bytes(chance[:10], "big")
    value = (
        (unix_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (noise >> 62 & 0xFFF) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    )
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def branch_name(ticket_id: str, title: str, uid: str) -> str:
    """The ticket's branch: id, an ASCII slug of the title, and four digits of the uid's random end.

    The end, because a UUIDv7 begins with the time: its first digits are the same for weeks, and two clones
    that open the same id on one day would get the same branch.
    """
    slug = _NOT_SLUG.sub("-", title.lower().encode("ascii", "ignore").decode())[:40].strip("-")
    return "tickety/" + "-".join(part for part in (ticket_id, slug, uid[-4:]) if part)
