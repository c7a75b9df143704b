"""The rules on tickets that need more than their crew: each cause is told once, and told to be over once."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tickety.core import answering, errors, escalation, events, lifecycle, moves, report, ticket, times

HOUR = 3600.0
DELAYS = {**escalation.DELAYS, escalation.OVER: 0.0}
BLOCKED = events.Draft("ticket.blocked", {"blocker": "so it is"})
ADA = answering.When(builders.NOW, "user:ada")


def at(hours: float) -> str:
    return times.as_text(builders.NOW + timedelta(hours=hours))


def fire(subject: ticket.Ticket, hours: float) -> ticket.Ticket:
    """What the rules do with one ticket at a moment."""
    now = builders.NOW + timedelta(hours=hours)
    for rule in (*escalation.DELAYS, escalation.OVER):
        for alarm in escalation.due(subject, rule, now.timestamp(), DELAYS):
            over = events.Draft("escalation.resolved", {"id": alarm.cause})
            draft = over if rule == escalation.OVER else escalation.raised(subject, alarm, now, None)
            subject = builders.after(subject, [draft], by=f"system:{rule}", at=at(hours))
    return subject


def told(subject: ticket.Ticket) -> list[str]:
    return [one.rule for one in subject.escalations]


def test_a_critical_ticket_is_escalated_after_two_hours_and_once() -> None:
    subject = builders.opened(priority="critical", due_at=at(4))

    assert told(fire(subject, 1.9)) == []
    subject = fire(fire(subject, 2), 2.5)

    assert told(subject) == ["critical_open"]
    assert subject.escalations[0].sentence == "BUG-2026-001 is critical and has been open for 2 h"
    assert subject.escalations[0].owner == "user:ada"


def test_a_ticket_that_no_person_reported_is_in_the_hands_of_the_pm_unless_the_project_says_otherwise() -> None:
    subject = builders.opened(reporter="agent:QA")

    assert escalation.owner(subject, None) == "agent:PM"
    assert escalation.owner(subject, "user:grace") == "user:grace"


def test_each_time_that_a_ticket_is_blocked_is_a_cause_of_its_own() -> None:
    subject = fire(builders.after(builders.opened(), [BLOCKED]), 0)
    subject = fire(builders.after(subject, moves.unblock(subject)), 0)
    subject = fire(builders.after(subject, [BLOCKED]), 0)

    assert told(subject) == ["blocked", "blocked"]
    assert [one.resolved_at is None for one in subject.escalations] == [False, True]


def test_another_reason_to_be_blocked_is_no_new_cause() -> None:
    subject = fire(builders.after(builders.opened(), [BLOCKED]), 0)
    subject = fire(builders.after(subject, moves.block(subject, "it is something else")), 0)

    assert told(subject) == ["blocked"]


def failing(subject: ticket.Ticket) -> ticket.Ticket:
    subject = builders.reported(builders.started(subject, "diagnose"), "diagnose", report.Status.FAILED)
    return builders.after(subject, lifecycle.retry(subject, "diagnose"))


def test_every_third_failure_is_told_also_after_a_person_tried_again() -> None:
    subject = builders.opened()
    seen = []
    for _ in range(6):
        subject = fire(failing(subject), 0)
        seen.append(told(subject).count("failed_attempts"))

    assert seen == [0, 0, 1, 1, 1, 2]


def test_a_ticket_that_is_begun_anew_is_not_blamed_for_what_failed_before() -> None:
    subject = builders.opened()
    for _ in range(3):
        subject = failing(subject)
    closed = builders.after(subject, moves.close(subject, ticket.Resolution.WONT_FIX))

    assert "failed_attempts" not in told(fire(builders.after(closed, moves.reopen(closed)), 0))


def test_four_fifths_of_the_time_and_its_end_are_told() -> None:
    subject = builders.opened(due_at=at(24))

    assert told(fire(subject, 19.1)) == []
    assert told(fire(subject, 19.3)) == ["sla_near"]
    assert told(fire(fire(subject, 19.3), 24)) == ["sla_near", "sla_past"]


def moved(subject: ticket.Ticket, due_at: str) -> ticket.Ticket:
    change = {"due_at": {"from": subject.due_at, "to": due_at}}
    return builders.after(subject, [events.Draft("ticket.edited", {"changes": change})])


def test_a_date_that_is_moved_to_an_earlier_one_is_no_new_cause_once_it_was_told() -> None:
    subject = fire(moved(fire(builders.opened(due_at=at(24)), 24), at(12)), 25)

    assert told(subject) == ["sla_near", "sla_past"]
    assert [one.resolved_at for one in subject.escalations] == [None, None]


def test_a_date_that_is_moved_to_a_later_one_is_a_new_cause_and_the_old_one_is_over() -> None:
    subject = fire(moved(fire(builders.opened(due_at=at(24)), 24), at(100)), 25)

    assert [one.resolved_at for one in subject.escalations] == [at(25), at(25)]
    assert told(fire(subject, 100)) == ["sla_near", "sla_past", "sla_near", "sla_past"]


def asking(subject: ticket.Ticket) -> ticket.Ticket:
    return builders.reported(builders.started(subject, "diagnose"), "diagnose", report.Status.NEEDS_HUMAN)


def test_the_time_stands_still_while_a_person_is_waited_for_and_that_is_told_after_a_day() -> None:
    subject = fire(asking(builders.opened(due_at=at(4))), 23)

    assert told(subject) == []
    assert told(fire(subject, 24)) == ["answer_overdue"]


def test_the_time_that_was_waited_is_not_counted() -> None:
    subject = asking(builders.opened(due_at=at(24)))
    when = replace(ADA, now=builders.NOW + timedelta(hours=30))
    said = answering.answer(subject, None, "the second one", when)
    subject = builders.after(subject, said, by="user:ada", at=at(49))

    assert subject.due_at == at(54)
    assert told(fire(subject, 49.1)) == []
    assert told(fire(subject, 49.3)) == ["sla_near"]


def test_a_question_that_a_reopened_ticket_left_behind_holds_nothing() -> None:
    subject = asking(builders.opened(due_at=at(4)))
    closed = builders.after(subject, moves.close(subject, ticket.Resolution.WONT_FIX))
    again = fire(builders.after(closed, moves.reopen(closed)), 30)

    assert told(again) == ["sla_near", "sla_past"]


def test_what_the_rules_do_is_no_sign_of_life() -> None:
    subject = fire(builders.started(builders.opened(due_at=at(99)), "diagnose"), 1)
    edit = {"priority": {"from": "high", "to": "critical"}}
    raised = builders.after(subject, [events.Draft("ticket.edited", {"changes": edit})], by="system:stalled", at=at(1))

    assert told(subject) == ["stalled"]
    assert subject.escalations[0].resolved_at is None
    assert told(fire(raised, 2)).count("stalled") == 1
    said = builders.after(raised, [events.Draft("ticket.voted", {"votes": 1})], at=at(2))
    assert fire(said, 2).escalations[0].resolved_at == at(2)


def test_all_is_over_with_the_ticket() -> None:
    subject = fire(builders.after(builders.opened(priority="critical"), [BLOCKED]), 3)
    closed = builders.after(subject, moves.close(subject, ticket.Resolution.WONT_FIX))

    assert all(one.resolved_at for one in fire(closed, 4).escalations)
    assert told(fire(closed, 999)) == told(subject)


def test_an_escalation_is_seen_once_by_name_by_rule_or_with_all() -> None:
    subject = fire(builders.after(builders.opened(priority="critical"), [BLOCKED]), 3)
    by_rule = builders.after(subject, escalation.acknowledge(subject, "blocked"), by="user:grace")
    everything = builders.after(by_rule, escalation.acknowledge(by_rule, None), by="user:ada")

    assert {one.rule: one.acknowledged_by for one in everything.escalations} == {
        "blocked": "user:grace",
        "critical_open": "user:ada",
    }
    assert escalation.acknowledge(everything, None) == []
    assert escalation.acknowledge(everything, "blocked") == []
    with pytest.raises(errors.NotFound, match="has no escalation 'block'") as refused:
        escalation.acknowledge(everything, "block")
    assert "blocked" in refused.value.hint


MOVES: dict[str, Any] = {
    "block": lambda subject: moves.block(subject, "so it is"),
    "unblock": moves.unblock,
    "close": lambda subject: moves.close(subject, ticket.Resolution.WONT_FIX),
    "reopen": moves.reopen,
    "vote": lambda _: [events.Draft("ticket.voted", {"votes": 1})],
    "pause": lambda subject: [] if subject.is_closed else lifecycle.pause(subject, "later"),
    "resume": lifecycle.resume,
    "ack": lambda subject: escalation.acknowledge(subject, None),
    "critical": lambda subject: [events.Draft("ticket.edited", {"changes": {"priority": {
        "from": subject.priority.value, "to": "critical"}}})],
    "later": lambda subject: [events.Draft("ticket.edited", {"changes": {"due_at": {
        "from": subject.due_at, "to": at(300)}}})],
    "earlier": lambda subject: [events.Draft("ticket.edited", {"changes": {"due_at": {
        "from": subject.due_at, "to": at(1)}}})],
}  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.floats(0, 30)), max_size=25))
def test_whatever_happens_each_cause_is_told_once_and_what_is_over_once(happened: list[tuple[str, float]]) -> None:
    subject, now = builders.opened(due_at=at(24)), 0.0
    for name, hours in happened:
        now += hours
        with suppress(errors.Refused):
            subject = builders.after(subject, MOVES[name](subject), at=at(now))
        subject = fire(subject, now)

        names = [one.id for one in subject.escalations]
        assert len(names) == len(set(names))
        assert fire(subject, now) == subject
        if subject.is_closed:
            assert all(one.resolved_at for one in subject.escalations)
        if subject.status is ticket.Status.BLOCKED:
            assert any(one.rule == "blocked" and one.resolved_at is None for one in subject.escalations)
