"""The events of one transaction: each has its place in the log at once, and they are written together."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from tickety.core import record
from tickety.stores import projection, statements

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events

Mark = tuple[int, int, list[dict[str, Any]]]
"""How far a journal was."""


class Journal:
    """What is appended in a transaction, in order. ``write`` before anything asks the log."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        from tickety.stores import rows

        self._row_of = rows.from_event
        self._stow = projection.stower(connection)
        self._connection = connection
        self._seq = 0
        self._unwritten: list[dict[str, Any]] = []
        self.events: list[events.Event] = []

    def add(self, event: events.Event) -> None:
        """Append an event that nobody else has seen yet; what is long in it is put away at once."""
        self._seq = (self._seq or self._last()) + 1
        placed = record.complete(event, seq=self._seq)
        self._unwritten.append(self._row_of(placed, self._stow))
        self.events.append(placed)

    def write(self) -> None:
        """Put into the log what is not there yet."""
        if self._unwritten:
            self._connection.executemany(statements.sql("insert_event"), self._unwritten)
            kinds = {(row["type"], row["v"]) for row in self._unwritten}
            self._connection.executemany(statements.sql("insert_event_kind"), _rows(kinds))
            self._unwritten = []

    def mark(self) -> Mark:
        """How far it is now, to turn back to."""
        return self._seq, len(self.events), self._unwritten.copy()

    def turn_back(self, mark: Mark) -> None:
        """Forget what was added since; the database forgets what was written since."""
        self._seq, length, self._unwritten = mark
        del self.events[length:]

    def _last(self) -> int:
        return int(self._connection.execute(statements.sql("select_last_seq")).fetchone()[0])


def _rows(kinds: set[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"type": kind, "v": version} for kind, version in kinds]
