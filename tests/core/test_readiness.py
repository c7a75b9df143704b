"""Why a ticket can be worked on, or cannot."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import builders
from tickety.core import document, events, progress, readiness, report, ticket

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def judged(subject: ticket.Ticket, *awaited: readiness.Awaited, **leases: str) -> readiness.Readiness:
    found: dict[str, Any] = document.from_ticket(subject)
    for step in found["orchestration"]["steps"]:
        step["lease_until"] = leases.get(step["name"])
    return readiness.judge(found, awaited, NOW)


def kinds(found: readiness.Readiness) -> list[str]:
    return [reason.kind for reason in found.reasons]


def test_a_new_ticket_is_ready_and_says_for_whom_and_how_to_begin() -> None:
    found = judged(builders.opened())

    assert found.is_ready
    assert found.reasons == (
        readiness.Reason("ready", "diagnose (Research Agent) can be worked on", "tickety run BUG-2026-001"),
    )
    assert found.due == "due in 23 h"
    place = readiness.Place(3, 12)
    assert readiness.sentence(found, "BUG-2026-001", place) == "BUG-2026-001 is ready, 3rd of 12 ready tickets."


def test_a_closed_ticket_says_how_it_ended() -> None:
    found = judged(builders.after(builders.opened(), [events.Draft("ticket.closed", {"resolution": "wont_fix"})]))

    assert not found.is_ready
    assert found.reasons[0].sentence == "it is closed, wont_fix, by agent:PM at 2026-11-22T09:00:00Z"
    assert readiness.sentence(found, "BUG-1", None) == "BUG-1 is closed."
    assert found.due is None


def test_a_blocked_ticket_says_by_what() -> None:
    found = judged(builders.after(builders.opened(), [events.Draft("ticket.blocked", {"blocker": "it rains"})]))

    assert not found.is_ready
    assert found.reasons[0] == readiness.Reason("blocked", "it is blocked: it rains", "tickety unblock BUG-2026-001")


def test_a_ticket_blocked_by_a_failed_step_is_tried_again_and_not_just_unblocked() -> None:
    subject = builders.reported(builders.started(builders.opened(), "diagnose"), "diagnose", report.Status.FAILED)

    found = judged(subject)

    assert kinds(found) == ["blocked", "failed"]
    assert found.reasons[0].command == "tickety retry BUG-2026-001"


def test_a_ticket_that_waits_for_a_person_says_what_is_asked() -> None:
    subject = builders.after(builders.started(builders.opened(), "diagnose"), [
        events.Draft("question.asked", {"id": "q", "step": "diagnose", "kind": "question", "text": "which one?"}, 1),
        events.Draft("step.waiting", {"step": "diagnose", "reason": "which one?"}, 1),
    ])  # fmt: skip

    found = judged(subject)

    assert not found.is_ready
    assert [reason.sentence for reason in found.reasons] == ["it waits for an answer to diagnose: which one?"]


def test_a_ticket_at_work_says_who_holds_it_and_until_when() -> None:
    found = judged(builders.started(builders.opened(), "diagnose"), diagnose="2026-11-22T10:05:00Z")

    assert kinds(found) == ["running"]
    assert "Research Agent is at work on diagnose, attempt 1 (host/1/100/200), until 2026-11-22T10:05:00Z" in (
        found.reasons[0].sentence
    )
    assert readiness.sentence(found, "BUG-1", None) == "BUG-1 is being worked on."


def test_a_worker_that_is_gone_is_taken_over() -> None:
    found = judged(builders.started(builders.opened(), "diagnose"), diagnose="2026-11-22T09:05:00Z")

    assert "has not been heard of since 2026-11-22T09:05:00Z" in found.reasons[0].sentence
    assert found.reasons[0].command == "tickety run BUG-2026-001"


@pytest.mark.parametrize(
    ("relationship", "told"),
    [
        ("blocked_by", "it waits until DOC-2026-002 is closed (open: Write it)"),
        ("starts_with", "it waits until DOC-2026-002 has started (open: Write it)"),
        ("child", "it waits until its part DOC-2026-002 is closed (open: Write it)"),
    ],
)
def test_a_ticket_that_waits_for_another_says_how(relationship: str, told: str) -> None:
    found = judged(builders.opened(), readiness.Awaited("DOC-2026-002", relationship, "open", "Write it"))

    assert not found.is_ready
    assert [reason.sentence for reason in found.reasons] == [told]
    assert found.reasons[0].command == "tickety run DOC-2026-002"


def test_the_chain_is_followed_one_level_further() -> None:
    further = readiness.Awaited("QA-2026-003", "blocked_by", "open", "Test it")
    other = readiness.Awaited("DOC-2026-002", "blocked_by", "open", "Write it", (further,))

    found = judged(builders.opened(), other).reasons[0]

    assert found.sentence.endswith("; DOC-2026-002 itself waits for QA-2026-003")
    assert (found.command, found.tickets) == ("tickety why DOC-2026-002", ("DOC-2026-002", "QA-2026-003"))


def test_an_epic_whose_parts_are_closed_is_to_be_closed() -> None:
    found: dict[str, Any] = document.from_ticket(builders.opened(kind="epic")) | {"progress": {"done": 2, "total": 2}}

    assert readiness.judge(found, (), NOW).reasons[0].command == "tickety close BUG-2026-001"


@pytest.mark.parametrize(
    ("number", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (23, "23rd")]
)
def test_places_are_counted_as_people_do(number: int, word: str) -> None:
    assert readiness.ordinal(number) == word


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(hours=3), "due in 3 h"),
        (timedelta(hours=-2), "2 h overdue"),
        (timedelta(days=5), "due in 5 d"),
        (timedelta(seconds=-20), "due now"),
    ],
)
def test_the_time_that_is_left_is_told_in_words(ahead: timedelta, told: str) -> None:
    assert progress.time_left((NOW + ahead).strftime("%Y-%m-%dT%H:%M:%SZ"), NOW) == told
