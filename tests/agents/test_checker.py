import asyncio
from dataclasses import replace
from pathlib import Path

from tickety import agent
from tickety.agents.builtin import checker
from tickety.core import receipt, report, ticket

BEFORE, AFTER = receipt.Phase.BEFORE, receipt.Phase.AFTER
VERIFICATION, REPRODUCTION = receipt.Purpose.VERIFICATION, receipt.Purpose.REPRODUCTION


def shown(
    phase: receipt.Phase,
    exit_code: int | None,
    tests: receipt.Tally | None = None,
    purpose: receipt.Purpose = VERIFICATION,
    command: tuple[str, ...] = ("pytest", "-q"),
) -> agent.Evidence:
    return agent.Evidence(
        receipt.Receipt(command, purpose, phase, exit_code, "d" * 64, "e" * 40, "now", 1.26, tests), ""
    )


def judged(*evidence: agent.Evidence, writes: bool = False) -> report.Report:
    step = ticket.Step("test", "QA Agent", "verify it", writes=writes)
    subject = ticket.Ticket(
        uid="u",
        id="BUG-2026-001",
        version=1,
        type="bug",
        title="x",
        description="x",
        status=ticket.Status.IN_PROGRESS,
        priority=ticket.Priority.HIGH,
        reporter="user:ada",
        created_at="",
        updated_at="",
        due_at="",
        orchestration=ticket.Plan((), "", "", (step,)),
        origin={},
        branch="tickety/BUG-2026-001-x",
    )

    async def run(argv: tuple[str, ...]) -> agent.Ran:
        raise AssertionError(f"the checker runs nothing, and ran {argv}")

    here = Path("nowhere")
    assignment = agent.Assignment(subject, step, "QA", 1, here, "c", here, {}, "", evidence, 60, run)
    said = asyncio.run(checker.Checker().work(assignment))
    assert isinstance(said, report.Report)
    return said


def tally(passed: int, *failing: str, failed: int | None = None) -> receipt.Tally:
    return receipt.Tally(passed, len(failing) if failed is None else failed, 0, failing)


def test_green_after_red_passes_and_every_receipt_is_listed() -> None:
    said = judged(shown(BEFORE, 1, tally(2, "a::x")), shown(AFTER, 0, tally(3)))
    assert said.status is report.Status.PASSED
    assert (
        "before: `pytest -q`, exit code 1, 1.3 s, 3 tests ran, 1 failed, output dddddddddddd, tree eeeeeeeeeeee"
        in said.summary
    )
    assert "after: `pytest -q`, exit code 0" in said.summary


def test_what_fails_now_is_counted_and_named() -> None:
    names = tuple(f"tests/a.py::test_{letter}" for letter in "abcdefg")
    said = judged(shown(AFTER, 1, tally(7, *names)))
    assert said.status is report.Status.FAILED
    assert said.error == f"`pytest -q` fails: 7 of 14 tests: {', '.join(names[:5])} and 2 more"


def test_only_what_is_new_is_named_beside_what_failed_before() -> None:
    said = judged(shown(BEFORE, 1, tally(2, "old")), shown(AFTER, 1, tally(1, "new", "old")))
    assert said.error == "`pytest -q` fails: 2 of 3 tests: new"


def test_what_failed_before_in_the_same_way_does_not_count() -> None:
    said = judged(shown(BEFORE, 1, tally(1, "new", "old")), shown(AFTER, 1, tally(2, "old")))
    assert said.status is report.Status.PASSED
    assert "fails as it did before: old" in said.summary


def test_a_name_that_fails_more_often_than_before_counts() -> None:
    said = judged(shown(BEFORE, 1, tally(1, "old")), shown(AFTER, 1, tally(0, "old", "old")))
    assert said.status is report.Status.FAILED


def test_failures_without_all_their_names_are_never_taken_for_known() -> None:
    said = judged(shown(BEFORE, 1, tally(1, failed=2)), shown(AFTER, 1, tally(1, failed=2)))
    assert said.error == "`pytest -q` fails: 2 of 3 tests"


def test_a_reproduction_has_to_pass() -> None:
    red = shown(BEFORE, 1, tally(0, "a"), REPRODUCTION, ("notes", "--version"))
    said = judged(red, replace(red, receipt=replace(red.receipt, phase=AFTER)), shown(AFTER, 0))
    assert said.status is report.Status.FAILED
    assert said.error == "`notes --version` fails: 1 of 1 test: a"


def test_without_test_names_the_exit_code_tells() -> None:
    assert judged(shown(AFTER, 2)).error == "`pytest -q` fails with exit code 2"
    assert judged(shown(AFTER, None)).error == "`pytest -q` was stopped at its time limit"


def test_without_a_receipt_of_the_result_no_pass_is_made_up() -> None:
    for evidence in ((), (shown(BEFORE, 0),)):
        said = judged(*evidence)
        assert said.status is report.Status.NEEDS_HUMAN
        assert "tickety retry BUG-2026-001 --verify" in (said.question or "")


def test_it_writes_no_tests() -> None:
    said = judged(shown(AFTER, 0), writes=True)
    assert said.status is report.Status.NEEDS_HUMAN
    assert "[roster.QA]" in (said.question or "")
