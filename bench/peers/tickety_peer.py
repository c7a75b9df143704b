"""Tickety itself: tickets of three steps in its store, worked on by its engine."""

import asyncio
import gc
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec  # noqa: F401 - `tickety run` has read its settings with it

from bench.peers import harness
from tickety import clock, engine, store
from tickety.core import document, errors, events, ids, lifecycle, policy, report, ticket, times, verdict
from tickety.desk import ledger
from tickety.engines import local, workers
from tickety.stores import sqlite

PM = "agent:PM"
ROLE = "Data Engineer Agent"  # nobody else works as one in a store that bench/store.py filled
SIDE_BY_SIDE = 64
"""Attempts at a time (``[engine] workers``): that many share a commit. Every commit is flushed, either way."""

gc.set_threshold(100_000)  # as the command line does


@dataclass(frozen=True, slots=True)
class Held:
    """An attempt as an engine sees it."""

    claim: store.Claim


class Tickety:
    """A store of its own, an engine on it, and the errand that it runs: every step passes at once."""

    def __init__(self, job: harness.Job, done: harness.Done) -> None:
        self.done = done
        self.rules = policy.Policy(workers=SIDE_BY_SIDE if job.is_tuned else policy.WORKERS)
        self.clock = clock.SystemClock()
        self.names: dict[str, str] = {}
        self._store = sqlite.SqliteStore(str(job.folder / "tickety" / "tickety.db"))
        self._engine = local.LocalEngine(self._store, self.clock, lambda: self.rules, self._author)
        self._worker = workers.own_name()
        self._plan = document.from_plan(_plan(job.steps))

    def make_ready(self, tickets: Sequence[str], priority: str = "medium") -> None:
        def work(transaction: store.Transaction) -> None:
            for name in tickets:
                number = transaction.take_number("TASK", 2026)
                uid = ids.uuid7(number, secrets.token_bytes(10))
                self.names[uid] = name
                transaction.open(uid, _opening(ids.format_id("TASK", 2026, number), name, self._plan, priority))

        self._store.change(self._author(), work)

    def run(self, tickets: Sequence[str]) -> None:
        del tickets
        asyncio.run(self._engine.drain(self, None))

    def do_one(self) -> None:
        """Find the step whose turn it is, begin it, and record it: two transactions."""
        (work,) = self._store.ready(store.Wanted(times.as_text(self.clock.now()), 1, roles=(ROLE,)))
        held = self._store.change(self._author(), lambda transaction: self.begin(transaction, work))
        if held is None:
            raise RuntimeError(f"{work} could not begin")
        self._store.change(self._author(), Ending(self, held.claim).record)

    def verify(self, tickets: Sequence[str]) -> None:
        closed = {self.names[uid]: self._store.load(uid) for uid in self.names}
        for name in tickets:
            steps = closed[name].orchestration.steps
            if not closed[name].is_closed or any(step.attempt != 1 or not step.state.is_over for step in steps):
                raise RuntimeError(f"{name} is not finished")

    def close(self) -> None:
        self._store.close()

    def begin(self, transaction: store.Transaction, work: store.Work) -> Held | None:
        bid = ledger.Bid("bench", self._worker, secrets.token_hex(16), self.clock.now(), self.rules.lease,
                         beginning=_beginning(transaction.load(work.ticket_uid)))  # fmt: skip
        claim = ledger.begin(transaction, work, bid, self.rules)
        return Held(claim) if claim else None

    async def perform(self, held: Held) -> engine.Ending:
        self.done.step(self.names[held.claim.ticket_uid], held.claim.step)
        return Ending(self, held.claim)

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        del uid
        raise error

    def attend(self) -> None:
        """Rules are not what is measured."""

    def _author(self) -> events.Author:
        return events.Author(PM, times.as_text(self.clock.now()), secrets.token_hex(8))


@dataclass(frozen=True, slots=True)
class Ending:
    """A step that passed."""

    shop: Tickety
    claim: store.Claim

    def record(self, transaction: store.Transaction) -> None:
        now = self.shop.clock.now()
        agent = transaction.load(self.claim.ticket_uid).orchestration.step(self.claim.step).agent
        said = ticket.Update(
            agent, times.as_text(now), "passed", "it was nothing", self.claim.step, self.claim.attempt
        )  # fmt: skip
        end = verdict.End(said, verdict.Outcome(report.Status.PASSED, said.details))
        ledger.end(transaction, self.claim.ticket_uid, end, now, self.shop.rules)

    def give_up(self, transaction: store.Transaction, error: Exception) -> None:
        ledger.release(transaction, self.claim, lifecycle.Release("interrupted", str(error)))


def _plan(steps: dict[str, tuple[str, ...]]) -> ticket.Plan:
    """The workload's steps as a role would do them that judges and writes nothing."""
    made = tuple(ticket.Step(name, ROLE, f"do {name}", needs=needs) for name, needs in steps.items())
    return ticket.Plan((ROLE,), "three steps", "1 day", made)


def _opening(ticket_id: str, title: str, plan: dict[str, object], priority: str) -> events.Draft:
    data = {"id": ticket_id, "type": "task", "title": title, "description": "", "priority": priority,
            "reporter": PM, "assignee": PM, "tags": [], "due_at": "2026-12-01T09:00:00Z", "metadata": {},
            "orchestration": plan, "origin": {"description": "user"}}  # fmt: skip
    return events.Draft("ticket.opened", data)


def _beginning(subject: ticket.Ticket) -> tuple[events.Draft, ...]:
    if subject.branch is not None:
        return ()
    return (events.Draft("ticket.started", {"branch": f"tickety/{subject.id}", "base": "c0", "target": "main"}),)


if __name__ == "__main__":
    harness.main(Tickety)
