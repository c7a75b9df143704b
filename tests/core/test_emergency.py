"""What is an emergency, and who is called in one."""

import pytest

from tickety.core import emergency, recipes, ticket

CRITICAL, HIGH, *_ = ticket.Priority
GUIDE = "Production is down! ImportError in core service!"


def _response(kind: str = "bug", *, is_usual: bool = True) -> emergency.Response:
    return emergency.respond(("so it is",), recipes.plan(recipes.BY_TYPE[kind], "4 hours"), is_usual=is_usual)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (GUIDE, "it is critical, and production is affected: 'Production'"),
        ("The prod database loses data", "it is critical, and production is affected: 'prod'"),
        ("A security breach: tokens were read", "it is critical, and somebody may have broken in: 'breach'"),
        ("Somebody broke into the admin page", "it is critical, and somebody may have broken in: 'broke into'"),
    ],
)
def test_a_critical_fault_in_production_and_a_breach_are_emergencies(words: str, why: str) -> None:
    assert emergency.reasons(words, CRITICAL, is_fault=True) == (why,)


@pytest.mark.parametrize(
    ("words", "priority", "is_fault"),
    [
        (GUIDE, HIGH, True),
        (GUIDE, CRITICAL, False),
        ("The export is down, all users lose data", CRITICAL, True),
        ("It is not production-ready", CRITICAL, True),
    ],
    ids=["not critical", "no fault", "not production", "production-ready"],
)
def test_nothing_else_is_an_emergency(words: str, priority: ticket.Priority, is_fault: bool) -> None:  # noqa: FBT001 - a case
    assert emergency.reasons(words, priority, is_fault=is_fault) == ()


def test_the_crew_of_a_bug_is_called_as_in_the_guide_and_ops_with_it() -> None:
    response = _response()

    assert [(step.agent, response.words[step.name], step.mode) for step in response.plan.steps] == [
        ("Research Agent", "URGENT", "normal"),
        ("Engineer Agent", "STANDBY", "standby"),
        ("QA Agent", "PREPARE", "standby"),
        ("Ops Agent", "STANDBY", "approval"),
    ]
    assert response.plan.workflow == "diagnose -> fix -> test -> deploy"
    assert response.plan.agents_required[-1] == "Ops Agent"
    assert response.plan.step("deploy").needs == ("test",)


def test_what_each_does_now_is_told_in_the_guides_words() -> None:
    response = _response()

    assert [emergency.doing(step.agent, response.words[step.name]) for step in response.plan.steps] == [
        "Analyzing error logs",
        "Standing by for fix implementation",
        "Preparing emergency test suite",
        "Ready for deployment",
    ]


def test_a_plan_that_was_asked_for_stays_and_is_alerted() -> None:
    response = _response("security", is_usual=False)

    assert response.plan == recipes.plan(recipes.BY_TYPE["security"], "4 hours")
    assert response.words == {"assess": "URGENT", "patch": "STANDBY", "verify": "PREPARE"}


def test_a_plan_that_deploys_already_gets_no_second_deployment() -> None:
    once = _response().plan

    assert emergency.respond((), once, is_usual=True).plan == once


@pytest.mark.parametrize("kind", [recipe.type for recipe in recipes.RECIPES if recipe.needs_red])
def test_whatever_the_fault_is_somebody_begins_at_once_and_nobody_deploys_without_a_person(kind: str) -> None:
    response = _response(kind)

    assert "URGENT" in response.words.values()
    assert response.words.keys() == {step.name for step in response.plan.steps}
    assert {step.mode for step in response.plan.steps if step.agent == "Ops Agent"} == {"approval"}
