from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import evidence, receipt

BASE, RESULT, ELSEWHERE = "tree-of-the-base", "tree-of-the-result", "another-tree"
SUITE, SHOW, OTHER = ("pytest", "-q"), ("notes", "--version"), ("ruff", "check")
A, B, C = "tests/test_a.py::test_a", "tests/test_b.py::test_b", "tests/test_c.py::test_c[x y]"


def ran(
    command: tuple[str, ...], exit_code: int | None, tests: receipt.Tally | None = None, tree: str = RESULT
) -> receipt.Receipt:
    purpose = receipt.Purpose.REPRODUCTION if command == SHOW else receipt.Purpose.VERIFICATION
    return receipt.Receipt(
        command, purpose, receipt.Phase.AFTER, exit_code, "sha", tree, "2026-11-22T09:00:00Z", 1.5, tests
    )


def was(command: tuple[str, ...], exit_code: int | None, tests: receipt.Tally | None = None) -> receipt.Receipt:
    return replace(ran(command, exit_code, tests, BASE), phase=receipt.Phase.BEFORE)


def tally(ran_: int, *failing: str, skipped: int = 0) -> receipt.Tally:
    return receipt.Tally(ran_ - len(failing), len(failing), skipped, failing)


def nameless(ran_: int, failed: int) -> receipt.Tally:
    return receipt.Tally(ran_ - failed, failed, 0)


PROVEN = {
    "red before, green after": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 0, tally(11))],
        "`pytest -q` failed before and passes now (11 tests)",
        (),
    ),
    "a reproduction shows the fix, and the suite was green all the time": (
        [was(SUITE, 0, tally(11)), was(SHOW, 1)],
        [ran(SUITE, 0, tally(11)), ran(SHOW, 0)],
        "`notes --version` failed before and passes now; `pytest -q` passes (11 tests)",
        (),
    ),
    "a suite red for another reason": (
        [was(SUITE, 1, tally(11, A, B)), was(SHOW, 1)],
        [ran(SUITE, 1, tally(11, A, B)), ran(SHOW, 0)],
        f"`notes --version` failed before and passes now; `pytest -q` fails: {A} and {B}, as it did before",
        (A, B),
    ),
    "fewer known failures than before": (
        [was(SUITE, 1, tally(11, A, B)), was(SHOW, 1)],
        [ran(SUITE, 1, tally(11, B)), ran(SHOW, 0)],
        f"`notes --version` failed before and passes now; `pytest -q` fails: {B}, as it did before",
        (B,),
    ),
    "a command that never ended, and does now": (
        [was(SUITE, None)],
        [ran(SUITE, 0, tally(3))],
        "`pytest -q` did not end within its time limit before and passes now (3 tests)",
        (),
    ),
    "a suite without a tally": (
        [was(("make", "test"), 2)],
        [ran(("make", "test"), 0)],
        "`make test` failed before and passes now",
        (),
    ),
    "a file that did not load, with skipped tests in it": (
        [was(SUITE, 2, tally(1, "tests/test_a.py (not run)"))],
        [ran(SUITE, 0, tally(9, skipped=8))],
        "`pytest -q` failed before and passes now (9 tests)",
        (),
    ),
    "the last receipt of a command counts": (
        [was(SUITE, 0, tally(3)), was(SUITE, 1, tally(3, A))],
        [ran(SUITE, 1, tally(3, A)), ran(SUITE, 0, tally(3))],
        "`pytest -q` failed before and passes now (3 tests)",
        (),
    ),
    "one test": ([was(SUITE, 1)], [ran(SUITE, 0, tally(1))], "`pytest -q` failed before and passes now (1 test)", ()),
}

NOT_KNOWN = "whether it failed before is not known"
STILL = "the reproduction `notes --version` still fails (exit code 1)"

REFUTED = {
    "broken by the change": (
        [was(SUITE, 0, tally(11))],
        [ran(SUITE, 1, tally(11, A))],
        f"`pytest -q` passed before and now fails: {A}",
    ),
    "broken by the change, though a reproduction passes": (
        [was(SUITE, 0), was(SHOW, 1)],
        [ran(SUITE, 1), ran(SHOW, 0)],
        "`pytest -q` passed before and now fails (exit code 1)",
    ),
    "five at once": (
        [was(SUITE, 0)],
        [ran(SUITE, 1, tally(9, *"abcde"))],
        "`pytest -q` passed before and now fails: a, b, c, d and e",
    ),
    "many at once": (
        [was(SUITE, 0)],
        [ran(SUITE, 1, tally(9, *"abcdefg"))],
        "`pytest -q` passed before and now fails: a, b, c, d, e and 2 more",
    ),
    "the reproduction still fails": (
        [was(SUITE, 0), was(SHOW, 1)],
        [ran(SUITE, 0), ran(SHOW, 1)],
        STILL,
    ),
    "the reproduction fails as before, in known tests": (
        [was(SHOW, 1, tally(2, A))],
        [ran(SUITE, 0), ran(SHOW, 1, tally(2, A))],
        f"the reproduction `notes --version` still fails: {A}",
    ),
    "a new failure in a red suite": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 1, tally(11, A, B))],
        f"`pytest -q` fails now in what did not fail before: {B}",
    ),
    "another failure in a red suite": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 1, tally(11, B))],
        f"`pytest -q` fails now in what did not fail before: {B}",
    ),
    "one name fails in a second run, too": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 1, tally(11, A, A))],
        f"`pytest -q` fails now in what did not fail before: {A}",
    ),
    "a failure behind a file that did not load": (
        [was(SUITE, 2, tally(1, "tests/test_a.py (not run)"))],
        [ran(SUITE, 1, tally(9, A))],
        f"`pytest -q` fails now in what did not fail before: {A} ({NOT_KNOWN}, for tests/test_a.py did not run)",
    ),
    "nothing to be read from the output": (
        [was(SUITE, 2)],
        [ran(SUITE, 2)],
        "`pytest -q` still fails (exit code 2)",
    ),
    "nothing to be read from the output before": (
        [was(SUITE, 1)],
        [ran(SUITE, 1, tally(11, A))],
        f"`pytest -q` still fails: {A}",
    ),
    "names withheld": (
        [was(SUITE, 1, nameless(11, 2))],
        [ran(SUITE, 1, nameless(11, 2))],
        "`pytest -q` still fails (exit code 1, 2 tests failed)",
    ),
    "some names withheld": (
        [was(SUITE, 1, replace(nameless(11, 2), failing=(A,)))],
        [ran(SUITE, 1, replace(nameless(11, 2), failing=(A,)))],
        f"`pytest -q` still fails: {A}",
    ),
    "every test passes, and the command fails": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 1, tally(11))],
        "`pytest -q` still fails (exit code 1, though no test of 11 failed)",
    ),
    "no test ran any more": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 5, tally(0))],
        "`pytest -q` still fails (exit code 5, no test ran)",
    ),
    "stopped at its time limit": (
        [was(SUITE, 0)],
        [ran(SUITE, None)],
        "`pytest -q` passed before and now was stopped at its time limit, after 2 seconds",
    ),
    "stopped at its time limit, as before": (
        [was(SUITE, None, tally(1, A))],
        [ran(SUITE, None, tally(1, A))],
        "`pytest -q` was stopped at its time limit, after 2 seconds",
    ),
    "crashed": ([was(SUITE, 0)], [ran(SUITE, -11)], "`pytest -q` passed before and now was ended by signal 11"),
    "red, and never run before": ([], [ran(SUITE, 1, tally(2, A))], f"`pytest -q` fails: {A}"),
    "two at once": (
        [was(SUITE, 0), was(SHOW, 1)],
        [ran(SUITE, 1), ran(SHOW, 1)],
        f"`pytest -q` passed before and now fails (exit code 1); {STILL}",
    ),
}

NOTHING_SHOWN = "nothing that failed before passes now; give a command that shows the fault (--repro COMMAND)"

QUESTIONS = {
    "nothing is known": ([], [], "no verification command is known; name the command that tests the project"),
    "only the reproduction is known": (
        [was(SHOW, 1)],
        [ran(SHOW, 0)],
        "no verification command is known; name the command that tests the project",
    ),
    "the verification ran on another tree": (
        [was(SUITE, 1)],
        [ran(SUITE, 0, tree=ELSEWHERE)],
        "`pytest -q` has not been run on the result",
    ),
    "the reproduction was not run again": (
        [was(SUITE, 1), was(SHOW, 1)],
        [ran(SUITE, 0)],
        "`notes --version` has not been run on the result",
    ),
    "neither was run again": (
        [was(SUITE, 1), was(SHOW, 1)],
        [],
        "`pytest -q` and `notes --version` have not been run on the result",
    ),
    "green before and after": ([was(SUITE, 0, tally(3))], [ran(SUITE, 0, tally(3))], NOTHING_SHOWN),
    "never run before": ([], [ran(SUITE, 0, tally(3))], NOTHING_SHOWN),
    "red before for want of tests": ([was(SUITE, 5, tally(0))], [ran(SUITE, 0, tally(1))], NOTHING_SHOWN),
    "red and green on the same files": (
        [replace(was(SUITE, 1, tally(3, A)), tree=RESULT)],
        [ran(SUITE, 0, tally(3))],
        f"{NOTHING_SHOWN}; `pytest -q` failed and passed on the same files, so it shows nothing",
    ),
    "still red for another reason": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 1, tally(11, A))],
        NOTHING_SHOWN,
    ),
    "still red for another reason, with a test mended": (
        [was(SUITE, 1, tally(11, A, B))],
        [ran(SUITE, 1, tally(11, B))],
        f"{NOTHING_SHOWN}, such as --repro 'pytest {A}', which would fail before and pass now",
    ),
}

LESS = "11 tests ran before, 10 now: `pytest -q` checks less than it did"

APPROVALS = {
    "fewer tests": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 0, tally(10))],
        LESS,
    ),
    "fewer tests in a suite that stays red": (
        [was(SUITE, 1, tally(11, A)), was(SHOW, 1)],
        [ran(SUITE, 1, tally(10, A)), ran(SHOW, 0)],
        LESS,
    ),
    "one skipped, one added": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 0, tally(11, skipped=1))],
        "0 tests were skipped before, 1 now: `pytest -q` checks less than it did",
    ),
    "one skipped, many added": (
        [was(SUITE, 1, tally(11, A, skipped=1))],
        [ran(SUITE, 0, tally(20, skipped=2))],
        "1 test was skipped before, 2 now: `pytest -q` checks less than it did",
    ),
    "more skipped than a file that did not load can explain": (
        [was(SUITE, 2, tally(1, "tests/test_a.py (not run)", skipped=5))],
        [ran(SUITE, 0, tally(9, skipped=14))],
        "5 tests were skipped before, 14 now: `pytest -q` checks less than it did",
    ),
    "in two commands": (
        [was(SUITE, 1, tally(11, A)), was(("tox",), 1, tally(4, A))],
        [ran(SUITE, 0, tally(10)), ran(("tox",), 0, tally(3))],
        f"{LESS}; 4 tests ran before, 3 now: `tox` checks less than it did",
    ),
    "no test any more": (
        [was(SUITE, 1, tally(1, A))],
        [ran(SUITE, 0, tally(0))],
        "1 test ran before, none now: `pytest -q` checks less than it did",
    ),
    "no tally any more": (
        [was(SUITE, 1, tally(11, A))],
        [ran(SUITE, 0)],
        "11 tests ran before, none that can be counted now: `pytest -q` checks less than it did",
    ),
}

NO_RED_NEEDED = {
    "green": ([was(SUITE, 0, tally(3))], [ran(SUITE, 0, tally(3))], evidence.Proven("`pytest -q` passes (3 tests)")),
    "green, never run before": ([], [ran(SUITE, 0)], evidence.Proven("`pytest -q` passes")),
    "red before": ([was(SUITE, 1, tally(3, A))], [ran(SUITE, 0, tally(3))], None),
    "known failures": (
        [was(SUITE, 1, tally(3, A))],
        [ran(SUITE, 1, tally(3, A))],
        evidence.Proven(f"`pytest -q` fails: {A}, as it did before", (A,)),
    ),
    "a reproduction that nobody ran again": ([was(SUITE, 0), was(SHOW, 1)], [ran(SUITE, 0)], None),
}


@pytest.mark.parametrize(("before", "after", "sentence", "known"), PROVEN.values(), ids=PROVEN.keys())
def test_it_is_proven(
    before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], sentence: str, known: tuple[str, ...]
) -> None:
    assert evidence.judge(before, after, RESULT, needs_red=True) == evidence.Proven(sentence, known)


@pytest.mark.parametrize("needs_red", [True, False])
@pytest.mark.parametrize(("before", "after", "sentence"), REFUTED.values(), ids=REFUTED.keys())
def test_it_is_refuted_whatever_the_ticket_is(
    before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], sentence: str, *, needs_red: bool
) -> None:
    assert evidence.judge(before, after, RESULT, needs_red=needs_red) == evidence.Refuted(sentence)


@pytest.mark.parametrize(("before", "after", "sentence"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_person_is_asked(before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], sentence: str) -> None:
    judgement = evidence.judge(before, after, RESULT, needs_red=True)
    assert isinstance(judgement, evidence.Unproven)
    assert (judgement.sentence, judgement.kind) == (sentence, "question")


@pytest.mark.parametrize("needs_red", [True, False])
@pytest.mark.parametrize(("before", "after", "sentence"), APPROVALS.values(), ids=APPROVALS.keys())
def test_a_person_must_approve(
    before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], sentence: str, *, needs_red: bool
) -> None:
    assert evidence.judge(before, after, RESULT, needs_red=needs_red) == evidence.Unproven(sentence, "approval")


@pytest.mark.parametrize(("before", "after", "proof"), NO_RED_NEEDED.values(), ids=NO_RED_NEEDED.keys())
def test_what_needs_no_red_is_proven_by_green(
    before: Sequence[receipt.Receipt], after: Sequence[receipt.Receipt], proof: evidence.Proven | None
) -> None:
    judgement = evidence.judge(before, after, RESULT, needs_red=False)
    assert isinstance(judgement, evidence.Proven)
    assert proof in (None, judgement)


REPRODUCTIONS = {
    "a virtual environment's": ((".venv/bin/pytest", "-q", "tests"), (A,), (".venv/bin/pytest", A)),
    "a module": (("python3", "-m", "pytest", "-q"), (A, C), ("python3", "-m", "pytest", A, C)),
    "through a wrapper": (("make", "test"), (A,), ("python3", "-m", "pytest", A)),
    "unittest": (
        ("python3", "-m", "unittest", "discover"),
        ("t.Case.test_a",),
        ("python3", "-m", "unittest", "t.Case.test_a"),
    ),
    "unittest through a wrapper": (
        ("make", "test"),
        ("t.Case.test_a",),
        ("python3", "-m", "unittest", "t.Case.test_a"),
    ),
    "an old name": (("py.test",), (A,), ("py.test", A)),
    "a subtest cannot be named alone": (SUITE, (f"{A} (i=0)",), ()),
    "what did not run cannot be named": (SUITE, ("tests/test_a.py (not run)",), ()),
    "another runner": (("npm", "test"), ("suite > fails",), ()),
    "many": (SUITE, tuple(f"t.py::test_{n}" for n in range(8)), ("pytest", *(f"t.py::test_{n}" for n in range(5)))),
}


@pytest.mark.parametrize(("command", "mended", "expected"), REPRODUCTIONS.values(), ids=REPRODUCTIONS.keys())
def test_mended_tests_of_a_red_suite_make_a_reproduction(
    command: tuple[str, ...], mended: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    before, after = was(command, 1, tally(20, B, *mended)), ran(command, 1, tally(20, B))
    judgement = evidence.judge([before], [after], RESULT, needs_red=True)
    assert isinstance(judgement, evidence.Unproven)
    assert judgement.reproduction == expected


KNOWN = {
    "green": ([was(SUITE, 0)], None),
    "nothing run": ([], None),
    "red": ([was(SUITE, 1, tally(9, A, B))], f"before any change `pytest -q` fails: {A} and {B}"),
    "unreadable": ([was(("make", "test"), 2)], "before any change `make test` fails (exit code 2)"),
    "endless": ([was(SUITE, None)], "before any change `pytest -q` was stopped at its time limit, after 2 seconds"),
    "a reproduction is meant to fail": ([was(SUITE, 0), was(SHOW, 1)], None),
    "mended since": ([was(SUITE, 1), was(SUITE, 0)], None),
    "two": (
        [was(SUITE, 1), was(OTHER, 1)],
        "before any change `pytest -q` fails (exit code 1); before any change `ruff check` fails (exit code 1)",
    ),
}


@pytest.mark.parametrize(("before", "sentence"), KNOWN.values(), ids=KNOWN.keys())
def test_failures_of_the_base_are_named(before: Sequence[receipt.Receipt], sentence: str | None) -> None:
    assert evidence.known_failures(before) == sentence


def test_a_set_up_is_no_evidence() -> None:
    setup = replace(was(SUITE, 1), purpose=receipt.Purpose.SETUP)
    done = replace(ran(SUITE, 0), purpose=receipt.Purpose.SETUP)
    judgement = evidence.judge([setup], [done], RESULT, needs_red=False)
    assert isinstance(judgement, evidence.Unproven)
    assert evidence.known_failures([setup]) is None


# Properties.

NAMES = st.lists(st.sampled_from([A, B, C, "tests/test_d.py (not run)", "suite > fails"]), max_size=4)
TALLIES = st.builds(
    lambda passed, unnamed, skipped, names: receipt.Tally(passed, len(names) + unnamed, skipped, tuple(sorted(names))),
    st.integers(0, 3),
    st.integers(0, 1),
    st.integers(0, 3),
    NAMES,
)
RECEIPTS = st.builds(
    ran,
    st.sampled_from([SUITE, SHOW, ("make", "test")]),
    st.sampled_from([0, 0, 1, 2, None, -9]),
    st.none() | TALLIES,
    st.sampled_from([RESULT, RESULT, ELSEWHERE, BASE]),
)
SIDES = st.lists(RECEIPTS, max_size=5)


@given(before=SIDES, after=SIDES, needs_red=st.booleans(), was_red=st.booleans())
def test_an_unrelated_green_command_never_makes_a_proof_of_a_refutation(
    before: list[receipt.Receipt], after: list[receipt.Receipt], *, needs_red: bool, was_red: bool
) -> None:
    green = [ran(OTHER, 0, tally(5))]
    red = [was(OTHER, 1, tally(5, A))] if was_red else []
    if isinstance(evidence.judge(before, after, RESULT, needs_red=needs_red), evidence.Refuted):
        judgement = evidence.judge([*before, *red], [*after, *green], RESULT, needs_red=needs_red)
        assert isinstance(judgement, evidence.Refuted)


@given(before=SIDES, after=SIDES, needs_red=st.booleans())
def test_what_ran_on_another_tree_says_nothing(
    before: list[receipt.Receipt], after: list[receipt.Receipt], *, needs_red: bool
) -> None:
    here = [entry for entry in after if entry.tree == RESULT]
    assert evidence.judge(before, after, RESULT, needs_red=needs_red) == evidence.judge(
        before, here, RESULT, needs_red=needs_red
    )


@given(before=SIDES, after=SIDES, needs_red=st.booleans())
def test_a_proof_rests_on_a_verification_that_is_green_or_fails_only_as_it_did(
    before: list[receipt.Receipt], after: list[receipt.Receipt], *, needs_red: bool
) -> None:
    judgement = evidence.judge(before, after, RESULT, needs_red=needs_red)
    if isinstance(judgement, evidence.Proven):
        then = {entry.command: entry for entry in before}
        last = {entry.command: entry for entry in after if entry.tree == RESULT}
        assert any(entry.purpose is receipt.Purpose.VERIFICATION for entry in last.values())
        for command, entry in last.items():
            if not entry.is_green:
                known, now = then[command].tests, entry.tests
                assert known is not None
                assert now is not None
                assert set(judgement.known_failures) >= set(now.failing) <= set(known.failing)


@given(SIDES, SIDES)
def test_a_fix_was_seen_red_and_green_on_different_trees(
    before: list[receipt.Receipt], after: list[receipt.Receipt]
) -> None:
    if isinstance(evidence.judge(before, after, RESULT, needs_red=True), evidence.Proven):
        last = {entry.command: entry for entry in before}
        green = {entry.command for entry in after if entry.tree == RESULT and entry.is_green}
        assert any(not last[command].is_green and last[command].tree != RESULT for command in green & last.keys())


@given(SIDES, SIDES)
def test_a_ticket_that_needs_red_is_never_proven_more_easily(
    before: list[receipt.Receipt], after: list[receipt.Receipt]
) -> None:
    if isinstance(evidence.judge(before, after, RESULT, needs_red=True), evidence.Proven):
        assert isinstance(evidence.judge(before, after, RESULT, needs_red=False), evidence.Proven)
