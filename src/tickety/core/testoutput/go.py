"""Tests of ``go test``: all of them under -v, else only the packages and the tests that failed.

A package's line follows its tests.
"""

import re
from collections import Counter
from collections.abc import Sequence

from tickety.core import receipt
from tickety.core.testoutput import unnamed


def read(lines: Sequence[str]) -> list[receipt.Tally]:
    """One run for each package."""
    is_verbose = any(line.startswith("=== RUN ") for line in lines)
    runs: list[receipt.Tally] = []
    tests: list[tuple[str, str]] = []
    for line in lines:
        if found := _TEST.match(line):
            tests.append((found[2], found[3]))
        elif (found := _PACKAGE.match(line)) and _EMPTY not in (found[4] or ""):
            runs.append(_run(found, tests, is_verbose=is_verbose))
            tests = []
    return runs


def _run(package: re.Match[str], tests: Sequence[tuple[str, str]], *, is_verbose: bool) -> receipt.Tally:
    failing = [name for outcome, name in tests if outcome == "FAIL"]
    parents = {name.rpartition("/")[0] for name in failing}
    names = tuple(f"{package[2]}.{name}" for name in failing if name not in parents)
    is_broken = package[1] == "FAIL"
    if is_broken and not names:
        names = (package[2] + (unnamed.NOT_RUN if package[3] else ""),)
    if not is_verbose:
        return receipt.Tally(passed=int(not is_broken), failed=int(is_broken), skipped=0, failing=names)
    outcomes = Counter(outcome for outcome, name in tests if "/" not in name)
    failed = outcomes["FAIL"] or int(is_broken)
    return receipt.Tally(outcomes["PASS"], failed, outcomes["SKIP"], names)


_TEST = re.compile(r"( *)--- (PASS|FAIL|SKIP): (\S+) \([\d.]+s\)$")
_PACKAGE = re.compile(r"(ok  |FAIL)\t(\S+)(?:\s+(?:[\d.]+s|\(cached\)|\[(build|setup) failed\])(.*))?$")
_EMPTY = "[no tests to run]"
