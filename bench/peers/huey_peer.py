"""huey on SQLite: a pipeline of tasks a ticket, done by its own consumer in this process."""

from collections.abc import Callable, Sequence
from typing import Any

from huey import SqliteHuey
from huey.api import chord

from bench.peers import harness

PATIENCE = 60
"""Seconds that a result may take once its last step ran."""


class Huey:
    """A queue in a file. A task is taken out of it before it runs: with a worker that dies, its task is gone."""

    def __init__(self, job: harness.Job, done: harness.Done) -> None:
        durable = {"fsync": True} if job.is_tuned else {}
        self._huey = SqliteHuey(filename=str(job.folder / "huey.db"), **durable)
        tasks = {name: self._huey.task(name=name)(_named(done, name)) for name in ("a", "b", "c")}
        self._pipeline = _forked(tasks) if job.is_parallel else _straight(tasks)
        self._done = done
        self._results: dict[str, Any] = {}
        self._consumer = self._huey.create_consumer(workers=1, periodic=False)
        self._is_working = False

    def make_ready(self, tickets: Sequence[str]) -> None:
        for ticket in tickets:
            self._results[ticket] = self._huey.enqueue(self._pipeline(ticket))

    def run(self, tickets: Sequence[str]) -> None:
        del tickets
        if not self._is_working:
            self._consumer.start()
        self._is_working = True
        self._done.wait()

    def verify(self, tickets: Sequence[str]) -> None:
        for ticket in tickets:
            found = self._results[ticket].get(blocking=True, timeout=PATIENCE)
            if (found[-1] if isinstance(found, list) else found) != "c":
                raise RuntimeError(f"{ticket} ended with {found}")
        if self._huey.storage.queue_size():
            raise RuntimeError(f"{self._huey.storage.queue_size()} tasks are left")

    def close(self) -> None:
        self._consumer.stop(graceful=True)


def _straight(tasks: dict[str, Any]) -> Callable[[str], Any]:
    return lambda ticket: tasks["a"].s(ticket).then(tasks["b"], ticket=ticket).then(tasks["c"], ticket=ticket)


def _forked(tasks: dict[str, Any]) -> Callable[[str], Any]:
    return lambda ticket: chord([tasks["a"].s(ticket), tasks["b"].s(ticket)], tasks["c"].s(ticket=ticket))


def _named(done: harness.Done, name: str) -> Callable[..., str]:
    """A later task is given what those before it returned, and its ticket by name."""

    def task(*given: object, ticket: str = "") -> str:
        return done.step(ticket or str(given[0]), name)

    return task


if __name__ == "__main__":
    harness.main(Huey)
