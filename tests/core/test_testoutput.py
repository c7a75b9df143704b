"""Every file in data/ is what the runner of its name really printed, without stack traces and a machine's paths."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import receipt, testoutput

DATA = Path(__file__).parent / "data"
JEST = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
DOCTEST_FAILED = "error: doctest failed, to rerun pass `--doc`\n"
SUMMARY = "== short test summary info ==\n"

PYTEST_FAILING = (
    "tests/test_a.py::TestK::test_m",
    "tests/test_a.py::U::test_sub (i=0)",
    "tests/test_a.py::U::test_sub (i=2)",
    "tests/test_a.py::test_bad",
    "tests/test_a.py::test_err",
    "tests/test_a.py::test_par[FAILED x]",
    "tests/test_a.py::test_par[\\xe9]",
    "tests/test_a.py::test_par[a - b]",
    "tests/test_a.py::test_par[c d]",
    "tests/test_a.py::test_td",
    "tests/test_a.py::test_xps",
)
PYTEST_OF_PYTEST = receipt.Tally(1, 2, 0, ("test_inner.py::test_in", "test_inner.py::test_inq"))
NODE = receipt.Tally(
    3, 5, 2, ("bad one", "parent > sub", "suite > fails # hash", "suite > inner > deep", "…/test/b.test.js (not run)")
)

REAL = {
    "pytest-verbose": receipt.Tally(
        passed=5,
        failed=11,
        skipped=2,
        failing=tuple(
            sorted(
                (
                    *PYTEST_FAILING,
                    "tests/test_a.py::test_subtests",
                    "tests/test_a.py::test_subtests [msg] (i=0)",
                    "tests/test_a.py::test_subtests [msg] (i=2)",
                )
            )
        ),
    ),
    "pytest-quiet": receipt.Tally(3, 6, 8, tuple(name for name in PYTEST_FAILING if "test_par" not in name)),
    "pytest-quietest-colour": receipt.Tally(5, 10, 2, PYTEST_FAILING),
    "pytest-not-collected": receipt.Tally(0, 1, 0, ("tests/test_coll.py (not run)",)),
    "pytest-stopped": receipt.Tally(1, 1, 0, ("tests/test_a.py::test_bad", "the tests that follow (not run)")),
    "pytest-of-pytest": PYTEST_OF_PYTEST,
    "pytest-of-pytest-q": PYTEST_OF_PYTEST,
    "pytest-of-pytest-qq": PYTEST_OF_PYTEST,
    "tox": receipt.Tally(
        passed=2,
        failed=2,
        skipped=30,
        failing=(*("tests/test_a.py::test_bad",) * 2, "tox -e a", "tox -e b", "tox -e lint"),
    ),
    "unittest": receipt.Tally(
        passed=2,
        failed=5,
        skipped=2,
        failing=(
            "test_imp (not run)",
            "test_u.A.test_bad",
            "test_u.A.test_err",
            "test_u.A.test_sub [m] (i=0, s='a b')",
            "test_u.A.test_sub [m] (i=2, s='a b')",
            "test_u.A.test_xp",
            "test_u.B.setUpClass",
            "test_u.C.tearDownClass",
        ),
    ),
    "cargo-all": receipt.Tally(2, 4, 3, ("integ", "src/lib.rs - add", "tests::bad", "tests::np")),
    "cargo-stopped": receipt.Tally(1, 2, 2, ("tests::bad", "tests::np", "the targets that follow --lib (not run)")),
    "node-tap": NODE,
    "node-spec": NODE,
    "jest": receipt.Tally(
        passed=2,
        failed=4,
        skipped=2,
        failing=(
            "j/a.test.js > bad",
            f"j/a.test.js > suite {JEST} x {JEST} deep {JEST} n",
            f"j/a.test.js > suite {JEST} x {JEST} nested fails",
            "j/b.test.js (not run)",
        ),
    ),
    "jest-coverage": receipt.Tally(1, 0, 0, ("coverage of functions: 99 %",)),
    "vitest-colour": receipt.Tally(
        passed=2,
        failed=4,
        skipped=2,
        failing=(
            "src/a.test.js > bad",
            "src/a.test.js > suite > x > deep > n",
            "src/a.test.js > suite > x > nested fails",
            "src/b.test.js (not run)",
        ),
    ),
    "mocha": receipt.Tally(
        passed=1,
        failed=4,
        skipped=2,
        failing=(
            "root bad",
            'suite > deep > "before each" hook: prep for "n: colon:"',
            "suite > deep two > n: colon:",
            "suite > fails",
        ),
    ),
    "go": receipt.Tally(1, 2, 0, ("example.com/demo.TestBad/case_one", "example.com/demo/brk (not run)")),
    "go-verbose": receipt.Tally(2, 2, 1, ("example.com/demo.TestBad/case_one", "example.com/demo/brk (not run)")),
}

SHORT = {
    "nothing": ("", None),
    "a compiler": ("error: could not compile `demo` (lib test) due to 1 previous error\n", None),
    "prose about tests": ("We ran 3 tests in 2 days: 2 passed, 1 failed in 5 minutes.\n", None),
    "a linter": ("Found 3 errors in 1 file (checked 2 source files)\nAll checks passed!\n", None),
    "pytest, green": ("...   [100%]\n3 passed in 0.02s\n", receipt.Tally(3, 0, 0)),
    "pytest -qq, green": ("..s   [100%]\n", receipt.Tally(2, 0, 1)),
    "pytest, hours": ("===== 1 failed, 2 passed in 3725.10s (1:02:05) =====\n", receipt.Tally(2, 1, 0)),
    "pytest without tests": ("\nno tests ran in 0.01s\n", receipt.Tally(0, 0, 0)),
    "pytest, all deselected": ("\n17 deselected in 0.64s\n", receipt.Tally(0, 0, 17)),
    "pytest --collect-only": ("t.py::a\n\n17 tests collected in 0.64s\n", receipt.Tally(0, 0, 0)),
    "pytest, names withheld": ("F.   [100%]\n1 failed, 1 passed in 0.65s\n", receipt.Tally(1, 1, 0)),
    "pytest with an older plugin for subtests": (
        "u.   [100%]\n" + SUMMARY + "(i=0) SUBFAIL t.py::U::test_sub - x\n1 failed, 2 passed in 0.03s\n",
        receipt.Tally(1, 1, 0, ("t.py::U::test_sub (i=0)",)),
    ),
    "pytest, its start cut off": (
        SUMMARY + "FAILED t.py::test_a - x\n=== 1 failed, 1 passed in 1.00s ===\n",
        receipt.Tally(1, 1, 0, ("t.py::test_a",)),
    ),
    "pytest that died, then another": (
        "=== test session starts ===\nFatal\n=== test session starts ===\n=== 2 passed in 1.00s ===\n",
        receipt.Tally(2, 0, 0),
    ),
    "pytest -qq, then one that says more": (
        ".F [100%]\n" + SUMMARY + "FAILED a.py::test_a - x\n=== test session starts ===\n== 2 passed in 1s ==\n",
        receipt.Tally(3, 1, 0, ("a.py::test_a",)),
    ),
    "pytest -qq, then cargo": (
        "..   [100%]\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0s\n",
        receipt.Tally(5, 0, 1),
    ),
    "make with two runners": (
        "pytest -q\n..   [100%]\n2 passed in 0.02s\nnpm test\nℹ tests 4\nℹ pass 3\nℹ fail 0\nℹ skipped 1\n",  # noqa: RUF001
        receipt.Tally(5, 0, 1),
    ),
    "another tool that counts and takes time": ("12 modules in 0.5s\n3 files, 2 errors in 1 hour\n", None),
    "pytest on several lines": (".. [ 50%]\n.. [100%]\n4 passed in 0.02s\n", receipt.Tally(4, 0, 0)),
    "pytest, failed and torn down badly": (
        "FE. [100%]\n== ERRORS ==\n_ ERROR at teardown of test_a _\n"
        + SUMMARY
        + "FAILED t.py::test_a - x\nERROR t.py::test_a - y\n1 failed, 1 passed, 1 error in 0.1s\n",
        receipt.Tally(1, 1, 0, ("t.py::test_a",)),
    ),
    "pytest, an open bracket": (
        SUMMARY + "FAILED t.py::a[x - y\n1 failed in 0.1s\n",
        receipt.Tally(0, 1, 0, ("t.py::a[x - y",)),
    ),
    "an address in a name": (
        SUMMARY + "FAILED t.py::test_a[f at 0x7fe14d9a5ed0]\n1 failed in 0.1s\n",
        receipt.Tally(0, 1, 0, ("t.py::test_a[f at 0x…]",)),
    ),
    "a log line that looks like a summary": (
        "E  [100%]\n== FAILURES ==\nERROR tests.log::boom\n" + SUMMARY + "FAILED t.py::a\n1 failed in 1s\n",
        receipt.Tally(0, 1, 0, ("t.py::a",)),
    ),
    "unittest before Python 3.11": (
        f"{'=' * 70}\nFAIL: test_a (mod.Case)\n{'-' * 70}\n\nRan 2 tests in 0.001s\n\nFAILED (failures=1)\n",
        receipt.Tally(1, 1, 0, ("mod.Case.test_a",)),
    ),
    "unittest, an import broken": (
        f"{'=' * 70}\nERROR: tests.test_a (unittest.loader._FailedTest)\n\nRan 1 test in 0.0s\n\nFAILED (errors=1)\n",
        receipt.Tally(0, 1, 0, ("tests.test_a (not run)",)),
    ),
    "unittest with carriage returns": (
        f"{'=' * 70}\r\nFAIL: test_a (m.C.test_a)\r\n\r\nRan 1 test in 0.0s\r\n\r\nFAILED (failures=1)\r\n",
        receipt.Tally(0, 1, 0, ("m.C.test_a",)),
    ),
    "unittest, names cut off": ("\nRan 3 tests in 0.001s\n\nFAILED (failures=1, errors=1)\n", receipt.Tally(1, 2, 0)),
    "unittest, green": ("..\nRan 2 tests in 0.001s\n\nOK (skipped=1)\n", receipt.Tally(1, 0, 1)),
    "unittest without tests": ("\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n", receipt.Tally(0, 0, 0)),
    "two tox environments, one red": (
        "1 passed in 0.1s\n1 passed in 0.1s\n  a: OK (1.0 seconds)\n  b: FAIL code 2 (1.0 seconds)\n",
        receipt.Tally(2, 0, 0, ("tox -e b",)),
    ),
    "nox": (".  [100%]\n1 passed in 0.1s\nnox > * lint: failed\n", receipt.Tally(1, 0, 0, ("nox -s lint",))),
    "pytest-cov": (
        ".  [100%]\nFAIL Required test coverage of 90% not reached. Total coverage: 75.00%\n1 passed in 0.1s\n",
        receipt.Tally(1, 0, 0, ("coverage: 90 %",)),
    ),
    "cargo, only the doc tests fail": (
        "failures:\n    a\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored;\n" + DOCTEST_FAILED,
        receipt.Tally(0, 1, 0, ("a",)),
    ),
    "an older jest's threshold": (
        'Jest: "global" coverage threshold for lines (80%) not met: 50%\nTests:       1 passed, 1 total\n',
        receipt.Tally(1, 0, 0, ("coverage of lines: 80 %",)),
    ),
    "jest, a name cut off": ("Tests:       1 failed, 1 passed, 2 total\n", receipt.Tally(1, 1, 0)),
    "mocha, a name cut off": ("  1 passing (5ms)\n  1 failing\n", receipt.Tally(1, 1, 0)),
    "node, cancelled": (
        "not ok 1 - a\n# tests 2\n# pass 1\n# fail 0\n# cancelled 1\n# skipped 0\n# todo 0\n",
        receipt.Tally(1, 1, 0, ("a",)),
    ),
    "node, a name cut off": ("# tests 2\n# pass 1\n# fail 1\n", receipt.Tally(1, 1, 0)),
    "go, two of one package": (
        "=== RUN   TestA\n--- FAIL: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tm\t0.1s\n",
        receipt.Tally(0, 2, 0, ("m.TestA", "m.TestB")),
    ),
    "vitest, a bracket in a name": (
        " FAIL  a.test.ts > list > renders [ empty\n      Tests  1 failed (1)\n",
        receipt.Tally(0, 1, 0, ("a.test.ts > list > renders [ empty",)),
    ),
    "tape": (
        "TAP version 13\nok 1 a\nnot ok 2 b\n\n1..2\n# tests 2\n# pass  1\n# fail  1\n",
        receipt.Tally(1, 1, 0, ("b",)),
    ),
    "vitest without tests": (" Test Files  no tests\n      Tests  no tests\n", receipt.Tally(0, 0, 0)),
    "go, nothing to run": ("ok  \texample.com/a\t0.1s [no tests to run]\n?   \texample.com/b\t[no test files]\n", None),
    "go, cached": ("ok  \texample.com/a\t(cached)\n", receipt.Tally(1, 0, 0)),
    "go, a package that exits": ("FAIL\texample.com/a\t0.01s\nFAIL\n", receipt.Tally(0, 1, 0, ("example.com/a",))),
    "carriage returns": ("..   [100%]\r\n2 passed in 0.02s\r\n", receipt.Tally(2, 0, 0)),
}


@pytest.mark.parametrize(("name", "tally"), REAL.items())
def test_what_a_runner_prints_is_read(name: str, tally: receipt.Tally) -> None:
    assert testoutput.read((DATA / f"{name}.txt").read_text()) == tally


def test_every_real_output_is_read() -> None:
    assert {path.stem for path in DATA.glob("*.txt")} == set(REAL)


@pytest.mark.parametrize(("output", "tally"), SHORT.values(), ids=SHORT.keys())
def test_a_few_lines_are_read(output: str, tally: receipt.Tally | None) -> None:
    assert testoutput.read(output) == tally


@pytest.mark.parametrize("name", REAL)
def test_of_two_runs_in_one_output_everything_counts_twice(name: str) -> None:
    output = (DATA / f"{name}.txt").read_text()
    once, twice = REAL[name], testoutput.read(output + "\n" + output)
    assert twice is not None
    assert (twice.passed, twice.failed, twice.skipped) == (2 * once.passed, 2 * once.failed, 2 * once.skipped)
    assert set(twice.failing) == set(once.failing)


def test_a_name_that_fails_in_two_runs_is_there_twice() -> None:
    output = SUMMARY + "FAILED t.py::a\n1 failed in 1s\n"
    tally = testoutput.read(output + output)
    assert tally is not None
    assert tally.failing == ("t.py::a", "t.py::a")


def test_one_missing_name_takes_all_names_away() -> None:
    named = SUMMARY + "FAILED t.py::a\n1 failed in 1s\n"
    assert testoutput.read(named + "1 failed, 2 passed in 1s\n") == receipt.Tally(2, 2, 0)


@pytest.mark.parametrize("name", sorted(REAL.keys() - {"go", "go-verbose", "jest-coverage"}))
def test_a_failing_run_whose_start_was_cut_off_never_reads_as_a_passing_one(name: str) -> None:
    """Counts come last; only go's are spread over the output, and a threshold is named before them."""
    output = (DATA / f"{name}.txt").read_text()
    for cut in range(0, len(output), 97):
        tally = testoutput.read(output[cut:])
        assert tally is None or tally.failed > 0


FRAGMENTS = st.sampled_from(
    [line for path in sorted(DATA.glob("*.txt")) for line in path.read_text().splitlines()]
    + ["=", "\x1b[31m", "\x1b]0;", "\r", "FAILED ", "SUBFAILED(", "[100%]", "Ran 1 test in 0.1s", "failures:", "\x00"]
)


@given(st.lists(FRAGMENTS | st.text(max_size=30), max_size=60).map("\n".join))
def test_no_output_is_too_strange(output: str) -> None:
    tally = testoutput.read(output)
    if tally is not None:
        assert min(tally.passed, tally.failed, tally.skipped) >= 0
        assert tally.failing == tuple(sorted(tally.failing))
        assert testoutput.is_complete(tally) or tally.failing == ()
        assert not any("\x1b" in name or "\n" in name for name in tally.failing)


MEGABYTE = 1_000_000
TIRING = (
    "some line of a log\n",
    "x",
    "=",
    "= ",
    "_",
    "\x1b]",
    "\x1b[1",
    "1 passed, ",
    "FAILED a::b[",
    "SUBFAILED a ",
    "[ ",
    " FAIL  a [ ",
    "    # Subtest: a\n    not ok 1 - a # \n",
    "  1 passing\n  9 failing\n  1) a\n       b\n",
    ". [100%]\n=== FAILURES ===\n",
    "=== test session starts ===\n",
    "failures:\n    a\n",
    "FAIL a\n  \N{BLACK CIRCLE} b\n",
)


@pytest.mark.parametrize("unit", TIRING)
def test_a_megabyte_takes_linear_time(unit: str) -> None:
    """Quadratic time would take minutes here; the bar leaves room for a slow machine."""
    output = (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]
    begin = time.process_time()
    testoutput.read(output)
    assert time.process_time() - begin < 5
