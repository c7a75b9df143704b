"""Phases: when they are due in people's words, and how far they are."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import errors, phases, spelling, ticket

SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(("said", "due"), [
    ("This week", "2026-11-29T23:59:59Z"), ("next  WEEK", "2026-12-06T23:59:59Z"), ("Week 1", "2026-11-29T23:59:59Z"),
    ("week 3", "2026-12-13T23:59:59Z"), ("this month", "2026-11-30T23:59:59Z"), ("next month", "2026-12-31T23:59:59Z"),
    ("in 5 days", "2026-11-30T23:30:00Z"), ("2 hours", "2026-11-26T01:30:00Z"), ("2026-12-24", "2026-12-24T23:59:59Z"),
    ("by 2026-12-24", "2026-12-24T23:59:59Z"), ("today", "2026-11-25T23:59:59Z"),
    ("2026-12-24T12:00:00+01:00", "2026-12-24T11:00:00Z")])  # fmt: skip
def test_a_phase_is_due_when_people_mean(said: str, due: str) -> None:
    assert phases.due(said, WEDNESDAY) == due


def test_a_week_ends_on_its_sunday_in_utc_wherever_one_is() -> None:
    assert phases.due("this week", SUNDAY) == "2026-11-22T23:59:59Z"
    assert phases.due("this week", SUNDAY.astimezone(timezone(timedelta(hours=14)))) == "2026-11-22T23:59:59Z"
    assert phases.due("next month", datetime(2026, 12, 5, tzinfo=UTC)) == "2027-01-31T23:59:59Z"


@pytest.mark.parametrize("said", ["soon", "week 0", "week", "", "in 999999 years", "week 1000", "30m", "2026-02-30"])
def test_words_that_mean_no_time_are_refused(said: str) -> None:
    with pytest.raises(errors.Usage, match="no time to come") as refused:
        phases.due(said, WEDNESDAY)
    assert "this week" in refused.value.hint


@given(st.text(max_size=30))
def test_any_words_are_a_time_or_refused(said: str) -> None:
    with suppress(errors.Usage):
        assert phases.is_moment(phases.due(said, WEDNESDAY))


PLAN = spelling.read({"phases": [
    {"name": "Research & Design", "due": "This week",
     "steps": [{"name": "a", "agent": "Research"}, {"name": "b", "agent": "QA"}]},
    {"name": "Later", "steps": [{"name": "c", "agent": "QA"}]}]})  # fmt: skip


def test_a_plan_gets_its_dates_once() -> None:
    dated = phases.dated(PLAN, SUNDAY)

    assert [phase["due"] for phase in dated.phases] == ["2026-11-22T23:59:59Z", None]
    assert dated.phases[0]["said"] == "This week"
    assert phases.dated(dated, WEDNESDAY) == dated


def test_the_same_words_of_the_plan_before_were_meant_then() -> None:
    before = phases.dated(PLAN, SUNDAY)

    assert phases.dated(PLAN, WEDNESDAY, before.phases) == before


def test_the_progress_of_a_phase_is_the_steps_of_it_that_are_over() -> None:
    first, *rest = phases.dated(PLAN, SUNDAY).steps
    plan = replace(phases.dated(PLAN, SUNDAY), steps=(replace(first, state=ticket.State.PASSED), *rest))

    told = [phases.sentence(phase, is_live=True) for phase in phases.progress(plan)]

    assert told == ["Phase 1 · Research & Design (this week, due 2026-11-22): 1 of 2", "Phase 2 · Later: 0 of 1"]
    assert [phase.is_done for phase in phases.progress(plan)] == [False, False]
    assert phases.sentence(next(phases.progress(PLAN)), is_live=False).endswith(": 2 steps")


def test_phases_that_were_imported_in_any_form_are_shown() -> None:
    odd = replace(PLAN, phases=({"title": "x"}, {"name": 5, "due": 7, "said": ["y"]}))

    assert [phases.sentence(phase, is_live=True) for phase in phases.progress(odd)] == [
        "Phase 1 · 1: 0 of 0", "Phase 2 · 5: 0 of 0",
    ]  # fmt: skip
