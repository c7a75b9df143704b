"""What a test runner's output says: how many tests ran, and the names of those that failed.

Read from what pytest, unittest, cargo test, node --test, jest, vitest, mocha and go test print for people, since the
verification is a project's own command and cannot be asked for another format. Wrappers (make, tox, nox, npm) only
add lines around it. An output is a claim, too: the exit code decides, this says what it was about.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from tickety.core import receipt
from tickety.core.testoutput import cargo, go, jest, mocha, node, pytest, unittest
from tickety.core.testoutput.unnamed import NOT_RUN, is_complete

__all__ = ["NOT_RUN", "is_complete", "read"]


def read(output: str) -> receipt.Tally | None:
    """The tally of all runs in an output, added up; None when no known runner speaks in it.

    ``passed`` and ``failed`` count tests once, however many of their parts failed (``go test`` without ``-v`` tells
    packages only). Expected failures, todos and deselected tests count as skipped: they could not have failed.
    ``failing`` is sorted and names all that failed, or is empty when a name is missing: then nothing may be concluded
    from it. A name comes twice when two runs have it; what fails without being a test (a tox environment, a coverage
    threshold) is named and not counted. Names hold no times, addresses, line numbers or absolute paths.
    """
    lines = _plain_lines(output)
    runs, rest = pytest.read(lines)
    runs += [run for reader in _READERS for run in reader(rest)]
    unmet = [name.format(*found.groups()) for line in lines for mark, name in _UNMET if (found := mark.match(line))]
    return _total(runs, unmet) if runs else None


def _plain_lines(output: str) -> list[str]:
    text = _ANSI.sub("", output).replace("\r\n", "\n").replace("\r", "\n")
    return [line[:_LONGEST_LINE] for line in text.split("\n")]


def _total(runs: Sequence[receipt.Tally], unmet: Sequence[str]) -> receipt.Tally:
    names = [*unmet, *(name for run in runs for name in run.failing)]
    return receipt.Tally(
        passed=sum(run.passed for run in runs),
        failed=sum(run.failed for run in runs),
        skipped=sum(run.skipped for run in runs),
        failing=tuple(sorted(_ADDRESS.sub("0x…", name) for name in names)) if all(map(is_complete, runs)) else (),
    )


_READERS: tuple[Callable[[Sequence[str]], Iterable[receipt.Tally]], ...] = (
    unittest.read,
    cargo.read,
    node.read,
    jest.read,
    mocha.read,
    go.read,
)
_UNMET = (
    (re.compile(r" {2}(\S+): FAIL code \d+ "), "tox -e {}"),
    (re.compile(r"nox > \* (\S.*): failed$"), "nox -s {}"),
    (re.compile(r"FAIL Required test coverage of ([\d.]+)% not reached"), "coverage: {} %"),
    (re.compile(r'Jest: ".+" coverage threshold for (\w+) \(([\d.]+)%\) not met'), "coverage of {}: {} %"),
    (
        re.compile(r'Jest: Coverage for (\w+) \(.+%\) does not meet ".+" threshold \(([\d.]+)%\)'),
        "coverage of {}: {} %",
    ),
)
_ANSI = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[ -/]*[@-~]")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b", re.IGNORECASE)
_LONGEST_LINE = 4000  # characters; nothing that is read here is longer, and no expression has to search more
