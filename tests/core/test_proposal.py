"""What becomes of further steps that a report proposes."""

from typing import Any

import pytest

from tests import builders
from tickety.core import answering, document, events, report, ticket, verdict, workflow

ANOTHER = {"name": "tidy", "agent": "Engineer", "task": "tidy up"}


def diagnosing() -> ticket.Ticket:
    """A bug whose first step runs: diagnose -> fix -> test."""
    return builders.started(builders.opened(), "diagnose")


def proposing(subject: ticket.Ticket, *steps: dict[str, Any], policy: str = "ask") -> list[events.Draft]:
    step = next(one for one in subject.orchestration.steps if one.state is ticket.State.RUNNING)
    update = builders.update(subject, step.name)
    end = verdict.End(update, verdict.Outcome(report.Status.PASSED, "so it is"), steps=steps)
    return verdict.follow(subject, end, builders.NOW, patience=verdict.Patience(proposals=policy))


def kinds(drafts: list[events.Draft]) -> list[str]:
    return [draft.type for draft in drafts if not draft.type.startswith("progress")]


def step_of(subject: ticket.Ticket, name: str) -> ticket.Step:
    return subject.orchestration.step(name)


def test_where_policy_accepts_the_steps_are_in_the_plan_and_judges_wait_for_what_they_write() -> None:
    subject = diagnosing()

    drafts = proposing(subject, ANOTHER, policy="accept")
    after = builders.after(subject, drafts)

    assert kinds(drafts) == ["step.reported", "step.passed", "plan.proposed", "plan.changed"]
    assert step_of(after, "tidy").needs == ("diagnose",)
    assert step_of(after, "tidy").state is ticket.State.READY
    assert step_of(after, "test").needs == ("fix", "tidy")


def test_where_a_person_is_asked_the_plan_stays_and_nothing_begins_until_they_answer() -> None:
    subject = diagnosing()

    drafts = proposing(subject, ANOTHER)
    after = builders.after(subject, drafts)

    assert kinds(drafts) == ["step.reported", "step.passed", "plan.proposed", "question.asked"]
    (question,) = after.questions
    assert (question.id, question.kind) == ("diagnose-1-steps", "approval")
    assert "tidy (Engineer Agent): tidy up" in question.text
    assert after.waiting_for == question.text
    assert workflow.live(after) == []
    said = answering.approve(after, None, answering.When(builders.NOW, "user:ada"))
    assert builders.after(after, said).orchestration.step("test").needs == ("fix", "tidy")


def test_where_policy_refuses_the_proposal_is_kept_and_nothing_else() -> None:
    subject = diagnosing()

    drafts = proposing(subject, ANOTHER, policy="refuse")

    assert kinds(drafts) == ["step.reported", "step.passed", "plan.proposed"]
    assert builders.after(subject, drafts).orchestration.steps[1].state is ticket.State.READY


def test_a_ticket_is_not_closed_over_a_proposal_of_its_last_step() -> None:
    subject = builders.started(builders.done(builders.opened(), "diagnose", "fix"), "test")

    asked = builders.after(subject, proposing(subject, ANOTHER))
    taken = builders.after(subject, proposing(subject, ANOTHER, policy="accept"))

    assert [one.status for one in (asked, taken)] == [ticket.Status.IN_PROGRESS] * 2
    assert not workflow.is_finished(asked)
    assert builders.after(subject, proposing(subject, ANOTHER, policy="refuse")).is_closed


@pytest.mark.parametrize("policy", ["ask", "accept", "refuse"])
@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([{**ANOTHER, "name": "fix"}], "twice"),
        ([{**ANOTHER, "agent": "Barista"}], "Barista"),
        ([{**ANOTHER, "needs": ["nowhere"]}], "nowhere"),
        ([{**ANOTHER, "needs": ["tidy"]}], "itself"),
        ([{**ANOTHER, "task": 3}], "task"),
        ([{**ANOTHER, "name": f"tidy-{number}"} for number in range(21)], "20 are the most"),
    ],
)
def test_a_proposal_that_makes_no_plan_is_kept_and_told_and_the_step_has_passed(
    steps: list[dict[str, Any]], fault: str, policy: str
) -> None:
    subject = diagnosing()

    drafts = proposing(subject, *steps, policy=policy)
    after = builders.after(subject, drafts)

    assert kinds(drafts) == ["step.reported", "step.passed", "plan.proposed"]
    assert fault in drafts[2].data["fault"]
    assert fault in after.agent_updates[-1].details
    assert drafts[2].data["steps"] == steps
    assert step_of(after, "diagnose").state is ticket.State.PASSED


def test_an_agent_names_no_commands_and_approves_nothing() -> None:
    subject = diagnosing()
    greedy = {**ANOTHER, "receipts": [["rm", "-r", "x"]], "approved": ["everything"], "by_hand": "c9"}

    after = builders.after(subject, proposing(subject, greedy, policy="accept"))

    tidy = step_of(after, "tidy")
    assert (tidy.receipts, tidy.approved, tidy.by_hand) == ((), (), None)


def test_a_judge_does_not_wait_for_what_comes_after_it() -> None:
    after = builders.after(subject := diagnosing(), proposing(subject, {**ANOTHER, "needs": ["test"]}, policy="accept"))

    assert step_of(after, "tidy").needs == ("test",)
    assert step_of(after, "test").needs == ("fix",)


def test_what_a_failed_attempt_proposes_is_not_heard() -> None:
    subject = diagnosing()
    end = verdict.End(
        builders.update(subject, "diagnose", report.Status.FAILED),
        verdict.Outcome(report.Status.FAILED, "no"),
        steps=[ANOTHER],
    )

    assert "plan.proposed" not in kinds(verdict.follow(subject, end, builders.NOW))


def test_the_steps_of_a_question_can_be_stored_and_read_again() -> None:
    subject = diagnosing()
    after = builders.after(subject, proposing(subject, ANOTHER))

    assert document.to_ticket(document.from_ticket(after)) == after
