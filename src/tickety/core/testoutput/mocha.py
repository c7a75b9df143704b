"""Tests of mocha: counts one below the other, then the failures, numbered, their suites as an indented title."""

import re
from collections.abc import Iterator, Sequence

from tickety.core import receipt


def read(lines: Sequence[str]) -> Iterator[receipt.Tally]:
    """One run for each block of counts."""
    counts: dict[str, int] = {}
    names: list[str] = []
    for at, line in enumerate(lines):
        if found := _COUNT.match(line):
            if found[2] == "passing" and counts:
                yield _run(counts, names)
                counts, names = {}, []
            counts[found[2]] = int(found[1])
        elif (found := _TITLE.match(line)) and counts.get("failing", 0) > len(names) == int(found[1][:9]) - 1:
            names.append(_name(found[2], lines[at + 1 : at + _DEEPEST]))
    if counts:
        yield _run(counts, names)


def _name(title: str, below: Sequence[str]) -> str:
    parts = [title]
    for level, line in enumerate(below):
        indent = 7 + 2 * level
        if len(line) <= indent or line[:indent].strip() or line[indent] == " ":
            break
        parts.append(line[indent:])
    return " > ".join(parts).removesuffix(":")


def _run(counts: dict[str, int], names: Sequence[str]) -> receipt.Tally:
    passed, failed, pending = (counts.get(word, 0) for word in ("passing", "failing", "pending"))
    return receipt.Tally(passed, failed, pending, tuple(names))


_COUNT = re.compile(r" {2}(\d+) (passing|pending|failing)\b")
_TITLE = re.compile(r" {2}(\d+)\) (.+)$")
_DEEPEST = 100  # levels of describe()
