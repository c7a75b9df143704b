"""How far JSON from outside may go so that it can be kept: depth, numbers, characters."""

import math
from typing import Any

from tickety.core import errors, record


@record.record(frozen=True, slots=True)
class Bounds:
    """So many levels, and whole numbers of so many bits."""

    depth: int
    bits: int


FOREIGN = Bounds(60, 63)
OWN = Bounds(200, 14_000)
"""What was kept once is taken again, with all that was put around it."""


class _Beyond(Exception):
    def __init__(self, reason: str, hint: str) -> None:
        self.reason = reason
        self.hint = hint
        self.path: list[str] = []


def plain(value: Any, bounds: Bounds = FOREIGN) -> Any:  # noqa: ANN401 - any JSON
    """The value without half characters; Usage, naming the field, where it goes too far."""
    try:
        return _plain(value, bounds, bounds.depth)
    except _Beyond as beyond:
        place = ".".join(reversed(beyond.path[-5:])) or "it"
        raise errors.Usage(f"{place[:200]} {beyond.reason}", beyond.hint) from None


def _plain(value: Any, bounds: Bounds, depth: int) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if depth == 0:
        raise _Beyond(f"is nested more than {bounds.depth} levels deep", "keep in it what a ticket holds")
    if isinstance(value, dict):
        return {_plain(key, bounds, depth): _inside(key, entry, bounds, depth) for key, entry in value.items()}
    if isinstance(value, list):
        return [_inside(index, entry, bounds, depth) for index, entry in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise _Beyond(f"is {value}, which is no number that can be kept", "write a number, or a text")
    if isinstance(value, int) and value.bit_length() > bounds.bits:
        raise _Beyond("is a whole number that is too large to be kept", "write it as a text")
    return value


def _inside(name: object, value: Any, bounds: Bounds, depth: int) -> Any:  # noqa: ANN401 - any JSON
    try:
        return _plain(value, bounds, depth - 1)
    except _Beyond as beyond:
        beyond.path.append(str(name))
        raise
