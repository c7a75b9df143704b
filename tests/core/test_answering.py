"""What follows from an answer, a yes and a no."""

from datetime import timedelta
from typing import Any

import pytest

from tests import builders
from tickety.core import answering, approval, document, errors, events, lifecycle, shortage, ticket

ADA = answering.When(builders.NOW + timedelta(hours=1), "user:ada")


def asked(kind: str = "question", text: str = "Which?", step: str = "diagnose", **more: Any) -> ticket.Ticket:  # noqa: ANN401 - fields of a question
    """A ticket whose first step asks, in its first attempt."""
    data = {"id": f"{step}-1", "step": step, "kind": kind, "text": text, **more}
    waits = events.Draft("step.waiting", {"step": step, "reason": text}, 1)
    drafts = [events.Draft("question.asked", data, 1)] if more.get("steps") else [
        waits, events.Draft("question.asked", data, 1)
    ]  # fmt: skip
    return builders.after(builders.started(builders.opened(), step), drafts)


def types(drafts: list[events.Draft]) -> list[str]:
    return [draft.type for draft in drafts]


def after(subject: ticket.Ticket, drafts: list[events.Draft]) -> ticket.Ticket:
    return builders.after(subject, drafts, by="user:ada")


def test_the_step_that_asked_goes_on_and_the_ticket_waits_for_nobody() -> None:
    subject = after(asked(), answering.answer(asked(), None, "the second", ADA))

    assert subject.orchestration.step("diagnose").state is ticket.State.READY
    assert subject.waiting_for is None
    assert (subject.questions[0].answer, subject.questions[0].answered_by) == ("the second", "user:ada")


def test_the_same_answer_again_is_no_change_and_another_one_is_refused() -> None:
    subject = after(asked(), answering.answer(asked(), None, "the second", ADA))

    assert answering.answer(subject, None, "the second", ADA) == []
    assert answering.answer(subject, "diagnose-1", "the second", ADA) == []
    with pytest.raises(errors.Refused, match="user:ada has answered diagnose-1: the second"):
        answering.answer(subject, "diagnose-1", "the first", ADA)
    with pytest.raises(errors.Refused, match="waits for no answer"):
        answering.answer(subject, None, "the first", ADA)


def test_words_are_no_yes_and_a_yes_is_no_answer() -> None:
    with pytest.raises(errors.Usage, match="asks for an answer"):
        answering.approve(asked(), "diagnose-1", ADA)
    with pytest.raises(errors.Usage, match="asks for an approval"):
        answering.answer(asked("approval"), "diagnose-1", "yes", ADA)


def test_work_that_a_person_approves_is_kept_with_its_step() -> None:
    hand = lifecycle.Hand("c1", ("a test is gone",))
    subject = after(asked("approval"), answering.approve(asked("approval"), None, ADA, hand))

    step = subject.orchestration.step("diagnose")
    assert (step.state, step.by_hand, step.approved) == (ticket.State.READY, "c1", ("a test is gone",))


def test_what_a_judge_found_and_a_person_approves_is_kept_without_a_commit() -> None:
    subject = after(asked("approval", "fewer tests"), answering.approve(asked("approval", "fewer tests"), None, ADA))

    step = subject.orchestration.step("diagnose")
    assert (step.by_hand, step.approved) == (None, ("fewer tests",))


def test_a_yes_to_something_yet_to_be_done_or_spent_approves_no_work() -> None:
    more = asked("approval", id=f"{shortage.PREFIX}step-diagnose-1-0")
    gate = asked("approval", approval.sentence(asked(), asked().orchestration.step("diagnose")))

    assert types(answering.approve(more, None, ADA)) == ["question.answered"]
    assert types(answering.approve(gate, None, ADA)) == ["question.answered"]
    granted = after(more, answering.approve(more, None, ADA))
    assert [shortage.grants(granted, "step", name) for name in ("diagnose", "fix")] == [1, 0]


PROPOSED = {"name": "write", "agent": "Documentation", "task": "write it up", "needs": ["diagnose"]}


def test_proposed_steps_become_part_of_the_plan_or_are_dropped() -> None:
    subject = asked("approval", steps=[PROPOSED])
    yes = after(subject, answering.approve(subject, None, ADA))
    no = after(subject, answering.reject(subject, None, "too much", ADA))

    assert [step.name for step in yes.orchestration.steps] == ["diagnose", "fix", "test", "write"]
    assert yes.orchestration.step("diagnose").state is ticket.State.RUNNING
    assert no.orchestration == subject.orchestration
    assert (yes.waiting_for, no.waiting_for) == (None, None)
    assert document.from_ticket(no)["questions"][0]["answer"] == "rejected: too much"


def test_a_no_fails_the_step_and_blocks_the_ticket_once() -> None:
    subject = after(asked("approval"), answering.reject(asked("approval"), None, "not today", ADA))

    assert subject.orchestration.step("diagnose").state is ticket.State.FAILED
    assert (subject.status, subject.blocker) == (ticket.Status.BLOCKED, "user:ada rejected it: not today")
    assert answering.reject(subject, None, "not today", ADA) == []


def gated(answer: str, by: str) -> bool:
    """Whether a step that needs a yes may begin once it was answered so."""
    subject = asked("approval")
    step = subject.orchestration.step("diagnose")
    waiting = asked("approval", approval.sentence(subject, step))
    said = events.Draft("question.answered", {"id": "diagnose-1", "answer": answer, "due_at": None})
    begun = builders.started(builders.after(waiting, [said], by=by), "diagnose")
    changed = document.from_ticket(begun)
    changed["orchestration"]["steps"][0]["mode"] = approval.MODE
    again = document.to_ticket(changed)
    return approval.is_given(again, again.orchestration.step("diagnose"))


@pytest.mark.parametrize(
    ("answer", "by", "is_given"),
    [
        ("approved", "user:ada", True),
        ("tried again", "user:ada", True),
        ("rejected: not today", "user:ada", False),
        ("approved", "agent:PM", False),
    ],
)
def test_only_a_persons_yes_lets_a_step_begin(answer: str, by: str, *, is_given: bool) -> None:
    assert gated(answer, by) is is_given
