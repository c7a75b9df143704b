"""Why a ticket is ready or not, and where it stands, on a real store."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tickety import store
from tickety.core import catalogue, document, events, policy, query, ticket
from tickety.desk import memory, readiness
from tickety.stores import sqlite

_NUMBERS = count(1)


@pytest.fixture
def desk(tmp_path: Path) -> memory.Memory:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    return memory.Memory(
        kept, builders.HandClock(), lambda count: b"x" * count, "user:ada", lambda: catalogue.BUILT_IN, policy.usual
    )


def link(kept: store.Store, uid: str, relationship: str, other: str) -> None:
    builders.append(kept, uid, [events.Draft("ticket.linked", {"ticket_id": other, "relationship": relationship})])


def test_the_place_of_a_ready_ticket_is_its_place_in_the_order_of_work(desk: memory.Memory) -> None:
    opened = [
        builders.open_one(desk.store, priority="low").uid,
        builders.open_one(desk.store, priority="high").uid,
        builders.open_one(desk.store, priority="high").uid,
        builders.open_one(desk.store, priority="high", at="2026-11-22T08:00:00Z").uid,
        builders.open_one(desk.store, priority="critical").uid,
    ]
    blocked = builders.open_one(desk.store, priority="critical").uid
    builders.append(desk.store, blocked, [events.Draft("ticket.blocked", {"blocker": "it rains"})])

    places = [readiness.why(desk, uid).place for uid in opened]

    assert [(place.number, place.total) for place in places if place] == [(5, 5), (3, 5), (4, 5), (2, 5), (1, 5)]
    assert readiness.why(desk, blocked).place is None


def test_the_place_is_the_one_in_the_list_of_what_is_next(desk: memory.Memory) -> None:
    for number in range(12):
        builders.open_one(desk.store, priority=("low", "high")[number % 2], kind=("bug", "doc")[number // 6])

    rows = desk.store.page(query.READY, 20, None, whole=False).rows

    for number, row in enumerate(rows, 1):
        place = readiness.why(desk, _uid(desk, row.id)).place
        assert place
        assert place.number == number


def test_a_chain_of_tickets_is_followed(desk: memory.Memory) -> None:
    first, second, third = (builders.open_one(desk.store) for _ in range(3))
    link(desk.store, first.uid, "blocked_by", second.id)
    link(desk.store, second.uid, "starts_with", third.id)

    answer = readiness.why(desk, first.uid)

    assert not answer.judged.is_ready
    assert answer.sentence == "BUG-2026-001 is not ready."
    assert answer.judged.reasons[0].sentence.endswith("; BUG-2026-002 itself waits for BUG-2026-003")
    assert answer.command == "tickety why BUG-2026-002"
    assert readiness.why(desk, second.uid).judged.reasons[0].sentence.startswith("it waits until BUG-2026-003 has")


def test_a_parent_waits_for_its_parts(desk: memory.Memory) -> None:
    epic = builders.open_one(desk.store, kind="epic")
    part = builders.open_one(desk.store, kind="doc", parent=epic.id)

    assert readiness.why(desk, epic.uid).command == f"tickety run {part.id}"
    builders.append(desk.store, part.uid, [events.Draft("ticket.closed", {"resolution": "done"})])
    assert readiness.why(desk, epic.uid).command == f"tickety close {epic.id}"


def test_who_holds_a_step_is_told_with_the_lease(desk: memory.Memory) -> None:
    uid = builders.open_one(desk.store).uid
    builders.start(desk.store, uid, "diagnose", lease_until=desk.clock.now().timestamp() + 300)

    answer = readiness.why(desk, uid)

    assert answer.sentence == "BUG-2026-001 is being worked on."
    assert "until 2026-11-22T09:05:00Z" in answer.judged.reasons[0].sentence
    assert answer.as_json()["reasons"][0]["kind"] == "running"


def _uid(desk: memory.Memory, ticket_id: str) -> str:
    from tickety.desk import search

    return search.find(desk.store, ticket_id, desk.clock.now())


STEPS = st.lists(st.sampled_from(ticket.State), max_size=3)
QUESTIONS = st.lists(st.tuples(st.integers(0, 2), st.none() | st.just("yes")), max_size=2)


@given(st.sampled_from(ticket.Status), STEPS, QUESTIONS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_why_and_the_list_of_what_is_ready_agree(
    desk: memory.Memory, status: ticket.Status, states: list[ticket.State], asked: list[tuple[int, str | None]]
) -> None:
    subject = builders.opened(id=f"BUG-2026-{next(_NUMBERS):03}")
    steps = tuple(
        ticket.Step(f"s{place}", "QA Agent", "test", state=state, reason="so") for place, state in enumerate(states)
    )
    questions = tuple(
        ticket.Question(f"q{place}", f"s{place}", 1, "question", "?", builders.AT, answer) for place, answer in asked
    )
    plan = replace(subject.orchestration, steps=steps)
    told = replace(subject, uid=builders.new_uid(), status=status, orchestration=plan, questions=questions)
    imported = events.Draft("ticket.imported", {"document": document.from_ticket(told)})
    desk.store.change(builders.author(), lambda changing: changing.open(told.uid, imported))

    listed = desk.store.count(query.READY.where("id", "in", told.id))

    assert readiness.why(desk, told.uid).judged.is_ready == bool(listed)
