"""Whatever a ticket may hold is the same after it was exported and imported."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.desk import room
from tickety.core import budget, document, escalation, query, receipt, ticket, times, workflow
from tickety.core.exchange import paper
from tickety.desk import exporting, importing, memory
from tickety.papers import frontmatter

NUMBERS = itertools.count(1)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)
LONG = WORDS | st.just("a long text \N{GREEK SMALL LETTER ALPHA}\n" * 500)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | LONG,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
OBJECTS = st.dictionaries(WORDS, JSON, max_size=2)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)).map(times.as_text)  # noqa: DTZ001 - bounds are naive
PRINCIPALS = st.sampled_from(("user:ada", "agent:QA", "system:sla"))
AGENTS = st.sampled_from(("Research Agent", "Engineer Agent", "QA Agent"))
SIGNALS = st.lists(st.sampled_from(("leak", "slow")), unique=True).map(tuple)
NAMES = ("diagnose", "fix", "test", "deploy")
COUNTS = st.integers(0, 99)
RECEIPTS = st.builds(
    receipt.Receipt, command=st.lists(WORDS, max_size=2).map(tuple), purpose=st.sampled_from(receipt.Purpose),
    phase=st.sampled_from(receipt.Phase), exit_code=st.none() | COUNTS, output_sha256=st.just("a" * 64),
    tree=st.just("b" * 40), at=MOMENTS, seconds=st.floats(0, 1e6),
    tests=st.none() | st.builds(receipt.Tally, COUNTS, COUNTS, COUNTS, st.lists(WORDS, max_size=2).map(tuple)),
)  # fmt: skip
UPDATES = st.builds(
    ticket.Update, agent=AGENTS, timestamp=MOMENTS, result=WORDS, details=LONG, step=st.sampled_from(NAMES),
    attempt=COUNTS, error=st.none() | LONG, signals=SIGNALS, outputs=OBJECTS, stop_reason=WORDS,
    receipts=st.lists(RECEIPTS, max_size=2).map(tuple),
)  # fmt: skip
QUESTIONS = st.builds(
    ticket.Question, id=WORDS, step=st.sampled_from(NAMES), attempt=COUNTS, kind=st.sampled_from(("question",
    "approval")), text=LONG, asked_at=MOMENTS, answer=st.none() | LONG, answered_by=st.none() | PRINCIPALS,
)  # fmt: skip
ESCALATIONS = st.builds(
    ticket.Escalation, id=st.uuids().map(str), rule=st.sampled_from(tuple(escalation.RULES)), cause=WORDS,
    owner=PRINCIPALS, sentence=WORDS, raised_at=MOMENTS, acknowledged_by=st.none() | PRINCIPALS,
    resolved_at=st.none() | MOMENTS,
)  # fmt: skip
AMOUNTS = st.fixed_dictionaries(dict.fromkeys(budget.RESOURCES, st.integers(0, 10**9) | st.floats(0, 1e9)))
SPENT = st.dictionaries(MOMENTS.map(lambda moment: moment[:10]), AMOUNTS, max_size=2)
COMMENTS = st.builds(
    ticket.Comment, id=st.uuids().map(str), by=PRINCIPALS, at=MOMENTS, text=LONG, origin=st.sampled_from(("user",
    "agent:QA", "import"))
)  # fmt: skip
CONDITIONS: st.SearchStrategy[dict[str, Any] | None] = st.none() | st.sampled_from(
    ({"signal": "leak"}, {"not": {"any": [{"signal": "leak"}]}})
)
LINKS = st.lists(st.sampled_from(("blocked_by", "starts_with", "related_to", "duplicate_of")), unique=True)


@st.composite
def plans(draw: st.DrawFn) -> ticket.Plan:
    """Steps in any states, each after some of those before it."""
    steps = tuple(
        ticket.Step(
            name, draw(AGENTS), draw(LONG), tuple(name for name in NAMES[:index] if draw(st.booleans())),
            draw(st.booleans()), starts_with=NAMES[:1] if index and draw(st.booleans()) else (), when=draw(CONDITIONS),
            mode=draw(st.sampled_from(("normal", "standby", "approval"))), phase=draw(st.none() | WORDS),
            state=draw(st.sampled_from(ticket.State)), attempt=draw(COUNTS), reason=draw(st.none() | LONG),
            claimed_by=draw(st.none() | WORDS), started_at=draw(st.none() | MOMENTS),
            ended_at=draw(st.none() | MOMENTS), commit=draw(st.none() | st.just("c" * 40)), outputs=draw(OBJECTS),
            signals=draw(SIGNALS), not_before=draw(st.none() | MOMENTS), reserved=draw(st.none() | AMOUNTS),
            spent=draw(st.just({}) | AMOUNTS))
        for index, name in enumerate(NAMES)
    )  # fmt: skip
    return ticket.Plan(("QA Agent",), draw(WORDS), "4 hours", steps, draw(st.lists(WORDS, max_size=2).map(tuple)),
                       draw(st.lists(OBJECTS, max_size=2).map(tuple)))  # fmt: skip


@st.composite
def tickets(draw: st.DrawFn) -> ticket.Ticket:
    """A ticket as it may stand in a store, closed or not."""
    several: dict[str, st.SearchStrategy[Any]] = {
        "comments": COMMENTS, "agent_updates": UPDATES, "questions": QUESTIONS, "escalations": ESCALATIONS,
    }  # fmt: skip
    listed: dict[str, Any] = {name: tuple(draw(st.lists(one, max_size=2))) for name, one in several.items()}
    over: dict[str, Any] = {}
    if draw(st.booleans()):
        over = {"status": ticket.Status.CLOSED, "resolution": draw(st.sampled_from(ticket.Resolution)),
                "closed_at": "2026-12-01T00:00:00Z", "closed_by": "user:ada",
                "archived": draw(st.booleans())}  # fmt: skip
    return replace(
        builders.opened(), uid=builders.new_uid(), version=draw(st.integers(1, 1000)),
        orchestration=workflow.settle(draw(plans())),
        title=draw(WORDS.filter(str.strip)), description=draw(LONG), metadata=draw(OBJECTS),
        sprint=draw(st.none() | WORDS), priority=draw(st.sampled_from(ticket.Priority)), tags=("auth", "ui"),
        spent=draw(SPENT), paused_by=draw(st.none() | PRINCIPALS), **listed, **over
    )  # fmt: skip


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[memory.Memory, memory.Memory]]:
    opened = [room.memory_in(tmp_path / name) for name in ("one", "other")]
    yield opened[0], opened[1]
    for desk in opened:
        desk.store.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(tickets(), LINKS)
def test_any_ticket_survives_its_export(
    stores: tuple[memory.Memory, memory.Memory], drawn: ticket.Ticket, links: list[str]
) -> None:
    number = next(NUMBERS)
    friend = replace(builders.opened(), uid=builders.new_uid(), id=f"FEAT-2025-{number:03}")
    tied = tuple(ticket.Link(friend.id, ticket.Relationship(name)) for name in links)
    written = replace(drawn, id=f"BUG-2025-{number:03}", linked_tickets=tied)
    one, other = stores

    bring(one, json.dumps([document.from_ticket(subject) for subject in (written, friend)]))
    bring(other, exported(one, written, friend))

    # What follows from the rest is not compared: on what it waits, and since when what holds.
    kept = one.store.load(written.uid)
    assert kept == replace(written, waiting_for=kept.waiting_for, marks=kept.marks)
    assert exported(other, written, friend) == exported(one, written, friend)
    assert list(other.store.examine()) == []


def bring(desk: memory.Memory, text: str) -> None:
    outcome = importing.import_many(desk, [paper.Paper("x.json", text)], importing.Way("auto", frontmatter.parse))
    assert outcome.faults == ()


def exported(desk: memory.Memory, *subjects: ticket.Ticket) -> str:
    named = query.Term("id", "in", tuple(subject.id for subject in subjects))
    return "".join(exporting.export(desk, query.Query((named,), sort="id"), "json"))
