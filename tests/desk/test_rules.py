"""The rules as whoever comes by runs them: what is due is told in one transaction, and done as the project says."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests import builders
from tests.desk import room
from tickety.core import events, outbox, policy, ticket
from tickety.desk import memory, rules

BLOCKED = events.Draft("ticket.blocked", {"blocker": "so it is"})
HOUR = 3600.0


@pytest.fixture
def desk(tmp_path: Path) -> memory.Memory:
    return room.memory_in(tmp_path)


def later(desk: memory.Memory, hours: float) -> None:
    assert isinstance(desk.clock, builders.HandClock)
    desk.clock.go_on(hours * HOUR)


def with_policy(desk: memory.Memory, **chosen: object) -> memory.Memory:
    rules_of_project = replace(policy.USUAL, **chosen)  # type: ignore[arg-type]  # fields of a policy
    return replace(desk, policy=lambda: rules_of_project)


def log(desk: memory.Memory, subject: ticket.Ticket) -> list[tuple[str, str]]:
    return [(event.type, event.by) for event in desk.store.log(subject.uid)[1:]]


def test_nothing_is_due_and_nothing_is_written(desk: memory.Memory) -> None:
    room.open_some(desk, "bug")

    assert rules.attend(desk) == ()
    assert desk.store.end() == 1


def test_a_project_that_has_no_tickets_is_not_made_a_store_for(desk: memory.Memory, tmp_path: Path) -> None:
    assert rules.attend(with_policy(desk, delays={**policy.USUAL.delays, "stalled": 1.0})) == ()
    assert not list(tmp_path.iterdir())


def test_what_is_due_is_shown_before_it_is_told(desk: memory.Memory) -> None:
    (subject,) = room.open_some(desk, "bug", priority="critical")
    later(desk, 2)

    (due,) = rules.due_now(desk)
    assert (due.ticket_id, due.escalation.rule, due.escalation.raised_at) == (subject.id, "critical_open", "")
    assert desk.store.end() == 1

    (told,) = rules.attend(desk)
    assert replace(due.escalation, raised_at=told.escalation.raised_at) == told.escalation
    assert log(desk, subject) == [("escalation.raised", "system:critical_open")]
    assert rules.due_now(desk) == rules.attend(desk) == ()


def test_what_is_over_is_told_with_the_next_look(desk: memory.Memory) -> None:
    (subject,) = room.open_some(desk, "bug")
    builders.append(desk.store, subject.uid, [BLOCKED])
    rules.attend(desk)
    builders.append(desk.store, subject.uid, [events.Draft("ticket.unblocked")])

    rules.attend(desk)
    rules.attend(desk)

    assert log(desk, subject)[-2:] == [("ticket.unblocked", "user:ada"), ("escalation.resolved", "system:blocked")]
    assert list(desk.store.examine()) == []


def test_a_rule_makes_its_ticket_more_important_and_somebody_elses_as_the_project_says(desk: memory.Memory) -> None:
    chosen = {"raise_priority": ("sla_past",), "assign": {"sla_past": "user:grace"}, "owner": "user:boss"}
    ours = with_policy(desk, **chosen)
    (subject,) = room.open_some(desk, "bug", due_at="2026-11-23T09:00:00Z")
    later(desk, 24)

    told = rules.attend(ours)

    after = desk.store.load(subject.uid)
    assert [one.escalation.rule for one in told] == ["sla_near", "sla_past", "critical_open"]
    assert {one.escalation.owner for one in told} == {"user:boss"}
    assert (after.priority, after.assignee) == (ticket.Priority.CRITICAL, "user:grace")
    # As when a person makes it critical: it should have been closed after four hours.
    assert (after.orchestration.sla, after.due_at) == ("4 hours", "2026-11-22T13:00:00Z")
    assert rules.attend(ours) == ()


def test_one_lateness_raises_a_priority_by_one_and_no_further(desk: memory.Memory) -> None:
    ours = with_policy(desk, raise_priority=("sla_past",))
    (subject,) = room.open_some(desk, "bug", priority="low", due_at="2026-11-27T09:00:00Z")
    later(desk, 5 * 24)

    for _ in range(5):
        rules.attend(ours)
        later(desk, 1)

    assert desk.store.load(subject.uid).priority is ticket.Priority.MEDIUM


def test_delays_are_the_projects_own(desk: memory.Memory) -> None:
    ours = with_policy(desk, delays={**policy.USUAL.delays, "critical_open": 60.0})
    room.open_some(desk, "bug", priority="critical")
    later(desk, 0.1)

    assert [one.escalation.rule for one in rules.attend(ours)] == ["critical_open"]
    assert desk.store.delays()["critical_open"] == 60.0
    assert rules.attend(desk) == ()
    assert desk.store.delays()["critical_open"] == 7200.0


def test_many_tickets_are_told_in_one_go(desk: memory.Memory) -> None:
    for _ in range(450):
        builders.open_one(desk.store, priority="critical")
    later(desk, 2)

    assert len(rules.attend(desk)) == 450
    assert rules.due_now(desk) == ()


def message(desk: memory.Memory, subject: ticket.Ticket, seq: int) -> outbox.Message:
    (event,) = desk.store.since(seq - 1, 1)
    found = outbox.message_of(event, subject)
    assert found
    return found


def test_a_channel_that_takes_nothing_is_told_once_and_never_of_itself(desk: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "bug")
    for subject in (first, second):
        builders.append(desk.store, subject.uid, [BLOCKED])
    rules.lost(desk, "webhook-1", message(desk, first, 3))
    rules.lost(desk, "webhook-1", message(desk, second, 4))

    told = [event for event in desk.store.since(0, 99) if event.type == "escalation.raised"]
    assert [(event.ticket_uid, event.data["cause"]) for event in told] == [(first.uid, "webhook-1")]

    later(desk, 25)
    rules.lost(desk, "webhook-1", message(desk, first, told[0].seq))
    assert len([event for event in desk.store.since(0, 99) if event.data.get("rule") == "undelivered"]) == 1
