"""Another plan for a ticket that is being worked on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.core.test_spelling import CONDITIONAL
from tickety.core import errors, phases, recipes, replanning, spelling, ticket, workflow

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
State = ticket.State
BUG = workflow.settle(recipes.plan(recipes.BY_TYPE["bug"], "4 hours"))


def begun(plan: ticket.Plan, **states: State) -> ticket.Plan:
    """The plan with some steps in these states, each tried once."""
    steps = (replace(s, state=states[s.name], attempt=1) if s.name in states else s for s in plan.steps)
    return workflow.settle(replace(plan, steps=tuple(steps)))


def states(plan: ticket.Plan) -> dict[str, str]:
    return {step.name: step.state.value for step in plan.steps}


def test_a_step_that_passed_stays_and_the_others_become_what_is_said_now() -> None:
    plan = begun(BUG, diagnose=State.PASSED)

    new = replanning.read(plan, "diagnose -> (fix | document) -> test", NOW)

    assert new.step("diagnose") == plan.step("diagnose")
    assert states(new) == {"diagnose": "passed", "fix": "ready", "document": "ready", "test": "pending"}
    assert new.step("test").needs == ("fix", "document")
    assert (new.workflow, new.sla) == ("diagnose -> (fix | document) -> test", "4 hours")


def test_a_line_says_nothing_of_tasks_so_they_stay() -> None:
    feature = workflow.settle(recipes.plan(recipes.BY_TYPE["feature"], "48 hours"))

    new = replanning.read(feature, "research -> implement -> test", NOW)

    assert [step.task for step in new.steps] == [feature.step(step.name).task for step in new.steps]


def test_the_same_conditions_again_change_nothing() -> None:
    plan = begun(spelling.read(CONDITIONAL), research=State.RUNNING)

    assert replanning.read(plan, CONDITIONAL, NOW) == plan


@pytest.mark.parametrize("state", [State.RUNNING, State.WAITING, State.PASSED, State.FAILED, State.READY])
def test_a_step_that_has_begun_is_not_left_out(state: State) -> None:
    with pytest.raises(errors.Refused, match=rf"the step 'diagnose' has begun \({state}\).*leaves it out"):
        replanning.read(begun(BUG, diagnose=state), "fix -> test", NOW)


@pytest.mark.parametrize(("said", "what"), [
    ({"task": "other"}, "its task"), ({"agent": "Security"}, "its agent"), ({"needs": ["fix"]}, "what it needs"),
    ({"mode": "approval"}, "its mode"), ({"attempts": 9, "timeout": 5}, "its attempts and its time limit"),
    ({"writes": True}, "whether it writes"), ({"receipts": [["make"]]}, "its receipts")])  # fmt: skip
def test_a_step_that_has_begun_is_not_made_another(said: dict[str, object], what: str) -> None:
    steps = [{"name": "diagnose", **said}, {"name": "fix"}]

    with pytest.raises(errors.Refused, match=rf"'diagnose' has begun \(running\).* changes {what}"):
        replanning.read(begun(BUG, diagnose=State.RUNNING), {"steps": steps}, NOW)


def test_a_step_that_was_skipped_is_over_and_stays() -> None:
    plan = replace(BUG, steps=(replace(BUG.steps[0], state=State.SKIPPED), *BUG.steps[1:]))

    with pytest.raises(errors.Refused, match="'diagnose' has begun"):
        replanning.read(plan, "fix", NOW)


def test_what_the_steps_together_cannot_be_is_refused() -> None:
    with pytest.raises(errors.Usage, match="'fix' needs 'paint'"):
        replanning.read(BUG, {"steps": [{"name": "fix", "needs": ["paint"]}]}, NOW)


def test_further_steps_may_need_those_that_are_there() -> None:
    plan = begun(BUG, diagnose=State.RUNNING)

    new = replanning.extended(plan, [{"name": "audit", "agent": "Security Agent", "needs": ["diagnose"]}], NOW)

    assert [step.name for step in new.steps] == ["diagnose", "fix", "test", "audit"]
    assert new.steps[:3] == plan.steps
    assert states(new)["audit"] == "pending"


@pytest.mark.parametrize(("steps", "said"), [
    ([{"name": "fix"}], "'fix' twice"), ([{"name": "audit", "agent": "Nobody"}], "no role 'Nobody'"),
    ([{"name": "test-2", "agent": "QA", "receipts": [["rm", "-rf", "/"]]}], "only a person names commands"),
    (["audit"], "is no table")])  # fmt: skip
def test_further_steps_that_cannot_be_are_refused(steps: list[dict[str, object]], said: str) -> None:
    with pytest.raises(errors.Usage, match=said):
        replanning.extended(BUG, steps, NOW)


def test_phases_keep_the_dates_that_were_meant_when_they_were_said() -> None:
    form = {"phases": [{"name": "One", "due": "this week", "steps": [{"name": "fix"}]},
                       {"name": "Two", "steps": [{"name": "test"}]}]}  # fmt: skip
    plan = workflow.settle(phases.dated(spelling.read(form), NOW))
    later = datetime(2026, 12, 9, tzinfo=UTC)

    assert replanning.read(plan, form, later).phases == plan.phases
    assert replanning.read(plan, "fix -> test", later).phases == plan.phases
    assert replanning.extended(plan, [{"name": "deploy"}], later).phases == plan.phases
