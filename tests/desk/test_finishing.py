"""A ticket whose plan is done while others hold it is closed later, with what the evidence earned."""

import asyncio

import pytest

from tests import builders
from tests.desk import test_elsewhere as elsewhere
from tickety import store
from tickety.core import events, query, ticket, verdict
from tickety.desk import finishing, hygiene, ports, readiness, run

desk = elsewhere.desk
DONE = ticket.Resolution.DONE


def perform(kept: store.Store, uid: str) -> ticket.Ticket:
    """Every step of a ticket is begun, and passes."""
    for step in kept.load(uid).orchestration.steps:
        builders.start(kept, uid, step.name)
        subject = kept.load(uid)

        def work(transaction: store.Transaction, subject: ticket.Ticket = subject, name: str = step.name) -> None:
            stands = finishing.standing(transaction, uid)
            drafts = verdict.follow(subject, builders.end(subject, name), builders.NOW, stands)
            transaction.drop_claim(uid, name)
            transaction.append(subject, drafts)

        kept.change(builders.author(by="agent:PM"), work)
    return kept.load(uid)


def begun(kept: store.Store, kind: str = "doc") -> ticket.Ticket:
    subject = builders.open_one(kept, kind=kind)
    return builders.append(kept, subject.uid, [events.Draft("ticket.started", elsewhere.FOREIGN)])


def close(kept: store.Store, uid: str) -> None:
    builders.append(kept, uid, [events.Draft("ticket.closed", {"resolution": "done"})])


def test_a_ticket_whose_agent_opened_a_part_of_it_is_not_closed_over_that_part(desk: ports.Ports) -> None:
    subject = begun(desk.store, "bug")
    part = builders.open_one(desk.store, kind="doc", parent=subject.id)

    assert perform(desk.store, subject.uid).status is ticket.Status.IN_PROGRESS
    assert finishing.finished(desk.store) == ()
    assert readiness.why(desk, subject.uid).judged.reasons[0].kind == "tickets"

    close(desk.store, part.uid)

    assert finishing.finished(desk.store) == (subject.uid,)
    answer = readiness.why(desk, subject.uid)
    assert (answer.judged.is_ready, answer.command) == (True, f"tickety close {subject.id}")
    assert [row.id for row in desk.store.page(query.READY, 9, None, whole=False).rows] == [subject.id]

    assert [(found.rule, found.id) for found in hygiene.survey(desk)] == [("finished", subject.id)]

    asyncio.run(run.run(desk, None))

    assert desk.store.load(subject.uid).resolution is ticket.Resolution.FIXED


def test_what_a_ticket_only_starts_with_does_not_hold_its_end(desk: ports.Ports) -> None:
    subject, other = begun(desk.store), builders.open_one(desk.store)
    link = {"ticket_id": other.id, "relationship": "starts_with"}
    builders.append(desk.store, subject.uid, [events.Draft("ticket.linked", link)])

    assert perform(desk.store, subject.uid).resolution is DONE


def test_closing_goes_on_to_those_that_waited_for_nothing_else(desk: ports.Ports) -> None:
    whole = begun(desk.store, "task")
    part = builders.append(
        desk.store,
        begun(desk.store).uid,
        [events.Draft("ticket.edited", {"changes": {"parent": {"from": None, "to": whole.id}}})],
    )
    perform(desk.store, whole.uid)
    perform(desk.store, part.uid)
    assert not desk.store.load(whole.uid).is_closed

    finishing.close(desk, part.uid)

    assert desk.store.load(whole.uid).resolution is DONE


@pytest.mark.parametrize("draft", [events.Draft("ticket.blocked", {"blocker": "it rains"}), None])
def test_a_ticket_that_is_blocked_or_has_work_left_is_not_closed(desk: ports.Ports, draft: events.Draft | None) -> None:
    subject = begun(desk.store)
    if draft:
        part = builders.open_one(desk.store, parent=subject.id)
        perform(desk.store, subject.uid)
        close(desk.store, part.uid)
        builders.append(desk.store, subject.uid, [draft])
    before = desk.store.load(subject.uid)

    finishing.close(desk, subject.uid)

    assert desk.store.load(subject.uid) == before
    assert finishing.finished(desk.store) == ()
