"""When an agent will be through: only from what was measured, else nothing is said."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tickety.core import times

LEAST = 5
"""So many attempts have to be known of a role."""

LATEST = 20
"""So many are looked at, the newest."""

_COUNTS = frozenset({"passed", "failed"})


def estimate(updates: Iterable[Mapping[str, Any]], agent: str) -> float | None:
    """The seconds that an agent's attempts take: the median of the latest ones; None when too few are known.

    ``updates`` are those of any tickets (their JSON). What broke or was limited tells nothing of how long work takes.
    """
    known = sorted((one["timestamp"], seconds) for one in updates if (seconds := _seconds(one, agent)) is not None)
    return _median(sorted(seconds for _, seconds in known[-LATEST:])) if len(known) >= LEAST else None


def in_words(seconds: float) -> str:
    """``5 min``, ``12 s``: never less than a second, for nobody watches a clock that closely."""
    return times.in_words(seconds) if seconds >= 10 else f"{max(math.ceil(seconds), 1)} s"  # noqa: PLR2004 - see in_words


def _median(ordered: Sequence[float]) -> float:
    """The middle, or halfway between the two that are; ``statistics`` would load more than a command line can bear."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _seconds(update: Mapping[str, Any], agent: str) -> float | None:
    seconds = update["usage"].get("seconds")
    is_known = update["agent"] == agent and update["result"] in _COUNTS and isinstance(seconds, int | float)
    return float(seconds) if is_known else None
