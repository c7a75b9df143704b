"""What an agent says at the end of an attempt. Its words are a summary, never evidence."""

from dataclasses import field
from enum import StrEnum
from typing import Any

from tickety.core import record


class Status(StrEnum):
    """The three ways an attempt that finished can end."""

    PASSED = "passed"
    FAILED = "failed"
    NEEDS_HUMAN = "needs_human"


@record.record(frozen=True, slots=True)
class Report:
    """An agent's own account. ``question`` belongs to ``needs_human``, ``error`` to ``failed``."""

    status: Status
    summary: str
    error: str | None = None
    question: str | None = None
    signals: tuple[str, ...] = ()
    outputs: dict[str, Any] = field(default_factory=dict)
