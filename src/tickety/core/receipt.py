"""A receipt: what Tickety itself ran, on which tree, and how it ended."""

import re
from enum import StrEnum

from tickety.core import record

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """The SHA-256 of something, as receipts name it; nothing else becomes part of a path."""
    return _DIGEST.fullmatch(text) is not None


class Phase(StrEnum):
    """When a command was run: while setting a worktree up, before the first change, or after the last."""

    SETUP = "setup"
    BEFORE = "before"
    AFTER = "after"


class Purpose(StrEnum):
    """Why a command was run."""

    SETUP = "setup"
    VERIFICATION = "verification"
    REPRODUCTION = "reproduction"
    STEP = "step"


@record.record(frozen=True, slots=True)
class Tally:
    """What a test runner said of its tests: counts, and the names of those that failed or broke."""

    passed: int
    failed: int
    skipped: int
    failing: tuple[str, ...] = ()

    @property
    def ran(self) -> int:
        """Number of tests that really ran, passed or not."""
        return self.passed + self.failed


@record.record(frozen=True, slots=True)
class Receipt:
    """One command run by Tickety. ``tree`` is the git tree it ran on; ``exit_code`` None: killed at its time limit."""

    command: tuple[str, ...]
    purpose: Purpose
    phase: Phase
    exit_code: int | None
    output_sha256: str
    tree: str
    at: str
    seconds: float
    tests: Tally | None = None

    @property
    def is_green(self) -> bool:
        """The command ended by itself, with exit code 0."""
        return self.exit_code == 0
