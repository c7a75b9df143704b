"""dbos on SQLite: one workflow a ticket, one step a step."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import sqlalchemy
from dbos import DBOS, SetWorkflowID

from bench.peers import harness

QUEUE = "tickets"
THREADS = 4
POLL = 0.05


class Dbos:
    """Workflows taken from a queue that they were kept in, or, where they are timed alone, called one by one.

    Of the numbers of threads and the limits to its queue that were tried (1 to 64, with and without) this is what cost
    the least.
    """

    def __init__(self, job: harness.Job, done: harness.Done) -> None:
        if job.is_tuned:
            # SQLAlchemy's own hook: every other setting of dbos's engine stays as dbos makes it.
            sqlalchemy.event.listen(sqlalchemy.Engine, "connect", _flush_each_commit)
        url = f"sqlite:///{job.folder / 'dbos.db'}"
        DBOS(config={"name": "bench", "system_database_url": url, "max_executor_threads": THREADS,
                     "console_log_level": "ERROR"})  # fmt: skip
        self._workflow = DBOS.workflow()(_side_by_side(done) if job.is_parallel else _in_turn(done))
        self._is_queued = job.workload != "alone"
        self._done = done
        DBOS.launch()

    def make_ready(self, tickets: Sequence[str]) -> None:
        for ticket in tickets if self._is_queued else ():
            with SetWorkflowID(ticket):
                DBOS.enqueue_workflow(QUEUE, self._workflow, ticket)

    def run(self, tickets: Sequence[str]) -> None:
        if self._is_queued:
            DBOS.register_queue(QUEUE)  # only now: it would begin with the first workflow that is kept in it
        for ticket in () if self._is_queued else tickets:
            with SetWorkflowID(ticket):
                self._workflow(ticket)
        self._done.wait()
        while self._is_queued and len(_succeeded()) < len(tickets):
            time.sleep(POLL)

    def verify(self, tickets: Sequence[str]) -> None:
        if _succeeded() != set(tickets):
            raise RuntimeError(f"{len(_succeeded())} of {len(tickets)} workflows succeeded")
        for ticket in tickets:
            steps = sorted(step["function_name"] for step in DBOS.list_workflow_steps(ticket))
            if steps != ["a", "b", "c"]:
                raise RuntimeError(f"{ticket} has the steps {steps}")

    def close(self) -> None:
        DBOS.destroy()


def _succeeded() -> set[str]:
    found = DBOS.list_workflows(status="SUCCESS", load_input=False, load_output=False)
    return {one.workflow_id for one in found}


def _in_turn(done: harness.Done) -> Callable[[str], None]:
    steps = [DBOS.step(name=name)(_named(done, name)) for name in ("a", "b", "c")]

    def in_turn(ticket: str) -> None:
        for step in steps:
            step(ticket)

    return in_turn


def _side_by_side(done: harness.Done) -> Callable[[str], Awaitable[None]]:
    first, second, last = (DBOS.step(name=name)(_awaited(done, name)) for name in ("a", "b", "c"))

    async def side_by_side(ticket: str) -> None:
        await asyncio.gather(first(ticket), second(ticket))
        await last(ticket)

    return side_by_side


def _named(done: harness.Done, name: str) -> Callable[[str], str]:
    return lambda ticket: done.step(ticket, name)


def _awaited(done: harness.Done, name: str) -> Callable[[str], Awaitable[str]]:
    async def step(ticket: str) -> str:
        return done.step(ticket, name)

    return step


def _flush_each_commit(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's connection
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


if __name__ == "__main__":
    harness.main(Dbos)
