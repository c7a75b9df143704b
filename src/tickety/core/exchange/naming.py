"""The identity of a ticket that brings none: the same source and id give the same uid, whenever they are imported."""

import hashlib
import json
import re

from tickety.core.exchange import sheet

_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_uid(value: str) -> bool:
    """The text is a UUID as we write it."""
    return bool(_UID.fullmatch(value))


def uid_of(dialect: str, made: sheet.Sheet) -> str:
    """A UUID of version 8 (RFC 9562, 5.8) from what stays the same over there: the address, or id and birth.

    An id alone would make the first ticket of every project the same one.
    """
    if made.url:
        return _uuid8(dialect, made.url)
    if made.ref:
        return _uuid8(dialect, made.ref, made.created_at or made.title)
    return _uuid8(dialect, "", made.created_at or "", made.title, made.description)


def _uuid8(*parts: str) -> str:
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    value = int.from_bytes(digest[:16], "big")
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
