"""An ETA is measured, or it is not given."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import eta


def _update(
    seconds: float | None, at: int = 0, agent: str = "Research Agent", result: str = "passed"
) -> dict[str, Any]:
    usage = {"tokens": None, "cost_usd": None, "seconds": seconds}
    return {"agent": agent, "timestamp": f"2026-11-{at + 1:02}T09:00:00Z", "result": result, "usage": usage}


def test_five_attempts_are_enough_and_four_are_not() -> None:
    attempts = [_update(seconds) for seconds in (10, 300, 20, 400, 500)]

    assert eta.estimate(attempts, "Research Agent") == 300
    assert eta.estimate(attempts[:4], "Research Agent") is None


def test_what_broke_was_limited_is_somebody_elses_or_not_known_does_not_count() -> None:
    others = [
        _update(1, result="broken"),
        _update(1, result="limited"),
        _update(1, result="needs_human"),
        _update(1, agent="QA Agent"),
        _update(None),
        {**_update(1), "usage": {"tokens": None, "cost_usd": None}},
    ]

    assert eta.estimate([*others * 5, *(_update(60) for _ in range(4))], "Research Agent") is None


def test_the_latest_attempts_count() -> None:
    old = [_update(1, at=0) for _ in range(40)]
    new = [_update(100, at=2) for _ in range(eta.LATEST)]

    assert eta.estimate([*new, *old], "Research Agent") == 100


@given(st.lists(st.floats(0, 1e6), min_size=eta.LEAST, max_size=eta.LATEST))
def test_an_estimate_lies_between_the_shortest_and_the_longest(lengths: list[float]) -> None:
    found = eta.estimate([_update(length) for length in lengths], "Research Agent")

    assert found is not None
    assert min(lengths) <= found <= max(lengths)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (9.1, "10 s"), (42, "42 s"), (300, "5 min"), (7300, "2 h")]
)
def test_it_is_said_in_whole_units(seconds: float, said: str) -> None:
    assert eta.in_words(seconds) == said
