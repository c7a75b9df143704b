"""Which steps make a plan that can be done."""

from typing import Any

import pytest

from tickety.core import errors, graph, ticket


def step(name: str, *needs: str, starts_with: tuple[str, ...] = (), when: dict[str, Any] | None = None) -> ticket.Step:
    return ticket.Step(name, "QA Agent", "work", needs, starts_with=starts_with, when=when)


def refusal(*steps: ticket.Step) -> str:
    with pytest.raises(errors.Usage) as refused:
        graph.require(steps)
    return refused.value.message


def ended(name: str, outcome: str) -> dict[str, Any]:
    return {"step": name, "outcome": outcome}


def test_a_circle_is_named_in_the_order_of_the_work() -> None:
    assert "in a circle: a -> b -> c -> a" in refusal(step("a", "c"), step("b", "a"), step("c", "b"))


def test_a_circle_goes_over_starts_and_conditions_too() -> None:
    circle = (step("a", starts_with=("b",)), step("b", when=ended("c", "passed")), step("c", "a"))

    assert "in a circle" in refusal(*circle)
    assert "'a' waits for itself" in refusal(step("a", starts_with=("a",)))


@pytest.mark.parametrize("wrong", [step("b", "x"), step("b", starts_with=("x",)), step("b", when=ended("x", "passed"))])
def test_a_step_that_is_not_there_cannot_be_waited_for(wrong: ticket.Step) -> None:
    assert "'x', which is no step of the workflow" in refusal(step("a"), wrong)


def test_what_comes_before_a_step_is_everything_it_waits_for_in_any_way() -> None:
    steps = (step("a"), step("b", starts_with=("a",)), step("c", when=ended("b", "passed")), step("d", "c"), step("e"))

    assert graph.ancestors(steps, "d") == {"a", "b", "c"}
    assert graph.ancestors(steps, "a") == set()


SIGNAL = {"signal": "leak"}


@pytest.mark.parametrize("steps", [
    (step("a"), step("b", "a", when=SIGNAL)),
    (step("a"), step("b", when=ended("a", "failed"))),
    (step("a"), step("b", starts_with=("a",), when=ended("a", "failed"))),
    (step("r"), step("a", "r", when=SIGNAL), step("b", "a", when=ended("a", "skipped"))),
    (step("a"), step("b", "a", when={"any": [ended("a", "failed"), SIGNAL]})),
    (step("a"), step("b", when={"not": SIGNAL})),
    (step("a"), step("b", "a", when={"any": [{"all": [{"signal": f"s{n}"}, {"not": {"signal": f"s{n}"}}]}
                                              for n in range(30)]})),
])  # fmt: skip
def test_a_condition_that_may_come_true_is_taken(steps: tuple[ticket.Step, ...]) -> None:
    graph.require(steps)


@pytest.mark.parametrize("steps", [
    (step("a"), step("b", when=SIGNAL)),
    (step("a"), step("b", "a", when=ended("a", "failed"))),
    (step("a"), step("b", when=ended("a", "skipped"))),
    (step("a"), step("b", "a", when={"all": [SIGNAL, {"not": SIGNAL}]})),
    (step("a"), step("b", "a", when={"not": ended("a", "passed")})),
    (step("a"), step("b", "a", when={"any": []})),
    (step("a"), step("b", when={"all": [ended("a", "passed"), ended("a", "failed")]})),
])  # fmt: skip
def test_a_step_whose_condition_cannot_come_true_is_refused(steps: tuple[ticket.Step, ...]) -> None:
    assert "the step 'b' can never run" in refusal(*steps)
