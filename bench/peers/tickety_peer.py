"""Tickety itself: tickets of three steps in its store, worked on by its engine."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from bench.peers import harness
from tickety import clock, store
from tickety.core import document, errors, events, ids, lifecycle, report, ticket, verdict
from tickety.engines import local, workers
from tickety.stores import sqlite

PM = "agent:PM"


@dataclass(frozen=True, slots=True)
class Held:
    """An attempt as an engine sees it."""

    claim: store.Claim
    ticket: str


class Tickety:
    """A store of its own. Every step passes at once."""

    def __init__(self, job: harness.Job, done: harness.Done) -> None:
        if not job.is_full:
            raise SystemExit("Tickety has no other way to keep a ticket than to the disk")
        self._job, self._done = job, done
        self._store = sqlite.SqliteStore(str(job.folder / "tickety" / "tickety.db"))
        self._clock = clock.SystemClock()
        self._engine = local.LocalEngine(self._store, self._clock)
        self._worker = workers.own_name()
        self._uids: dict[str, str] = {}
        self._plan = document.from_plan(_plan(job.steps))

    def make_ready(self, tickets: Sequence[str]) -> None:
        def work(transaction: store.Transaction) -> None:
            for name in tickets:
                self._uids[uid := ids.uuid7(0, uuid4().bytes[:10])] = name
                number = transaction.take_number("TASK", 2026)
                transaction.open(uid, _opening(ids.format_id("TASK", 2026, number), name, self._plan))

        self._store.change(self._author(), work)

    def run(self, tickets: Sequence[str]) -> None:
        del tickets
        asyncio.run(self._engine.drain(self._take, self._perform, None))

    def verify(self, tickets: Sequence[str]) -> None:
        closed = {self._uids[uid]: self._store.load(uid) for uid in self._uids}
        for name in tickets:
            steps = closed[name].orchestration.steps
            if not closed[name].is_closed or any(step.attempt != 1 or not step.state.is_over for step in steps):
                raise RuntimeError(f"{name} is not finished")

    def close(self) -> None:
        self._store.close()

    def _take(self, work: store.Work) -> Held | None:
        def change(transaction: store.Transaction) -> store.Claim:
            subject = transaction.load(work.ticket_uid)
            drafts = lifecycle.start_step(subject, work.step, "Bench", self._worker)
            lease_until = self._clock.now().timestamp() + local.LEASE
            claim = store.Claim(
                subject.uid, work.step, drafts[-1].attempt or 0, self._worker, uuid4().hex, lease_until
            )  # fmt: skip
            transaction.claim(claim)
            transaction.append(subject, [*_beginning(subject), *drafts])
            return claim

        try:
            return Held(self._store.change(self._author(), change), self._uids[work.ticket_uid])
        except errors.Refused:
            return None

    async def _perform(self, held: Held) -> None:
        self._done.step(held.ticket, held.claim.step)

        def change(transaction: store.Transaction) -> None:
            subject = transaction.load(held.claim.ticket_uid)
            said = _update(subject, held.claim, self._author().at)
            drafts = verdict.follow(subject, said, verdict.Outcome(report.Status.PASSED, said.details), None)
            transaction.drop_claim(subject.uid, held.claim.step)
            transaction.append(subject, drafts)

        self._store.change(self._author(), change)

    def _author(self) -> events.Author:
        return events.Author(PM, f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}", uuid4().hex)


def _plan(steps: dict[str, tuple[str, ...]]) -> ticket.Plan:
    """The workload's steps as a role would do them that judges and writes nothing."""
    made = tuple(ticket.Step(name, "Research Agent", f"do {name}", needs=needs) for name, needs in steps.items())
    return ticket.Plan(("Research Agent",), "three steps", "1 day", made)


def _opening(ticket_id: str, title: str, plan: dict[str, object]) -> events.Draft:
    data = {"id": ticket_id, "type": "task", "title": title, "description": "", "priority": "medium",
            "reporter": PM, "assignee": PM, "tags": [], "due_at": "2026-12-01T09:00:00Z", "metadata": {},
            "orchestration": plan, "origin": {"description": "user"}}  # fmt: skip
    return events.Draft("ticket.opened", data)


def _beginning(subject: ticket.Ticket) -> list[events.Draft]:
    if subject.branch is not None:
        return []
    return [events.Draft("ticket.started", {"branch": f"tickety/{subject.id}", "base": "c0", "target": "main"})]


def _update(subject: ticket.Ticket, claim: store.Claim, at: str) -> ticket.Update:
    agent = subject.orchestration.step(claim.step).agent
    return ticket.Update(agent, at, "passed", "it was nothing", claim.step, claim.attempt)


if __name__ == "__main__":
    harness.main(Tickety)
