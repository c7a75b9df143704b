"""A step's condition is data; it holds, does not hold, or is still open."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import condition

LEAVES = st.fixed_dictionaries({"signal": st.sampled_from("ab")}) | st.fixed_dictionaries({
    "step": st.sampled_from("xy"), "outcome": st.sampled_from(condition.OUTCOMES)})  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries({"all": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, max_size=3)})
    ),
    max_leaves=6,
)
OUTCOMES = st.dictionaries(st.sampled_from("xy"), st.sampled_from(condition.OUTCOMES))


@pytest.mark.parametrize(("when", "held"), [
    ({"signal": "a"}, True), ({"signal": "b"}, False), ({"not": {"signal": "b"}}, True),
    ({"step": "x", "outcome": "passed"}, True), ({"step": "x", "outcome": "failed"}, False),
    ({"step": "y", "outcome": "passed"}, None), ({"not": {"step": "y", "outcome": "passed"}}, None),
    ({"all": [{"signal": "a"}, {"step": "y", "outcome": "passed"}]}, None),
    ({"all": [{"signal": "b"}, {"step": "y", "outcome": "passed"}]}, False),
    ({"any": [{"signal": "a"}, {"step": "y", "outcome": "passed"}]}, True),
    ({"any": []}, False), ({"all": []}, True), ({"odd": 1}, None), (5, None)])  # fmt: skip
def test_a_condition_holds_or_not_or_is_open(when: Any, *, held: bool | None) -> None:  # noqa: ANN401 - any JSON
    assert condition.holds(when, {"a"}, {"x": "passed"}) is held


@given(CONDITIONS, st.sets(st.sampled_from("ab")), OUTCOMES)
def test_a_condition_is_open_only_for_steps_that_it_asks_about(
    when: dict[str, Any], signals: set[str], outcomes: dict[str, str]
) -> None:
    assert condition.is_sound(when)
    if condition.holds(when, signals, outcomes) is None:
        assert set(condition.asked(when)) - outcomes.keys()


@given(CONDITIONS, st.sets(st.sampled_from("ab")), OUTCOMES, st.sampled_from("xy"), st.sampled_from(condition.OUTCOMES))
def test_what_is_decided_stays_so_whatever_else_ends(
    when: dict[str, Any], signals: set[str], outcomes: dict[str, str], other: str, ended: str
) -> None:
    before = condition.holds(when, signals, outcomes)

    assert before is None or condition.holds(when, signals, {other: ended} | outcomes) is before


@pytest.mark.parametrize("odd", [
    {}, {"signal": 5}, {"signal": "a", "more": 1}, {"step": "x"}, {"step": "x", "outcome": "odd"}, {"not": {}}, "a",
    {"all": {}}, {"any": [{}]}, {"all": [], "any": []}, None, []])  # fmt: skip
def test_what_is_spelled_otherwise_is_no_condition(odd: object) -> None:
    assert not condition.is_sound(odd)
