"""What a test runner's output says: how many tests ran, and the names of those that failed.

Read from what pytest, unittest, cargo test, node --test, jest, vitest, mocha and go test print for people, since the
verification is a project's own command and cannot be asked for another format. Wrappers (make, tox, nox, npm) only
add lines around it. An output is a claim, too: the exit code decides, this says what it was about.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tickety.core import receipt

# Ends the name of what could not be run at all: a file that does not load, the tests behind an early stop.
NOT_RUN = " (not run)"


def read(output: str) -> receipt.Tally | None:
    """The tally of all runs in an output, added up; None when no known runner speaks in it.

    ``passed`` and ``failed`` count tests once, however many of their parts failed (``go test`` without ``-v`` tells
    packages only). Expected failures, todos and deselected tests count as skipped: they could not have failed.
    ``failing`` is sorted and names all that failed, or is empty when a name is missing: then nothing may be concluded
    from it. A name comes twice when two runs have it; what fails without being a test (a tox environment, a coverage
    threshold) is named and not counted. Names hold no times, addresses, line numbers or absolute paths.
    """
    lines = _plain_lines(output)
    runs, rest = _pytest(lines)
    runs += [run for reader in READERS for run in reader(rest)]
    unmet = [name.format(*found.groups()) for line in lines for mark, name in UNMET if (found := mark.match(line))]
    return _total(runs, unmet) if runs else None


def is_complete(tally: receipt.Tally) -> bool:
    """Every failure that was counted is named, too."""
    return len(tally.failing) >= tally.failed


UNMET = (
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


# pytest. A session opens with a header line ("framed"), or with bare progress under -q; it ends with its counts, which
# -qq leaves out. Sessions that a failing test ran itself stand in the captured output of the outer one and don't count.

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
            self.broken.append((found["word"], _pytest_test(found["test"]), found.groupdict().get("part", "").strip()))
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


def _pytest(lines: Sequence[str]) -> tuple[list[receipt.Tally], list[str]]:
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
            run = _pytest_run(counts, sessions.pop() if sessions else _Session(framed=False))
            (sessions[-1].inner if sessions else runs).append(run)
        elif sessions:
            sessions[-1].take(line)
        else:
            rest.append(line)
    while sessions:
        _give_up(sessions.pop(), runs, rest)
    return runs, rest


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
        runs.append(_pytest_run(session.progress, session))
    else:
        runs += session.inner
    rest += session.tail


def _pytest_run(counts: dict[str, int] | Counter[str], session: _Session) -> receipt.Tally:
    """Tests, not reports: pytest counts a test once more for its teardown and for each of its subtests."""
    reported = sum(counts.get(word, 0) for word in ("failed", "error", "errors"))
    failed = {test for word, test, _ in session.broken if word == "FAILED"}
    in_part = {test for word, test, _ in session.broken if word.startswith("SUB")} - failed
    torn = session.torn - len({test for word, test, _ in session.broken if word == "ERROR"} & failed)
    is_known = len(session.broken) >= reported
    names = {_pytest_name(test, part) for _, test, part in session.broken} | (
        {f"the tests that follow{NOT_RUN}"} if session.ended_early else set()
    )
    return receipt.Tally(
        passed=max(0, counts.get("passed", 0) + counts.get("xpassed", 0) - len(in_part) - max(0, torn)),
        failed=len({test for _, test, _ in session.broken}) if is_known else reported,
        skipped=sum(counts.get(word, 0) for word in ("skipped", "xfailed", "deselected")),
        failing=tuple(names) if is_known else (),
    )


def _pytest_test(text: str) -> str:
    """``path::test[a - b] - message`` without the message."""
    head, _, _ = text.partition(" - ")
    if head.count("[") > head.count("]"):
        in_brackets, bracket, _ = text.partition("] - ")
        return in_brackets + bracket.rstrip(" -") if bracket else text.rstrip()
    return head.rstrip()


def _pytest_name(test: str, part: str) -> str:
    if part:
        return f"{test} {part}"
    return test if "::" in test else test + NOT_RUN


# unittest, and what is built on it (Django).

_RULE = "=" * 70
_UNITTEST_BROKEN = re.compile(r"(?:FAIL|ERROR|UNEXPECTED SUCCESS): (\S+) \(([^()\s]+)\)(.*)$")
_UNITTEST_RAN = re.compile(r"Ran (\d+) tests? in [\d.]+s$")
_UNITTEST_END = re.compile(r"(?:OK|FAILED|NO TESTS RAN)(?: \(([a-z ]+=\d+(?:, [a-z ]+=\d+)*)\))?$")
_FIXTURES = ("setUpClass", "tearDownClass", "setUpModule", "tearDownModule")


def _unittest(lines: Sequence[str]) -> Iterator[receipt.Tally]:
    broken: list[tuple[str, str]] = []
    ran: int | None = None
    for before, line in zip(["", *lines], lines, strict=False):
        if before == _RULE and (found := _UNITTEST_BROKEN.match(line)):
            broken.append((_unittest_test(found[1], found[2]), found[3].strip()))
        elif found := _UNITTEST_RAN.match(line):
            ran = int(found[1])
        elif ran is not None and (found := _UNITTEST_END.match(line)):
            yield _unittest_run(ran, found[1] or "", broken)
            broken, ran = [], None


def _unittest_test(test: str, home: str) -> str:
    if home.startswith("unittest.loader._FailedTest"):
        return test + NOT_RUN
    return home if home.endswith(f".{test}") else f"{home}.{test}"


def _unittest_run(ran: int, counts_text: str, broken: Sequence[tuple[str, str]]) -> receipt.Tally:
    pairs = (pair.split("=") for pair in counts_text.split(", ") if pair)
    counts = {word: int(number) for word, number in pairs}
    reported = sum(counts.get(word, 0) for word in ("failures", "errors", "unexpected successes"))
    tests = {test for test, _ in broken if not test.endswith(_FIXTURES)}
    failed = len(tests) if len(broken) >= reported else reported
    skipped = counts.get("skipped", 0) + counts.get("expected failures", 0)
    names = {f"{test} {part}".rstrip() for test, part in broken}
    return receipt.Tally(max(0, ran - skipped - failed), failed, skipped, tuple(names))


# cargo test: one result per target; the list of names is the last "failures:" before it.

_CARGO_RESULT = re.compile(r"test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored;")
_CARGO_STOP = re.compile(r"error: (?:doc)?test failed, to rerun pass `(.+)`")
_CARGO_WENT_ON = re.compile(r"error: \d+ targets? failed:")
_DOCTEST_LINE = re.compile(r" \(line \d+\)$")


def _cargo(lines: Sequence[str]) -> list[receipt.Tally]:
    runs: list[receipt.Tally] = []
    names: list[str] = []
    is_listing = False
    for line in lines:
        if line == "failures:":
            names, is_listing = [], True
        elif is_listing and line.startswith("    "):
            names.append(_DOCTEST_LINE.sub("", line.strip()))
        elif found := _CARGO_RESULT.match(line):
            runs.append(receipt.Tally(int(found[1]), int(found[2]), int(found[3]), tuple(names)))
            names, is_listing = [], False
        else:
            is_listing = False
    return _stopped_by_cargo(runs, lines)


def _stopped_by_cargo(runs: list[receipt.Tally], lines: Sequence[str]) -> list[receipt.Tally]:
    """Without --no-fail-fast the first failing target is the last to run; doc tests would be the last anyway."""
    stops = [found[1] for line in lines if (found := _CARGO_STOP.match(line)) and found[1] != "--doc"]
    if not (runs and stops and is_complete(runs[-1])) or any(map(_CARGO_WENT_ON.match, lines)):
        return runs
    follows = f"the targets that follow {stops[-1]}{NOT_RUN}"
    return [*runs[:-1], replace(runs[-1], failing=(*runs[-1].failing, follows))]


# node --test, as TAP and as a tree for people. Suites and parents fail with their children; only the leaves are named.


@dataclass(frozen=True, slots=True)
class _Dialect:
    opening: re.Pattern[str]
    broken: re.Pattern[str]
    count: re.Pattern[str]
    indent: int


_NODE_COUNT = r"(tests|suites|pass|fail|cancelled|skipped|todo) +(\d+)$"
_DIALECTS = (
    _Dialect(
        opening=re.compile(r"( *)# Subtest: (.+)$"),
        broken=re.compile(r"( *)not ok \d+(?: -)? (.+?)( # (?:TODO|SKIP).*)?$"),
        count=re.compile(rf"# {_NODE_COUNT}"),
        indent=4,
    ),
    _Dialect(
        opening=re.compile(r"( *)▶ (.+?)(?: \([\d.]+m?s\))?$"),
        broken=re.compile(r"( *)✖ (.+?) \([\d.]+m?s\)( # .*)?$"),
        count=re.compile(rf"\N{{INFORMATION SOURCE}} {_NODE_COUNT}"),
        indent=2,
    ),
)


def _node(lines: Sequence[str]) -> list[receipt.Tally]:
    return [run for dialect in _DIALECTS for run in _node_runs(lines, dialect)]


def _node_runs(lines: Sequence[str], dialect: _Dialect) -> Iterator[receipt.Tally]:
    path: list[str] = []
    broken: list[tuple[str, ...]] = []
    counts: dict[str, int] = {}
    for before, line in zip(["", *lines], lines, strict=False):
        count = dialect.count.match(line)
        if counts and not count:
            yield from _node_run(counts, broken)
            broken, counts = [], {}
        if count:
            counts[count[1]] = int(count[2])
        elif opened := dialect.opening.match(line):
            path[len(opened[1]) // dialect.indent :] = [_node_name(opened[2])]
        # The tree for people ends with its failing tests once more, each below the line that tells its place.
        elif (found := dialect.broken.match(line)) and not found[3] and not before.startswith("test at "):
            broken.append((*path[: len(found[1]) // dialect.indent], _node_name(found[2])))
    yield from _node_run(counts, broken)


def _node_name(name: str) -> str:
    """A test file that broke as a whole is named by its absolute path, which differs between worktrees."""
    plain = name.replace("\\#", "#").replace("\\\\", "\\")
    return "…/" + "/".join(plain.split("/")[-2:]) + NOT_RUN if plain.startswith("/") else plain


def _node_run(counts: dict[str, int], broken: Sequence[tuple[str, ...]]) -> Iterator[receipt.Tally]:
    if not counts.keys() >= {"pass", "fail"}:
        return  # cut off, or somebody's remark
    reported = counts.get("fail", 0) + counts.get("cancelled", 0)
    ran = counts.get("pass", 0) + reported
    parents = {path[:-1] for path in broken}
    leaves = [" > ".join(path) for path in broken if path not in parents]
    failed = len(leaves) if len(broken) >= reported else reported
    skipped = counts.get("skipped", 0) + counts.get("todo", 0)
    yield receipt.Tally(max(0, ran - failed), failed, skipped, tuple(leaves))


# jest and vitest: "FAIL file" opens a file's failures; jest names each below it, vitest on the same line.

_FAIL = re.compile(r" ?FAIL {1,2}(\S.*?)(?: \([\d.]+ m?s\))?$")
_JEST_BROKEN = re.compile(r" {2}● (.+)$")
_JEST_ASIDES = {"Console"}
_SUITE_BROKEN = "Test suite failed to run"
_JEST_COUNTS = re.compile(r"(?:Tests:| +Tests) +(no tests|\d+ .+)$")
_JEST_COUNT = re.compile(r"(\d+) (passed|failed|skipped|todo)\b")


def _jest(lines: Sequence[str]) -> Iterator[receipt.Tally]:
    names: set[str] = set()
    file = ""
    for line in lines:
        if found := _FAIL.match(line):
            file = found[1]
            names |= _vitest_names(file)
        elif file and (found := _JEST_BROKEN.match(line)) and found[1] not in _JEST_ASIDES:
            names.add(file + NOT_RUN if found[1] == _SUITE_BROKEN else f"{file} > {found[1]}")
        elif found := _JEST_COUNTS.match(line):
            yield _jest_run(found[1], names)
            names, file = set(), ""


def _vitest_names(text: str) -> set[str]:
    suite, bracket, _ = text.partition(" [ ")
    if bracket and text.endswith(" ]"):
        return {suite + NOT_RUN}
    return {text} if " > " in text else set()


def _jest_run(counts_text: str, names: set[str]) -> receipt.Tally:
    """A file that does not load counts as one failed test, which the runners leave out."""
    counts = {word: int(number) for number, word in _JEST_COUNT.findall(counts_text)}
    not_loaded = sum(name.endswith(NOT_RUN) for name in names)
    failed = counts.get("failed", 0) + not_loaded
    skipped = counts.get("skipped", 0) + counts.get("todo", 0)
    return receipt.Tally(counts.get("passed", 0), failed, skipped, tuple(names))


# mocha: its counts stand one below the other, then the failures, numbered, with their suites as an indented title.

_MOCHA_COUNT = re.compile(r" {2}(\d+) (passing|pending|failing)\b")
_MOCHA_TITLE = re.compile(r" {2}(\d+)\) (.+)$")
_MOCHA_DEEPEST = 100  # levels of describe()


def _mocha(lines: Sequence[str]) -> Iterator[receipt.Tally]:
    counts: dict[str, int] = {}
    names: list[str] = []
    for at, line in enumerate(lines):
        if found := _MOCHA_COUNT.match(line):
            if found[2] == "passing" and counts:
                yield _mocha_run(counts, names)
                counts, names = {}, []
            counts[found[2]] = int(found[1])
        elif (found := _MOCHA_TITLE.match(line)) and counts.get("failing", 0) > len(names) == int(found[1][:9]) - 1:
            names.append(_mocha_name(found[2], lines[at + 1 : at + _MOCHA_DEEPEST]))
    if counts:
        yield _mocha_run(counts, names)


def _mocha_name(title: str, below: Sequence[str]) -> str:
    parts = [title]
    for level, line in enumerate(below):
        indent = 7 + 2 * level
        if len(line) <= indent or line[:indent].strip() or line[indent] == " ":
            break
        parts.append(line[indent:])
    return " > ".join(parts).removesuffix(":")


def _mocha_run(counts: dict[str, int], names: Sequence[str]) -> receipt.Tally:
    passed, failed, pending = (counts.get(word, 0) for word in ("passing", "failing", "pending"))
    return receipt.Tally(passed, failed, pending, tuple(names))


# go test: tests under -v, else only the packages and the tests that failed. A package's line follows its tests.

_GO_TEST = re.compile(r"( *)--- (PASS|FAIL|SKIP): (\S+) \([\d.]+s\)$")
_GO_PACKAGE = re.compile(r"(ok  |FAIL)\t(\S+)(?:\s+(?:[\d.]+s|\(cached\)|\[(build|setup) failed\])(.*))?$")
_GO_EMPTY = "[no tests to run]"


def _go(lines: Sequence[str]) -> list[receipt.Tally]:
    is_verbose = any(line.startswith("=== RUN ") for line in lines)
    runs: list[receipt.Tally] = []
    tests: list[tuple[str, str]] = []
    for line in lines:
        if found := _GO_TEST.match(line):
            tests.append((found[2], found[3]))
        elif (found := _GO_PACKAGE.match(line)) and _GO_EMPTY not in (found[4] or ""):
            runs.append(_go_run(found, tests, is_verbose=is_verbose))
            tests = []
    return runs


def _go_run(package: re.Match[str], tests: Sequence[tuple[str, str]], *, is_verbose: bool) -> receipt.Tally:
    failing = [name for outcome, name in tests if outcome == "FAIL"]
    parents = {name.rpartition("/")[0] for name in failing}
    names = tuple(f"{package[2]}.{name}" for name in failing if name not in parents)
    is_broken = package[1] == "FAIL"
    if is_broken and not names:
        names = (package[2] + (NOT_RUN if package[3] else ""),)
    if not is_verbose:
        return receipt.Tally(passed=int(not is_broken), failed=int(is_broken), skipped=0, failing=names)
    outcomes = Counter(outcome for outcome, name in tests if "/" not in name)
    failed = outcomes["FAIL"] or int(is_broken)
    return receipt.Tally(outcomes["PASS"], failed, outcomes["SKIP"], names)


READERS: tuple[Callable[[Sequence[str]], Iterator[receipt.Tally] | list[receipt.Tally]], ...] = (
    _unittest,
    _cargo,
    _node,
    _jest,
    _mocha,
    _go,
)
