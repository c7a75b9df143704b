"""A ticket is its events, and its JSON is the ticket: neither way loses anything."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders
from tickety.core import (
    document,
    errors,
    events,
    history,
    lifecycle,
    receipt,
    recipes,
    report,
    ticket,
    verdict,
    workflow,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = st.sampled_from(("diagnose", "fix", "test"))
MAYBE = st.none() | TEXTS
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=3)


def tuples(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, max_size=2).map(tuple)


TALLIES = st.builds(receipt.Tally, st.integers(0), st.integers(0), st.integers(0), tuples(TEXTS))
RECEIPTS = st.builds(
    receipt.Receipt,
    command=tuples(TEXTS),
    exit_code=st.none() | st.integers(-15, 255),
    seconds=st.floats(0, 1e6),
    tests=st.none() | TALLIES,
)
UPDATES = st.builds(
    ticket.Update, error=MAYBE, signals=tuples(TEXTS), outputs=OBJECTS, stop_reason=TEXTS, receipts=tuples(RECEIPTS)
)
STEPS = st.builds(
    ticket.Step,
    needs=tuples(TEXTS),
    writes=st.booleans(),
    starts_with=tuples(TEXTS),
    when=st.none() | OBJECTS,
    mode=TEXTS,
    phase=MAYBE,
    state=st.sampled_from(ticket.State),
    attempt=st.integers(0),
    reason=MAYBE,
    claimed_by=MAYBE,
    started_at=MAYBE,
    ended_at=MAYBE,
    commit=MAYBE,
    outputs=OBJECTS,
    signals=tuples(TEXTS),
)
PLANS = st.builds(
    ticket.Plan,
    agents_required=tuples(TEXTS),
    steps=tuples(STEPS),
    success_criteria=tuples(TEXTS),
    phases=tuples(OBJECTS),
)
QUESTIONS = st.builds(ticket.Question, answer=MAYBE, answered_by=MAYBE)
TICKETS = st.builds(
    ticket.Ticket,
    orchestration=PLANS,
    origin=st.dictionaries(TEXTS, TEXTS, max_size=2),
    assignee=MAYBE,
    tags=tuples(TEXTS),
    metadata=OBJECTS,
    waiting_for=MAYBE,
    blocker=MAYBE,
    resolution=st.none() | st.sampled_from(ticket.Resolution),
    closed_at=MAYBE,
    closed_by=MAYBE,
    branch=MAYBE,
    base=MAYBE,
    target=MAYBE,
    agent_updates=tuples(UPDATES),
    questions=tuples(QUESTIONS),
)


def as_read(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The value as whoever reads its JSON gets it."""
    return json.loads(json.dumps(value))


@settings(deadline=None)
@given(TICKETS)
def test_a_ticket_survives_its_json(subject: ticket.Ticket) -> None:
    assert document.to_ticket(as_read(document.from_ticket(subject))) == subject


@settings(deadline=None)
@given(TICKETS)
def test_a_document_is_plain_json_and_survives_its_ticket(subject: ticket.Ticket) -> None:
    written = document.from_ticket(subject)

    assert as_read(written) == written
    assert document.from_ticket(document.to_ticket(written)) == written


@settings(deadline=None)
@given(PLANS)
def test_a_plan_survives_its_json(plan: ticket.Plan) -> None:
    assert document.to_plan(as_read(document.from_plan(plan))) == plan


@settings(deadline=None)
@given(UPDATES)
def test_an_update_survives_its_json_and_its_usage_is_unknown_not_zero(update: ticket.Update) -> None:
    written = document.from_update(update)

    assert document.to_update(as_read(written)) == update
    assert written["usage"] == {"tokens": None, "cost_usd": None, "seconds": None}


def test_the_names_of_the_contract_are_all_there() -> None:
    assert set(document.from_ticket(builders.opened())) == {
        "schema", "id", "uid", "version", "type", "title", "description", "status", "waiting_for", "priority", "tags",
        "assignee", "reporter", "created_at", "updated_at", "closed_at", "closed_by", "due_at", "resolution", "blocker",
        "parent", "sprint", "archived", "head", "paused_by", "milestone", "spent", "marks",
        "linked_tickets", "metadata", "orchestration", "agent_updates", "comments",
        "questions", "escalations", "progress", "branch", "base", "target", "origin",
    }  # fmt: skip


def test_progress_counts_the_steps_that_are_over() -> None:
    assert document.from_ticket(builders.opened())["progress"] == {"done": 0, "total": 3}
    assert document.from_ticket(builders.done(builders.opened(), "diagnose"))["progress"] == {"done": 1, "total": 3}


def test_changing_a_document_does_not_change_the_ticket_it_was_made_from() -> None:
    subject = builders.opened(metadata={"seen": {"by": ["ada"]}})

    document.from_ticket(subject)["metadata"]["seen"]["by"].append("bob")

    assert subject.metadata == {"seen": {"by": ["ada"]}}


# A ticket is its events.


Move = tuple[str, str]
MOVES = st.tuples(
    st.sampled_from(("start", "take over", "release", "passed", "failed", "needs_human", "retry", "edit", "close")),
    NAMES,
)


def drafts_of(subject: ticket.Ticket, move: Move) -> list[events.Draft]:
    """What a move brings about; nothing where a rule refuses it."""
    try:
        return attempted(subject, *move)
    except errors.Refused:
        return []


def attempted(subject: ticket.Ticket, what: str, step: str) -> list[events.Draft]:
    attempt = subject.orchestration.step(step).attempt
    match what:
        case "start" | "take over":
            gone = attempt if what == "take over" else None
            drafts = lifecycle.start_step(subject, step, builders.holder(builders.WORKER), gone)
        case "release":
            drafts = lifecycle.release_step(subject, step, attempt, builders.INTERRUPTED)
        case "retry":
            drafts = lifecycle.retry(subject, step)
        case "edit":
            drafts = [builders.edited(**{step: attempt})]
        case "close":
            drafts = [events.Draft("ticket.closed", {"resolution": "cancelled"})] if may_close(subject) else []
        case _:
            drafts = verdict.follow(subject, builders.end(subject, step, report.Status(what), "c"), builders.NOW)
    return drafts


def may_close(subject: ticket.Ticket) -> bool:
    is_running = workflow.first_unfinished(subject.orchestration, ticket.State.RUNNING) is not None
    return subject.status is not ticket.Status.CLOSED and not is_running


def lived(moves: list[Move]) -> list[events.Event]:
    """The log of a ticket after these moves."""
    log = [events.stamp(builders.opening(), builders.author("opened"), builders.UID, 1)]
    subject = history.apply(None, log[0])
    for move in moves:
        for draft in drafts_of(subject, move):
            log.append(events.stamp(draft, builders.author("c"), builders.UID, subject.version + 1))
            subject = history.apply(subject, log[-1])
    return log


def folded(log: list[events.Event]) -> ticket.Ticket:
    subject = None
    for event in log:
        subject = history.apply(subject, event)
    assert subject
    return subject


@settings(deadline=None)
@given(st.lists(MOVES, max_size=30), st.data())
def test_a_ticket_can_be_kept_as_its_document_after_any_event_and_goes_on_the_same(
    moves: list[Move], data: st.DataObject
) -> None:
    log = [replace(event, data=as_read(event.data)) for event in lived(moves)]
    cut = data.draw(st.integers(1, len(log)))
    kept = as_read(document.from_ticket(folded(log[:cut])))

    subject = document.to_ticket(kept)
    for event in log[cut:]:
        subject = history.apply(subject, event)

    assert subject == folded(log)


@settings(deadline=None)
@given(st.lists(MOVES, max_size=40))
def test_whatever_happens_a_ticket_keeps_its_promises(moves: list[Move]) -> None:
    log = lived(moves)
    before = folded(log[:1])
    for event in log[1:]:
        after = history.apply(before, event)
        assert after.version == before.version + 1
        assert before.status is not ticket.Status.CLOSED or event.type == "ticket.edited"
        assert all(
            new.attempt >= old.attempt
            for old, new in zip(before.orchestration.steps, after.orchestration.steps, strict=True)
        )
        assert all(
            (step.state is ticket.State.RUNNING) == (step.claimed_by is not None) for step in after.orchestration.steps
        )
        assert workflow.settle(after.orchestration) == after.orchestration
        before = after


@pytest.mark.parametrize("kind", recipes.BY_TYPE)
def test_a_ticket_of_every_type_survives_its_json(kind: str) -> None:
    subject = builders.opened(kind=kind)

    assert document.to_ticket(as_read(document.from_ticket(subject))) == subject
