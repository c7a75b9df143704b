from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import document, events, ticket, workflow

State = ticket.State
NAMES = "abcdefg"


def plan(*steps: ticket.Step) -> ticket.Plan:
    return ticket.Plan((), "", "4 hours", steps)


def step(
    name: str, *needs: str, state: State = State.PENDING, agent: str = "Engineer Agent", writes: bool = False
) -> ticket.Step:
    return ticket.Step(name, agent, "work", needs, writes, state=state)


def states(of: ticket.Plan) -> dict[str, str]:
    return {entry.name: entry.state.value for entry in of.steps}


@st.composite
def plans(draw: st.DrawFn) -> ticket.Plan:
    """Any plan without a circle, its steps in any states and in any order."""
    steps = []
    for index, name in enumerate(NAMES):
        needs = draw(st.sets(st.sampled_from(NAMES[:index]))) if index else set()
        steps.append(step(name, *sorted(needs), state=draw(st.sampled_from(State))))
    return plan(*draw(st.permutations(steps)))


def test_a_step_without_needs_is_ready_from_the_start() -> None:
    assert states(workflow.settle(plan(step("a"), step("b", "a")))) == {"a": "ready", "b": "pending"}


@pytest.mark.parametrize("over", [State.PASSED, State.SKIPPED])
def test_what_needs_a_step_that_is_over_goes_on(over: State) -> None:
    assert states(workflow.settle(plan(step("a", state=over), step("b", "a"))))["b"] == "ready"


@pytest.mark.parametrize("state", sorted(set(State) - {State.PASSED, State.SKIPPED}))
def test_what_needs_a_step_that_is_not_over_waits_for_it(state: State) -> None:
    assert states(workflow.settle(plan(step("a", state=state), step("b", "a"))))["b"] == "pending"


def test_a_step_is_ready_only_when_all_its_needs_are_over() -> None:
    fork = plan(step("b", state=State.PASSED), step("c"), step("d", "b", "c"))
    joined = workflow.change_step(fork, step("c", state=State.PASSED))

    assert states(workflow.settle(fork))["d"] == "pending"
    assert states(workflow.settle(joined))["d"] == "ready"


@given(plans())
def test_settling_only_makes_pending_steps_ready_and_has_nothing_left_to_do(before: ticket.Plan) -> None:
    after = workflow.settle(before)
    changed = [(old.state, new.state) for old, new in zip(before.steps, after.steps, strict=True) if old != new]

    assert set(changed) <= {(State.PENDING, State.READY), (State.STANDBY, State.READY)}
    assert workflow.settle(after) == after


def test_a_step_with_a_condition_waits_for_what_it_needs_and_is_then_ready_or_skipped() -> None:
    wanted = replace(step("b", "a"), when={"signal": "leak"})
    other = replace(step("c", "a"), when={"not": {"signal": "leak"}})
    waiting = workflow.settle(plan(step("a"), wanted, other))
    passed = replace(step("a", state=State.PASSED), signals=("leak",))

    assert states(waiting) == {"a": "ready", "b": "pending", "c": "pending"}
    assert states(workflow.settle(plan(passed, wanted, other))) == {"a": "passed", "b": "ready", "c": "skipped"}


def test_what_needs_a_step_that_is_skipped_now_is_ready_now() -> None:
    skipped = replace(step("b", "a"), when={"signal": "leak"})

    after = workflow.settle(plan(step("a", state=State.PASSED), step("c", "b"), skipped))

    assert states(after) == {"a": "passed", "b": "skipped", "c": "ready"}


def test_a_signal_counts_only_from_a_step_before() -> None:
    beside = replace(step("b", state=State.PASSED), signals=("leak",))
    conditional = replace(step("c", "a"), when={"signal": "leak"})

    assert states(workflow.settle(plan(step("a", state=State.PASSED), beside, conditional)))["c"] == "skipped"


def test_a_condition_on_a_step_that_has_not_ended_leaves_its_step_waiting() -> None:
    conditional = replace(step("b"), when={"step": "a", "outcome": "failed"})

    assert states(workflow.settle(plan(step("a", state=State.RUNNING), conditional)))["b"] == "pending"
    assert states(workflow.settle(plan(step("a", state=State.FAILED), conditional)))["b"] == "ready"
    assert workflow.followers(plan(step("a"), conditional), "a") == ("b",)


def test_a_step_that_starts_with_another_waits_until_that_has_begun() -> None:
    together = replace(step("b"), starts_with=("a",))

    assert states(workflow.settle(plan(step("a", state=State.READY), together)))["b"] == "pending"
    assert states(workflow.settle(plan(step("a", state=State.RUNNING), together)))["b"] == "ready"


@given(plans(), st.sampled_from(NAMES))
def test_the_followers_of_a_step_are_those_that_could_not_run_without_it(of: ticket.Plan, name: str) -> None:
    lost = {name}
    while more := {entry.name for entry in of.steps if lost.intersection(entry.needs)} - lost:
        lost |= more

    assert set(workflow.followers(of, name)) == lost - {name}
    assert list(workflow.followers(of, name)) == [entry.name for entry in of.steps if entry.name in lost - {name}]


def test_changing_a_step_leaves_the_others_and_their_order_alone() -> None:
    before = plan(step("a"), step("b"), step("c"))

    after = workflow.change_step(before, replace(before.step("b"), task="other"))

    assert [entry.task for entry in after.steps] == ["work", "other", "work"]
    assert [entry.name for entry in after.steps] == ["a", "b", "c"]


@pytest.mark.parametrize("state", State)
def test_a_plan_is_over_when_every_step_passed_or_was_skipped(state: State) -> None:
    assert workflow.is_over(plan(step("a", state=State.PASSED), step("b", state=state))) == (
        state in {"passed", "skipped"}
    )


def test_the_first_unfinished_step_is_the_first_in_plan_order() -> None:
    of = plan(step("a"), step("b", state=State.WAITING), step("c", state=State.FAILED))

    assert workflow.first_unfinished(of, State.FAILED, State.WAITING) == of.step("b")
    assert workflow.first_unfinished(of, State.RUNNING) is None


def test_what_waits_for_its_budget_has_not_begun_so_that_nothing_starts_with_it() -> None:
    steps = (ticket.Step("one", "Ops Agent", "do it"), ticket.Step("two", "Ops Agent", "do it", starts_with=("one",)))
    subject = builders.opened(orchestration=document.from_plan(ticket.Plan((), "", "24 hours", steps)))

    waiting = builders.after(subject, [events.Draft("step.waiting", {"step": "one", "reason": "may it?"})])

    assert waiting.orchestration.step("two").state is ticket.State.PENDING
    assert builders.started(subject, "one").orchestration.step("two").state is ticket.State.READY
