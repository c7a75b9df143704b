"""The floor: one row in one table a commit, each commit flushed. What no engine with a commit a ticket can go below."""

import sqlite3
from collections.abc import Sequence

from bench.peers import harness


class Floor:
    """A bare SQLite file; a commit stands for a ticket with all its steps."""

    def __init__(self, job: harness.Job, done: harness.Done) -> None:
        self._job, self._done = job, done
        self._connection = sqlite3.connect(job.folder / "floor.db", isolation_level=None)
        level = "FULL" if job.is_tuned else "NORMAL"
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(f"PRAGMA synchronous={level}")
        self._connection.execute("CREATE TABLE done (ticket TEXT, steps INTEGER)")

    def make_ready(self, tickets: Sequence[str]) -> None:
        """Nothing is kept before it is done."""

    def run(self, tickets: Sequence[str]) -> None:
        for ticket in tickets:
            steps = [self._done.step(ticket, step) for step in self._job.steps]
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO done VALUES (?, ?)", (ticket, len(steps)))
            self._connection.execute("COMMIT")

    def verify(self, tickets: Sequence[str]) -> None:
        (kept,) = self._connection.execute("SELECT count(*) FROM done WHERE steps = 3").fetchone()
        if kept != len(tickets):
            raise RuntimeError(f"{kept} of {len(tickets)} rows are there")

    def close(self) -> None:
        self._connection.close()


if __name__ == "__main__":
    harness.main(Floor)
