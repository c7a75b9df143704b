"""Tests of pytest.

A session opens with a header line ("framed"), or with bare progress under -q; it ends with its counts, which -qq
leaves out. Sessions that a failing test ran itself stand in the captured output of the outer one and don't count.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tickety.core import receipt
from tickety.core.testoutput import unnamed


def read(lines: Sequence[str]) -> tuple[list[receipt.Tally], list[str]]:
    """The runs of pytest, and the lines that are not pytest's."""
    runs: list[receipt.Tally] = []
    rest: list[str] = []
    sessions: list[_Session] = []
    for line in lines:
        if _opens(line, sessions):
            if sessions and not sessions[-1].holds_others:
                _give_up(sessions.pop(), runs, rest)
            sessions.append(_Session(framed=_OPENING.match(line) is not None))
        if (counts := _counts(line)) is not None and not (sessions and sessions[-1].framed and line[0] != "="):
            run = _run(counts, sessions.pop() if sessions else _Session(framed=False))
            (sessions[-1].inner if sessions else runs).append(run)
        elif sessions:
            sessions[-1].take(line)
        else:
            rest.append(line)
    while sessions:
        _give_up(sessions.pop(), runs, rest)
    return runs, rest


@dataclass(slots=True)
class _Session:
    """One pytest session while it is read. ``tail`` holds the lines that may belong to somebody else."""

    framed: bool
    part: str = ""
    progress: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    torn: int = 0
    ended_early: bool = False
    inner: list[receipt.Tally] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        """Read a line of the session that neither opens nor ends one."""
        if part := _PART.match(line):
            self.part = part[1]
        elif progress := _PROGRESS.match(line):
            self.progress.update(_PROGRESS_WORDS.get(letter, "") for letter in progress[1])
            self.part = ""
        elif self.part == _SUMMARY and (found := next(filter(None, (form.match(line) for form in _BROKEN)), None)):
            self.broken.append((found["word"], _test(found["test"]), found.groupdict().get("part", "").strip()))
        elif _EARLY_END.match(line):
            self.ended_early = True
        elif _TORN.match(line):
            self.torn += 1
        else:
            self.tail.append(line)
            return
        self.tail.clear()

    @property
    def holds_others(self) -> bool:
        """Whether a session that opens now was run by a test of this one."""
        return self.framed or self.part in _CAPTURED


def _opens(line: str, sessions: Sequence[_Session]) -> bool:
    if _OPENING.match(line):
        return True
    if sessions:
        top = sessions[-1]
        is_open_to_it = top.part in _CAPTURED or (top.part == _SUMMARY and not top.framed)
        return is_open_to_it and _PROGRESS.match(line) is not None
    part = _PART.match(line)
    return _PROGRESS.match(line) is not None or (part is not None and part[1] in {*_CAPTURED, _SUMMARY})


def _counts(line: str) -> dict[str, int] | None:
    found = _COUNTS.match(line)
    if not found:
        return None
    words = (count.split(" ", 1) for count in found[1].split(", ")) if found[1] != "no tests ran" else ()
    counts = {word: int(number) for number, word in words}
    return counts if not counts or _COUNT_WORDS & counts.keys() else None


def _give_up(session: _Session, runs: list[receipt.Tally], rest: list[str]) -> None:
    """A session without its counts: what it showed (-qq), or what it hid by never ending."""
    if session.progress or session.broken:
        runs.append(_run(session.progress, session))
    else:
        runs += session.inner
    rest += session.tail


def _run(counts: dict[str, int] | Counter[str], session: _Session) -> receipt.Tally:
    """Tests, not reports: pytest counts a test once more for its teardown and for each of its subtests."""
    reported = sum(counts.get(word, 0) for word in ("failed", "error", "errors"))
    failed = {test for word, test, _ in session.broken if word == "FAILED"}
    in_part = {test for word, test, _ in session.broken if word.startswith("SUB")} - failed
    torn = session.torn - len({test for word, test, _ in session.broken if word == "ERROR"} & failed)
    is_known = len(session.broken) >= reported
    names = {_name(test, part) for _, test, part in session.broken} | (
        {f"the tests that follow{unnamed.NOT_RUN}"} if session.ended_early else set()
    )
    return receipt.Tally(
        passed=max(0, counts.get("passed", 0) + counts.get("xpassed", 0) - len(in_part) - max(0, torn)),
        failed=len({test for _, test, _ in session.broken}) if is_known else reported,
        skipped=sum(counts.get(word, 0) for word in ("skipped", "xfailed", "deselected")),
        failing=tuple(names) if is_known else (),
    )


def _test(text: str) -> str:
    """``path::test[a - b] - message`` without the message."""
    head, _, _ = text.partition(" - ")
    if head.count("[") > head.count("]"):
        in_brackets, bracket, _ = text.partition("] - ")
        return in_brackets + bracket.rstrip(" -") if bracket else text.rstrip()
    return head.rstrip()


def _name(test: str, part: str) -> str:
    if part:
        return f"{test} {part}"
    return test if "::" in test else test + unnamed.NOT_RUN


_COUNTS = re.compile(
    r"(?:=+ )?(no tests ran|\d+ [a-z]+(?: [a-z]+)?(?:, \d+ [a-z]+(?: [a-z]+)?)*)"
    r" in \d+(?:\.\d+)? ?s(?:econds)?(?: \([^()]*\))?(?: =+)?$"
)
_COUNT_WORDS = {"passed", "failed", "error", "errors", "skipped", "xfailed", "xpassed", "deselected", "tests collected"}
_PROGRESS = re.compile(r"([.FEsxXRuU,-]+) +\[ *(?:\d+%|\d+/\d+)\]$")
_PROGRESS_WORDS = {".": "passed", "X": "xpassed", "F": "failed", "E": "error", "s": "skipped", "x": "xfailed"}
_OPENING = re.compile(r"=+ test session starts[ (]")
_PART = re.compile(r"=+ ([A-Za-z].*) =+$")
_CAPTURED = {"ERRORS", "FAILURES", "PASSES", "XFAILURES", "XPASSES"}
_SUMMARY = "short test summary info"
_EARLY_END = re.compile(r"!{3,} (?!Interrupted: \d+ errors? during collection).+ !{3,}$")
_TORN = re.compile(r"_+ ERROR at teardown of .+ _+$")
_BROKEN = (  # the test and, for a subtest, which part of it: pytest, pytest 9's subtests, the older plugin's
    re.compile(r"(?P<word>FAILED|ERROR) (?P<test>\S.*)$"),
    re.compile(r"(?P<word>SUBFAILED)(?P<part>.*?) (?P<test>\S+::.*)$"),
    re.compile(r"(?P<part>[\[(].*) (?P<word>SUBFAIL) (?P<test>\S+::.*)$"),
)
