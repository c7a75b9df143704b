from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import events, outbox, ticket, times

SAMPLES: dict[str, dict[str, object]] = {
    "escalation.raised": {
        "id": "blocked:event 9", "rule": "blocked", "cause": "event 9", "owner": "user:ada", "sentence":
        "BUG-2026-001 is blocked: it fails",
    },
    "question.asked": {"id": "q1", "step": "fix", "kind": "question", "text": "Which of the two?"},
    "ticket.blocked": {"blocker": "QA Agent reported: it fails"},
    "ticket.closed": {"resolution": "cannot_reproduce"},
    "ticket.opened": {"reporter": "user:ada", "priority": "critical"},
    "step.alerted": {"step": "test", "agent": "QA Agent", "words": "PREPARE"},
    "progress.reached": {"percent": 50, "done": 2, "total": 4},
    "phase.done": {"phase": "Research & Design"},
}  # fmt: skip


def happened(kind: str, /, **data: object) -> events.Event:
    return events.Event(builders.UID, 5, kind, 1, builders.AT, "user:ada", "c", None, None, {**data}, 42)


def told(kind: str, subject: ticket.Ticket | None = None, /, **changes: object) -> outbox.Message:
    found = outbox.message_of(happened(kind, **{**SAMPLES[kind], **changes}), subject or builders.opened())
    assert found
    return found


SHOW = "tickety show BUG-2026-001"
WORDS = {
    "escalation.raised": (
        "BUG-2026-001 needs you: The --version command fails",
        "BUG-2026-001 is blocked: it fails\nIt is in the hands of user:ada.\ntickety ack BUG-2026-001",
    ),
    "question.asked": (
        "BUG-2026-001 asks you: The --version command fails",
        "The step fix asks: Which of the two?\ntickety answer BUG-2026-001",
    ),
    "ticket.blocked": (
        "BUG-2026-001 is blocked: The --version command fails",
        "QA Agent reported: it fails\ntickety show BUG-2026-001",
    ),
    "ticket.closed": (
        "BUG-2026-001 is closed, cannot reproduce: The --version command fails",
        "tickety show BUG-2026-001",
    ),
    "ticket.opened": (
        "BUG-2026-001 is new: The --version command fails",
        "Opened by user:ada, with critical priority.\nOn it: Research Agent, Engineer Agent, QA Agent.\n" + SHOW,
    ),
    "step.alerted": (
        "BUG-2026-001 alerts the QA Agent: The --version command fails",
        "PREPARE - verify the resolution\ntickety show BUG-2026-001",
    ),
    "progress.reached": (
        "BUG-2026-001 is at 50 %: The --version command fails",
        "2 of 4 steps are done.\ntickety show BUG-2026-001",
    ),
    "phase.done": (
        "BUG-2026-001 is through with Research & Design: The --version command fails",
        "tickety show BUG-2026-001",
    ),
}


@pytest.mark.parametrize("kind", WORDS)
def test_every_kind_of_event_that_people_may_hear_of_has_its_words(kind: str) -> None:
    message = told(kind)

    assert (message.title, message.body) == WORDS[kind]
    assert (message.kind, message.ticket_id, message.at) == (
        outbox.kind_of(happened(kind)),
        "BUG-2026-001",
        builders.AT,
    )


def test_no_kind_is_without_words_and_no_default_without_a_kind() -> None:
    assert WORDS.keys() == SAMPLES.keys() == set(outbox.KINDS.values())
    assert set(outbox.DEFAULT) <= outbox.KINDS.keys()


def test_an_approval_is_asked_for_with_the_command_that_gives_it() -> None:
    message = told("question.asked", kind="approval", text="May the Ops Agent deploy?")

    assert message.title.startswith("BUG-2026-001 waits for your yes: ")
    assert message.body.endswith("\ntickety approve BUG-2026-001")


@pytest.mark.parametrize("kind", sorted(events.VERSIONS.keys() - SAMPLES.keys()))
def test_nobody_is_told_of_anything_else(kind: str) -> None:
    assert outbox.message_of(happened(kind), builders.opened()) is None


def test_the_key_is_the_place_in_the_log_of_this_store() -> None:
    assert told("ticket.blocked").key == f"{builders.UID}/42"


ANY = st.text() | st.sampled_from(
    ("x\r\nBcc: all@example.org", "\x1b[31m\x1b]0;t\x07", "a\n\ntickety ack --all", "\u202e", "x" * 5000)
)


@given(st.sampled_from(sorted(SAMPLES)), ANY, ANY)
def test_whatever_a_ticket_says_a_message_has_a_line_for_its_title_and_a_few_short_ones_for_its_body(
    kind: str, title: str, said: str
) -> None:
    subject = builders.opened(title=title)

    message = told(kind, subject, **{name: said for name, value in SAMPLES[kind].items() if isinstance(value, str)})

    lines = [message.title, *message.body.split("\n")]
    assert len(message.title) <= outbox.TITLE
    assert len(lines) <= 4
    assert all(len(line) <= outbox.SAID for line in lines)
    assert not [
        letter
        for line in lines
        for letter in line
        if letter < " " or "\x7f" <= letter <= "\x9f" or letter in "\u202e\u2066"
    ]
    assert lines[-1].startswith("tickety ")
    assert lines[-1].endswith(" BUG-2026-001")


@given(
    st.sampled_from(sorted(SAMPLES)),
    st.dictionaries(st.sampled_from(("text", "kind", "step", "blocker")), st.integers()),
)
def test_an_event_that_says_less_or_something_else_is_still_told(kind: str, data: dict[str, int]) -> None:
    assert outbox.message_of(happened(kind, **data), builders.opened())


def test_a_channel_rests_longer_from_try_to_try_and_an_hour_at_the_most() -> None:
    waits = [outbox.wait(tries).total_seconds() for tries in range(1, outbox.TRIES + 1)]

    assert waits[:4] == [10, 20, 40, 80]
    assert waits == sorted(waits)
    assert waits[-1] == outbox.wait(10**6).total_seconds() == 3600


def test_what_is_a_week_old_is_no_news() -> None:
    event, at = happened("ticket.blocked"), times.as_moment(builders.AT)

    assert outbox.is_news(event, at + outbox.NEWS)
    assert outbox.is_news(event, at - timedelta(hours=1))
    assert not outbox.is_news(event, at + outbox.NEWS + timedelta(seconds=1))
