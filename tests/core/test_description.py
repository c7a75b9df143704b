"""What a description does not tell."""

import pytest

from tickety.core import description, triage


@pytest.mark.parametrize(
    ("words", "missed"),
    [
        ("", description.PARTS),
        ("Broken", description.PARTS),
        ("The export forgets the last line", (description.WHY, description.WHO, description.WHEN)),
        ("The export forgets the last line because it is never flushed", (description.WHO, description.WHEN)),
        ("All users lose their notes when the export runs; needed before the release", ()),
        ("The export forgets a line. Customers lose money. Fix it by Friday", ()),
        ("Support cannot sign in since Monday, please mend it until 2026-12-01", ()),
    ],
)
def test_the_parts_that_the_words_do_not_tell_are_named_in_order(words: str, missed: tuple[str, ...]) -> None:
    assert description.missing({"title": words, "description": words}) == missed


def test_facts_of_the_ticket_tell_as_well_as_words() -> None:
    told = {
        "description": "x",
        "metadata": {"error_message": "ImportError: x", "affected_users": 12},
        "sprint": "2026-W48",
    }

    assert description.missing(told) == (description.WHY,)


def test_a_date_tells_when_only_if_somebody_chose_it() -> None:
    usual = {"created_at": "2026-11-22T09:00:00Z", "orchestration": {"sla": "24 hours"}, "description": "It is so slow"}

    assert description.WHEN in description.missing({**usual, "due_at": "2026-11-23T09:00:00Z"})
    assert description.WHEN not in description.missing({**usual, "due_at": "2026-11-30T09:00:00Z"})
    assert description.WHEN not in description.missing({**usual, "due_at": "2026-11-30"})


def test_answers_are_put_below_the_words_each_after_its_part() -> None:
    answers = {description.WHY: "it costs an hour a day", description.WHO: "  "}

    assert description.added("It is slow", answers) == "It is slow\n\nWhy: it costs an hour a day"
    assert description.added("It is slow", {}) == "It is slow"


def test_a_mebibyte_of_words_is_read_by_its_beginning() -> None:
    assert description.missing({"description": "because " + "a" * 1_000_000}) != ()


def test_answers_are_told_and_their_heads_say_nothing_of_the_type() -> None:
    words = description.added("Rename it", dict.fromkeys(description.PARTS, "x"))

    assert description.missing({"title": "", "description": words}) == ()
    assert triage.understand(words).type_reasons == triage.understand("Rename it").type_reasons
