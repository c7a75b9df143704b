"""Figures about tickets, and the review that is pasted into a chat."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import document, events, review, statistics

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday
OPEN = statistics.Life(
    "BUG-2026-001", "It fails", "bug", "open", "high", "2026-11-20T09:00:00Z", None, "2026-11-21T09:00:00Z", 3
)


def closed(created_at: str, closed_at: str) -> statistics.Life:
    return replace(OPEN, status="closed", created_at=created_at, closed_at=closed_at)


def test_a_project_without_tickets_has_figures_too() -> None:
    found = statistics.reckon((), NOW)

    assert (found.total, found.oldest_open, found.median_hours_to_close) == (0, None, None)
    assert len(found.weeks) == 8


def test_what_is_not_closed_is_counted_by_type_and_priority() -> None:
    lives = [OPEN, replace(OPEN, id="DOC-2026-001", type="doc"), replace(OPEN, status="blocked")]

    found = statistics.reckon([*lives, closed("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")], NOW)

    assert found.by_status == {"open": 2, "blocked": 1, "closed": 1}
    assert found.by_type == {"bug": 2, "doc": 1}
    assert (found.overdue, found.votes, found.total) == (3, 9, 4)


def test_the_oldest_open_ticket_is_the_one_that_was_opened_first() -> None:
    older = replace(OPEN, id="BUG-2026-009", created_at="2026-01-01T00:00:00Z")

    assert statistics.reckon([OPEN, older], NOW).oldest_open == older


def test_weeks_begin_on_monday_and_the_running_one_counts() -> None:
    lives = [
        closed("2026-11-15T23:59:59Z", "2026-11-16T00:00:00Z"),
        OPEN,
        closed("2026-01-01T00:00:00Z", "2026-09-28T00:00:00Z"),
    ]

    weeks = statistics.reckon(lives, NOW).weeks

    assert weeks[0] == statistics.Week("2026-09-28", 0, 1)
    assert weeks[-2:] == (statistics.Week("2026-11-09", 1, 0), statistics.Week("2026-11-16", 1, 1))


def test_the_time_to_close_is_told_in_the_middle_and_for_nine_of_ten() -> None:
    lives = [closed("2026-11-01T00:00:00Z", f"2026-11-01T{hour:02}:00:00Z") for hour in range(1, 11)]

    found = statistics.reckon(lives, NOW)

    assert (found.median_hours_to_close, found.slow_hours_to_close) == (5, 9)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50).map(sorted), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values_and_enough_do_not_exceed_it(ordered: list[float], percent: int) -> None:
    found = statistics.percentile(ordered, percent)

    assert found is not None
    assert sum(value <= found for value in ordered) * 100 >= percent * len(ordered)


def test_a_life_is_read_from_a_tickets_json() -> None:
    subject = builders.after(builders.opened(), [events.Draft("ticket.voted", {"votes": 4})])

    assert statistics.life(document.from_ticket(subject)).votes == 4
    assert statistics.life(document.from_ticket(builders.opened(metadata={"user_votes": None}))).votes == 0


def test_a_review_is_markdown_in_which_a_title_is_only_words() -> None:
    hostile = "[click](http://evil.example) <b>@everyone</b> `x`\n# Heading\x1b[31m"
    section = review.Section("Blocked", (review.Line("BUG-2026-001", hostile, "it *rains*"),), 3)

    text = "\n".join(review.lines(review.Review("2026-11-22", 1, (section,))))

    assert text.splitlines()[0] == "**Status on 2026-11-22**: currently tracking 1 active ticket."
    assert "**Blocked** (3)" in text
    assert r"\[click\](http:" in text
    assert "http://" not in text
    assert "@everyone" not in text
    assert r"\<b\>" in text
    assert r"(it \*rains\*)" in text
    assert text.endswith("- and 2 more")


@pytest.mark.parametrize("words", ["plain words", "BUG-2026-001 (high)"])
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert review.plain(words) == words
