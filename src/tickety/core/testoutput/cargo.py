"""Tests of cargo: one result per target; the list of names is the last "failures:" before it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tickety.core import receipt
from tickety.core.testoutput import unnamed


def read(lines: Sequence[str]) -> list[receipt.Tally]:
    """One run for each target."""
    runs: list[receipt.Tally] = []
    names: list[str] = []
    is_listing = False
    for line in lines:
        if line == "failures:":
            names, is_listing = [], True
        elif is_listing and line.startswith("    "):
            names.append(_DOCTEST_LINE.sub("", line.strip()))
        elif found := _RESULT.match(line):
            runs.append(receipt.Tally(int(found[1]), int(found[2]), int(found[3]), tuple(names)))
            names, is_listing = [], False
        else:
            is_listing = False
    return _stopped(runs, lines)


def _stopped(runs: list[receipt.Tally], lines: Sequence[str]) -> list[receipt.Tally]:
    """Without --no-fail-fast the first failing target is the last to run; doc tests would be the last anyway."""
    stops = [found[1] for line in lines if (found := _STOP.match(line)) and found[1] != "--doc"]
    if not (runs and stops and unnamed.is_complete(runs[-1])) or any(map(_WENT_ON.match, lines)):
        return runs
    follows = f"the targets that follow {stops[-1]}{unnamed.NOT_RUN}"
    return [*runs[:-1], replace(runs[-1], failing=(*runs[-1].failing, follows))]


_RESULT = re.compile(r"test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored;")
_STOP = re.compile(r"error: (?:doc)?test failed, to rerun pass `(.+)`")
_WENT_ON = re.compile(r"error: \d+ targets? failed:")
_DOCTEST_LINE = re.compile(r" \(line \d+\)$")
