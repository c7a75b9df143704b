from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import sla, ticket, times

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


@given(st.integers(0, 253_402_300_799))
def test_a_moment_survives_being_written(seconds: int) -> None:
    assert times.as_moment(times.from_unix(seconds)) == datetime.fromtimestamp(seconds, UTC)


def test_a_moment_is_written_in_utc_wherever_it_was_taken() -> None:
    there = datetime(2026, 11, 22, 18, 30, 59, 999_999, tzinfo=timezone(timedelta(hours=9, minutes=30)))

    assert times.as_text(there) == "2026-11-22T09:00:59Z"


def test_seconds_since_1970_name_a_moment() -> None:
    assert times.from_unix(NINE.timestamp()) == "2026-11-22T09:00:00Z"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("4 hours", timedelta(hours=4)),
        ("1 hour", timedelta(hours=1)),
        ("4h", timedelta(hours=4)),
        ("2 days", timedelta(days=2)),
        ("1d", timedelta(days=1)),
        ("  30 Minutes ", timedelta(minutes=30)),
        ("90 min", timedelta(minutes=90)),
        ("4 weeks", timedelta(days=28)),
        ("2mo", timedelta(days=60)),
        ("1 year", timedelta(days=365)),
        ("120 hours", timedelta(hours=120)),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(words: str, meant: timedelta) -> None:
    assert times.length(words) == meant


@pytest.mark.parametrize(
    "words",
    [
        "",
        "4",
        "hours",
        "-1 hours",
        "1.5 hours",
        "four hours",
        "30m",
        "2 fortnights",
        "٣ days",
        "4 hours 30 minutes",
        "9" * 20 + " days",
    ],
)
def test_what_is_no_length_of_time_is_refused_by_name(words: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        times.length(words)


def test_an_m_alone_is_minutes_or_months_and_both_are_shown() -> None:
    assert times.example("30m") == "an m alone can be minutes or months: write 30min or 30mo"


@pytest.mark.parametrize(("word", "first"), [("today", 22), (" Tomorrow ", 23), ("2026-11-30", 30)])
def test_a_day_is_named_or_dated(word: str, first: int) -> None:
    assert times.day(word, NINE) == datetime(2026, 11, first, tzinfo=UTC)
    assert times.moment(word, NINE) == datetime(2026, 11, first, 23, 59, 59, tzinfo=UTC)


def test_a_length_beyond_the_calendar_ends_with_it() -> None:
    assert sla.due_at(NINE, "999999 years") == "9999-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 s"), (0.44, "0.4 s"), (9.9, "9.9 s"), (10, "10 s"), (89, "89 s"), (180, "3 min"), (5399, "90 min"),
     (7200, "2 h"), (172_799, "48 h"), (172_800, "2 d"), (864_000, "10 d")],
)  # fmt: skip
def test_people_are_told_a_length_in_the_unit_they_would_use(seconds: float, words: str) -> None:
    assert times.in_words(seconds) == words


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        (ticket.Priority.CRITICAL, "2026-11-22T13:00:00Z"),
        (ticket.Priority.HIGH, "2026-11-23T09:00:00Z"),
        (ticket.Priority.MEDIUM, "2026-11-24T09:00:00Z"),
        (ticket.Priority.LOW, "2026-11-27T09:00:00Z"),
    ],
)
def test_a_ticket_is_due_after_the_hours_of_its_priority(priority: ticket.Priority, due: str) -> None:
    assert sla.due_at(NINE, sla.BY_PRIORITY[priority]) == due
