"""Tests of unittest, and of what is built on it (Django)."""

import re
from collections.abc import Iterator, Sequence

from tickety.core import receipt
from tickety.core.testoutput import unnamed


def read(lines: Sequence[str]) -> Iterator[receipt.Tally]:
    """One run for each of its endings."""
    broken: list[tuple[str, str]] = []
    ran: int | None = None
    for before, line in zip(["", *lines], lines, strict=False):
        if before == _RULE and (found := _BROKEN.match(line)):
            broken.append((_test(found[1], found[2]), found[3].strip()))
        elif found := _RAN.match(line):
            ran = int(found[1])
        elif ran is not None and (found := _END.match(line)):
            yield _run(ran, found[1] or "", broken)
            broken, ran = [], None


def _test(test: str, home: str) -> str:
    if home.startswith("unittest.loader._FailedTest"):
        return test + unnamed.NOT_RUN
    return home if home.endswith(f".{test}") else f"{home}.{test}"


def _run(ran: int, counts_text: str, broken: Sequence[tuple[str, str]]) -> receipt.Tally:
    pairs = (pair.split("=") for pair in counts_text.split(", ") if pair)
    counts = {word: int(number) for word, number in pairs}
    reported = sum(counts.get(word, 0) for word in ("failures", "errors", "unexpected successes"))
    tests = {test for test, _ in broken if not test.endswith(_FIXTURES)}
    failed = len(tests) if len(broken) >= reported else reported
    skipped = counts.get("skipped", 0) + counts.get("expected failures", 0)
    names = {f"{test} {part}".rstrip() for test, part in broken}
    return receipt.Tally(max(0, ran - skipped - failed), failed, skipped, tuple(names))


_RULE = "=" * 70
_BROKEN = re.compile(r"(?:FAIL|ERROR|UNEXPECTED SUCCESS): (\S+) \(([^()\s]+)\)(.*)$")
_RAN = re.compile(r"Ran (\d+) tests? in [\d.]+s$")
_END = re.compile(r"(?:OK|FAILED|NO TESTS RAN)(?: \(([a-z ]+=\d+(?:, [a-z ]+=\d+)*)\))?$")
_FIXTURES = ("setUpClass", "tearDownClass", "setUpModule", "tearDownModule")
