"""Small tickets, events and clocks for tests: what is not said is as plain as it can be."""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tickety import store
from tickety.core import document, events, history, ids, lifecycle, query, recipes, report, sla, ticket, verdict
from tickety.desk import dispatch, ports

AT = "2026-11-22T09:00:00Z"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
UID = "019aa000-0000-7000-8000-000000000001"
YEAR = 2026
WORKER = "host/1/100/200"


def of_status(*statuses: str) -> query.Query:
    """The tickets of some statuses."""
    return query.Query((query.Term("status", "in", statuses),))


class HandClock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self._now = datetime(YEAR, 11, 22, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.go_on(seconds)

    def go_on(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def author(command_id: str = "", *, by: str = "user:ada", at: str = AT) -> events.Author:
    """Who changes something; each call is a command of its own unless its id is given."""
    return events.Author(by, at, command_id or os.urandom(8).hex())


def opening(ticket_id: str = "BUG-2026-001", kind: str = "bug", priority: str = "high", **changes: Any) -> events.Draft:  # noqa: ANN401 - fields of a ticket
    """The first event of a ticket, with the plan of its type."""
    length = sla.BY_PRIORITY[ticket.Priority(priority)]
    data = {
        "id": ticket_id,
        "type": kind,
        "title": "The --version command fails",
        "description": "The --version command fails with an ImportError.",
        "priority": priority,
        "reporter": "user:ada",
        "assignee": "agent:PM",
        "tags": [],
        "due_at": "2026-11-23T09:00:00Z",
        "metadata": {},
        "orchestration": document.from_plan(recipes.plan(recipes.BY_TYPE[kind], length)),
        "origin": {"description": "user"},
    }
    return events.Draft("ticket.opened", {**data, **changes})


def opened(**changes: Any) -> ticket.Ticket:  # noqa: ANN401 - fields of a ticket
    """A ticket that was just opened, outside any store."""
    return history.apply(None, events.stamp(opening(**changes), author("opened"), UID, 1))


def after(
    subject: ticket.Ticket, drafts: Iterable[events.Draft], *, by: str = "agent:PM", at: str = AT
) -> ticket.Ticket:
    """The ticket after these events."""
    for draft in drafts:
        subject = history.apply(subject, events.stamp(draft, author(by=by, at=at), subject.uid, subject.version + 1))
    return subject


def started(subject: ticket.Ticket, step: str, worker: str = WORKER) -> ticket.Ticket:
    """The ticket with an attempt of the step running."""
    begun = [] if subject.branch else [events.Draft("ticket.started", {"branch": "b", "base": "c0", "target": "main"})]
    return after(subject, [*begun, *lifecycle.start_step(subject, step, holder(worker))])


def holder(worker: str = WORKER) -> lifecycle.Holder:
    """Somebody who begins an attempt."""
    return lifecycle.Holder("somebody", worker)


def reported(
    subject: ticket.Ticket, step: str, status: report.Status = report.Status.PASSED, commit: str | None = None
) -> ticket.Ticket:
    """The ticket after the running attempt of the step ended that way."""
    return after(subject, verdict.follow(subject, end(subject, step, status, commit), NOW))


INTERRUPTED = lifecycle.Release("interrupted", "interrupted")


def end(
    subject: ticket.Ticket, step: str, status: report.Status = report.Status.PASSED, commit: str | None = None
) -> verdict.End:
    """How the running attempt of the step ends."""
    return verdict.End(update(subject, step, status), verdict.Outcome(status, "so it is"), commit)


def done(subject: ticket.Ticket, *steps: str) -> ticket.Ticket:
    """The ticket after these steps were started and passed."""
    for step in steps:
        subject = reported(started(subject, step), step)
    return subject


def update(
    subject: ticket.Ticket, step: str, status: report.Status = report.Status.PASSED, attempt: int | None = None
) -> ticket.Update:
    """What the running attempt of the step says."""
    entry = subject.orchestration.step(step)
    number = entry.attempt if attempt is None else attempt
    return ticket.Update(
        entry.agent, AT, status.value, "so it is", step, number, outputs={"file": "cli.py"}, signals=("red",)
    )


def open_one(
    kept: store.Store,
    *,
    command_id: str = "",
    at: str = AT,
    kind: str = "bug",
    priority: str = "high",
    **changes: Any,  # noqa: ANN401 - fields of a ticket
) -> ticket.Ticket:
    """Open a ticket in a store, with a number of its own; the same command twice opens it once."""
    who = author(command_id, at=at)
    prefix = recipes.BY_TYPE[kind].prefix

    def work(transaction: store.Transaction) -> ticket.Ticket:
        if known := transaction.opened_by(who.command_id):
            return transaction.load(known)
        name = ids.format_id(prefix, YEAR, transaction.take_number(prefix, YEAR))
        return transaction.open(new_uid(), opening(name, kind, priority, **changes))

    return kept.change(who, work)


def append(kept: store.Store, uid: str, drafts: Sequence[events.Draft], *, at: str = AT) -> ticket.Ticket:
    """Append events to a ticket of a store."""
    return kept.change(author(at=at), lambda transaction: transaction.append(transaction.load(uid), drafts))


def edited(**metadata: Any) -> events.Draft:  # noqa: ANN401 - any JSON
    """The event that adds to a ticket's metadata: the plainest change there is."""
    return events.noted(metadata)


def start(kept: store.Store, uid: str, step: str, **claimed: Any) -> store.Claim:  # noqa: ANN401 - fields of a claim
    """Begin an attempt of a step in a store, under a claim; ``gone`` names the attempt that is taken over."""
    gone = claimed.pop("gone", None)

    def work(transaction: store.Transaction) -> store.Claim:
        subject = transaction.load(uid)
        drafts = lifecycle.start_step(subject, step, holder(), gone)
        held = claim(uid, step, attempt=drafts[-1].attempt or 0, **claimed)
        transaction.claim(held)
        transaction.append(subject, drafts)
        return held

    return kept.change(author(), work)


def claim(
    uid: str, step: str = "diagnose", *, attempt: int = 1, worker: str = WORKER, lease_until: float = 2e9
) -> store.Claim:
    """A claim whose token tells its attempt."""
    return store.Claim(uid, step, attempt, worker, f"token-{uid}-{step}-{attempt}", lease_until)


def open_attempt(desk: ports.Ports, work: store.Work) -> dispatch.Attempt | None:
    """Begin an attempt of what an engine found, in a transaction of its own."""
    return desk.store.change(desk.author(), lambda transaction: dispatch.open_attempt(desk, transaction, work))


def new_uid() -> str:
    """A uid that nobody else has."""
    return ids.uuid7(0, os.urandom(10))
