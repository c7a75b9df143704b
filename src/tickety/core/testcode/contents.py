"""What can be read of test code, in any language."""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum

from tickety.core import record


class Worth(IntEnum):
    """What a test can find out, as far as can be read."""

    NOTHING = 0
    THAT_IT_RUNS = 1
    WHAT_IT_ASSERTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """``body`` is what a test is recognised by under another name; empty when it cannot be told."""

    name: str
    worth: Worth
    body: str = ""


@record.record(frozen=True, slots=True)
class Contents:
    """What one text holds: its tests, and how often each marker that keeps them from counting stands in it."""

    tests: tuple[Test, ...] = ()
    markers: Counter[str] = field(default_factory=Counter)
