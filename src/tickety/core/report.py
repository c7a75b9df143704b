"""What an agent says at the end of an attempt. Its words are a summary, never evidence."""

from dataclasses import field
from enum import StrEnum
from typing import Any

from tickety.core import record


class Status(StrEnum):
    """How an attempt can end. Agents say one of ``SAYABLE``; that it broke, or met a limit, is found by us."""

    PASSED = "passed"
    FAILED = "failed"
    NEEDS_HUMAN = "needs_human"
    BROKEN = "broken"
    LIMITED = "limited"


SAYABLE = (Status.PASSED, Status.FAILED, Status.NEEDS_HUMAN)


@record.record(frozen=True, slots=True)
class Report:
    """An agent's own account. ``question`` belongs to ``needs_human``, ``error`` to ``failed``.

    ``until`` is when a limit ends, in UTC; ``steps`` are further steps that the agent proposes, as it wrote them.
    """

    status: Status
    summary: str
    error: str | None = None
    question: str | None = None
    signals: tuple[str, ...] = ()
    outputs: dict[str, Any] = field(default_factory=dict)
    until: str | None = None
    steps: tuple[dict[str, Any], ...] = ()


@record.record(frozen=True, slots=True)
class Limited:
    """Not now: a rate limit, a window of usage that is used up, an overload. It is no failure.

    ``until`` is when to try again, as ``2026-11-22T09:00:00Z``; None when that is not known.
    """

    reason: str
    until: str | None = None
