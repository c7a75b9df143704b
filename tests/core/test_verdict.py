from dataclasses import replace

import pytest

from tests import builders
from tickety.core import document, errors, events, evidence, lifecycle, receipt, report, ticket, verdict

PASSED, FAILED, NEEDS_HUMAN = report.SAYABLE
SAID_PASSED = report.Report(PASSED, "all good")
SAID_FAILED = report.Report(FAILED, "I tried", error="it does not import")
SAID_STUCK = report.Report(NEEDS_HUMAN, "I am stuck", question="which module?")
PROVEN = evidence.Proven("pytest failed before and passes now")
REFUTED = evidence.Refuted("2 tests fail")
UNPROVEN = evidence.Unproven("nothing that failed before passes now", "question")
UNAPPROVED = evidence.Unproven("a test was skipped", "approval")

Outcome = verdict.Outcome


@pytest.mark.parametrize(
    ("said", "judgement", "objections", "outcome"),
    [
        (SAID_PASSED, None, (), Outcome(PASSED, "all good")),
        (SAID_PASSED, PROVEN, (), Outcome(PASSED, PROVEN.sentence)),
        (SAID_PASSED, REFUTED, (), Outcome(FAILED, "2 tests fail")),
        (SAID_PASSED, UNPROVEN, (), Outcome(NEEDS_HUMAN, UNPROVEN.sentence)),
        (SAID_PASSED, UNAPPROVED, (), Outcome(NEEDS_HUMAN, UNAPPROVED.sentence, "approval")),
        (SAID_FAILED, None, (), Outcome(FAILED, "it does not import")),
        (SAID_FAILED, PROVEN, (), Outcome(FAILED, "it does not import")),
        (report.Report(FAILED, "I tried"), None, (), Outcome(FAILED, "I tried")),
        (SAID_STUCK, None, (), Outcome(NEEDS_HUMAN, "which module?")),
        (SAID_STUCK, PROVEN, (), Outcome(NEEDS_HUMAN, "which module?")),
        (report.Report(NEEDS_HUMAN, "I am stuck"), None, (), Outcome(NEEDS_HUMAN, "I am stuck")),
    ],
)
def test_evidence_weighs_more_than_words(
    said: report.Report, judgement: evidence.Judgement | None, objections: tuple[str, ...], outcome: verdict.Outcome
) -> None:
    assert verdict.weigh(said, judgement, objections) == outcome


@pytest.mark.parametrize("judgement", [None, PROVEN, UNPROVEN])
def test_an_objection_needs_approval_however_well_it_is_proven(judgement: evidence.Judgement | None) -> None:
    outcome = verdict.weigh(SAID_PASSED, judgement, ("it deletes tests/test_cli.py", "it edits tox.ini"))

    assert (outcome.status, outcome.kind) == (NEEDS_HUMAN, "approval")
    assert "it deletes tests/test_cli.py; it edits tox.ini" in outcome.sentence


@pytest.mark.parametrize("said", [SAID_PASSED, SAID_FAILED, SAID_STUCK])
def test_failing_tests_fail_the_step_whatever_is_said_or_objected(said: report.Report) -> None:
    assert verdict.weigh(said, REFUTED, ("it edits tox.ini",)) == Outcome(FAILED, "2 tests fail")


def test_an_objection_does_not_turn_a_failure_into_a_question() -> None:
    assert verdict.weigh(SAID_FAILED, None, ("it edits tox.ini",)).status is FAILED


def follow(
    subject: ticket.Ticket, step: str, outcome: verdict.Outcome, commit: str | None = None
) -> list[events.Draft]:
    update = builders.update(subject, step, outcome.status)
    return verdict.follow(subject, verdict.End(update, outcome, commit), builders.NOW)


def kinds(drafts: list[events.Draft]) -> list[str]:
    return [draft.type for draft in drafts]


def test_a_step_that_passed_makes_the_next_one_ready() -> None:
    running = builders.started(builders.opened(), "diagnose")

    drafts = follow(running, "diagnose", Outcome(PASSED, "found"))

    assert kinds(drafts) == ["step.reported", "step.passed", "progress.reached"]
    assert [step.state.value for step in builders.after(running, drafts).orchestration.steps] == [
        "passed",
        "ready",
        "pending",
    ]


def test_a_step_that_passed_keeps_its_commit_its_outputs_and_its_signals() -> None:
    running = builders.started(builders.done(builders.opened(), "diagnose"), "fix")

    step = builders.after(running, follow(running, "fix", Outcome(PASSED, "done"), "c1")).orchestration.step("fix")

    assert (step.commit, step.outputs, step.signals, step.claimed_by) == ("c1", {"file": "cli.py"}, ("red",), None)


def test_the_report_is_kept_in_the_ticket_before_anything_follows_from_it() -> None:
    running = builders.started(builders.opened(), "diagnose")

    drafts = follow(running, "diagnose", Outcome(FAILED, "no luck"))

    assert drafts[0].type == "step.reported"
    assert builders.after(running, drafts).agent_updates == (builders.update(running, "diagnose", FAILED),)


@pytest.mark.parametrize(
    ("kind", "steps", "resolution"),
    [
        ("bug", ("diagnose", "fix", "test"), "fixed"),
        ("security", ("assess", "patch", "verify"), "fixed"),
        ("performance", ("profile", "optimize", "test"), "fixed"),
        ("feature", ("research", "implement", "document", "test"), "done"),
        ("doc", ("document",), "done"),
        ("qa", ("test",), "done"),
        ("task", ("implement", "test"), "done"),
    ],
)
def test_the_last_step_closes_the_ticket_fixed_only_where_something_was_broken(
    kind: str, steps: tuple[str, ...], resolution: str
) -> None:
    subject = builders.opened(kind=kind)
    assert subject.status is ticket.Status.OPEN

    before_last = builders.done(subject, *steps[:-1])
    closed = builders.done(before_last, steps[-1])

    assert before_last.status is not ticket.Status.CLOSED
    assert (closed.status, closed.resolution) == (ticket.Status.CLOSED, resolution)


def test_a_bug_that_nobody_verified_is_done_and_not_fixed() -> None:
    subject = builders.opened()
    plan = replace(subject.orchestration, steps=subject.orchestration.steps[:2])

    assert builders.done(replace(subject, orchestration=plan), "diagnose", "fix").resolution == "done"


def test_a_failed_step_blocks_the_ticket_and_names_who_said_what() -> None:
    running = builders.started(builders.opened(), "diagnose")

    drafts = follow(running, "diagnose", Outcome(FAILED, "2 tests fail"))
    blocked = builders.after(running, drafts)

    assert kinds(drafts) == ["step.reported", "step.failed", "ticket.blocked"]
    assert (blocked.status, blocked.blocker) == (ticket.Status.BLOCKED, "Research Agent reported: 2 tests fail")
    assert blocked.orchestration.step("diagnose").reason == "2 tests fail"


@pytest.mark.parametrize("kind", ["question", "approval"])
def test_a_step_that_needs_a_person_waits_with_its_question(kind: str) -> None:
    running = builders.started(builders.opened(), "diagnose")

    drafts = follow(running, "diagnose", Outcome(NEEDS_HUMAN, "which module?", kind))
    (question,) = builders.after(running, drafts).questions

    assert kinds(drafts) == ["step.reported", "step.waiting", "question.asked"]
    assert (question.id, question.kind, question.text) == ("diagnose-1", kind, "which module?")
    assert (question.step, question.attempt, question.answer) == ("diagnose", 1, None)


def test_the_same_step_asking_again_asks_another_question() -> None:
    waiting = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", NEEDS_HUMAN)
    again = builders.after(waiting, lifecycle.retry(waiting, None))
    twice = builders.reported(builders.started(again, "diagnose"), "diagnose", NEEDS_HUMAN)

    assert [question.id for question in twice.questions] == ["diagnose-1", "diagnose-2"]


@pytest.mark.parametrize("outcome", [Outcome(PASSED, "done"), Outcome(FAILED, "no"), Outcome(NEEDS_HUMAN, "what?")])
def test_nothing_follows_from_the_report_of_an_older_attempt(outcome: verdict.Outcome) -> None:
    first = builders.started(builders.opened(), "diagnose")
    late = builders.update(first, "diagnose", outcome.status)
    second = builders.after(first, lifecycle.start_step(first, "diagnose", builders.holder("other"), gone=1))

    with pytest.raises(errors.Refused, match="changes nothing"):
        verdict.follow(second, verdict.End(late, outcome, "c1"), builders.NOW)


def test_nothing_follows_from_a_report_that_comes_twice() -> None:
    running = builders.started(builders.opened(), "diagnose")
    update = builders.update(running, "diagnose")
    once = builders.reported(running, "diagnose")

    with pytest.raises(errors.Refused, match="changes nothing"):
        verdict.follow(once, verdict.End(update, Outcome(PASSED, "done")), builders.NOW)


def test_a_ticket_whose_last_steps_are_skipped_is_closed_and_no_test_that_was_skipped_fixes_it() -> None:
    subject = builders.opened()
    look, _, test = subject.orchestration.steps
    conditional = replace(test, needs=("diagnose",), when={"signal": "leak"})
    plan = replace(subject.orchestration, steps=(look, conditional))
    started = builders.started(replace(subject, orchestration=plan), "diagnose")

    ended = follow(started, "diagnose", Outcome(PASSED, "no leak"))

    assert kinds(ended) == ["step.reported", "step.passed", "ticket.closed"]
    assert ended[-1].data == {"resolution": "done"}
    assert builders.after(started, ended).orchestration.step("test").state is ticket.State.SKIPPED


# What is closed is what a judge saw.


def judged(tree: str, *, kind: str = "bug", is_held: bool = False) -> list[events.Draft]:
    """The events of the last judge's pass, whose receipt is of that tree; the ticket is closed with tree ``final``."""
    subject = replace(builders.started(builders.done(builders.opened(), "diagnose", "fix"), "test"), type=kind)
    seen = receipt.Receipt(
        ("pytest",), receipt.Purpose.VERIFICATION, receipt.Phase.AFTER, 0, "d", tree, builders.AT, 1.0
    )
    update = replace(builders.update(subject, "test"), receipts=(seen,))
    end = verdict.End(update, Outcome(PASSED, "it passes"), tree="final")
    return verdict.follow(subject, end, builders.NOW, verdict.Standing(is_held))


def test_a_ticket_is_fixed_on_the_tree_that_its_judge_saw() -> None:
    assert judged("final")[-1] == events.Draft("ticket.closed", {"resolution": "fixed"})


@pytest.mark.parametrize("is_held", [False, True])
def test_a_judge_that_saw_another_tree_judges_again_alone(*, is_held: bool) -> None:
    drafts = judged("older", is_held=is_held)
    subject = builders.started(builders.done(builders.opened(), "diagnose", "fix"), "test")
    after = builders.after(subject, drafts)

    assert drafts[-1].type == "step.reworked"
    assert [step.state.value for step in after.orchestration.steps] == ["passed", "passed", "ready"]
    assert [step.reworks for step in after.orchestration.steps] == [0, 0, 0]
    assert not after.is_closed


def test_where_nothing_has_to_be_fixed_no_judge_is_asked_again() -> None:
    assert judged("older", kind="feature")[-1] == events.Draft("ticket.closed", {"resolution": "done"})


def test_what_contradicts_a_siblings_work_is_made_again_at_once_as_often_as_a_step_may_break() -> None:
    subject = builders.opened()
    for number in (1, 2, 3):
        subject = builders.started(subject, "diagnose")
        update = replace(builders.update(subject, "diagnose"), stop_reason=verdict.CONFLICT)
        end = verdict.End(update, Outcome(report.Status.BROKEN, "it contradicts"))
        drafts = verdict.follow(subject, end, builders.NOW)
        subject = builders.after(subject, drafts)
        if number < 3:
            assert drafts[-1].data == {
                "step": "diagnose", "reason": "it contradicts", "cause": "conflict", "not_before": None
            }  # fmt: skip

    assert subject.status is ticket.Status.BLOCKED
    assert "3 attempts broke: it contradicts" in (subject.blocker or "")


def test_of_two_steps_that_failed_the_one_that_was_not_tried_again_blocks_the_ticket_still() -> None:
    steps = tuple(ticket.Step(name, "Ops Agent", "do it") for name in ("one", "two"))
    subject = builders.opened(orchestration=document.from_plan(ticket.Plan((), "", "24 hours", steps)))
    for name in ("one", "two"):
        subject = builders.started(subject, name)
    for name in ("one", "two"):
        subject = builders.reported(subject, name, report.Status.FAILED)
    subject = builders.after(subject, lifecycle.retry(subject, "one"))

    after = builders.done(subject, "one")

    assert after.status is ticket.Status.BLOCKED
    assert after.blocker == "two failed: so it is"
