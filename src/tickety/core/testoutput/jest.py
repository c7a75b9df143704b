"""Tests of jest and vitest: "FAIL file" opens a file's failures; jest names each below it, vitest on the same line."""

import re
from collections.abc import Iterator, Sequence

from tickety.core import receipt
from tickety.core.testoutput import unnamed


def read(lines: Sequence[str]) -> Iterator[receipt.Tally]:
    """One run for each of its summaries."""
    names: set[str] = set()
    file = ""
    for line in lines:
        if found := _FAIL.match(line):
            file = found[1]
            names |= _vitest_names(file)
        elif file and (found := _BROKEN.match(line)) and found[1] not in _ASIDES:
            names.add(file + unnamed.NOT_RUN if found[1] == _SUITE_BROKEN else f"{file} > {found[1]}")
        elif found := _COUNTS.match(line):
            yield _run(found[1], names)
            names, file = set(), ""


def _vitest_names(text: str) -> set[str]:
    suite, bracket, _ = text.partition(" [ ")
    if bracket and text.endswith(" ]"):
        return {suite + unnamed.NOT_RUN}
    return {text} if " > " in text else set()


def _run(counts_text: str, names: set[str]) -> receipt.Tally:
    """A file that does not load counts as one failed test, which the runners leave out."""
    counts = {word: int(number) for number, word in _COUNT.findall(counts_text)}
    not_loaded = sum(name.endswith(unnamed.NOT_RUN) for name in names)
    failed = counts.get("failed", 0) + not_loaded
    skipped = counts.get("skipped", 0) + counts.get("todo", 0)
    return receipt.Tally(counts.get("passed", 0), failed, skipped, tuple(names))


_FAIL = re.compile(r" ?FAIL {1,2}(\S.*?)(?: \([\d.]+ m?s\))?$")
_BROKEN = re.compile(r" {2}● (.+)$")
_ASIDES = {"Console"}
_SUITE_BROKEN = "Test suite failed to run"
_COUNTS = re.compile(r"(?:Tests:| +Tests) +(no tests|\d+ .+)$")
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|todo)\b")
