"""A log with cursors that is kept in a list: what the outbox needs of a store, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests import builders
from tickety import store
from tickety.core import events, ticket


class PaperLog:
    """Every event is of one ticket. ``writes`` counts how often a cursor was put in place."""

    def __init__(self) -> None:
        self._events: list[events.Event] = []
        self._cursors: dict[str, store.Cursor] = {}
        self._ticket = builders.opened()
        self.adopted = 0
        self.writes = 0

    def happen(self, kind: str, at: str = builders.AT, /, **data: Any) -> events.Event:  # noqa: ANN401 - any JSON
        """Something happens to the ticket."""
        n = len(self._events) + 1
        event = events.Event(builders.UID, n, kind, 1, at, "user:ada", f"c{n}", None, None, data, seq=n)
        self._events.append(event)
        return event

    def since(self, seq: int, limit: int, types: Sequence[str] | None = None) -> tuple[events.Event, ...]:
        return tuple(one for one in self._events if one.seq > seq and (types is None or one.type in types))[:limit]

    def end(self) -> int:
        return self._events[-1].seq if self._events else 0

    def load(self, uid: str) -> ticket.Ticket:
        return replace(self._ticket, uid=uid)

    def adopted_until(self, uid: str) -> int:
        del uid
        return self.adopted

    def cursor(self, name: str) -> store.Cursor | None:
        return self._cursors.get(name)

    def save_cursor(self, cursor: store.Cursor, before: store.Cursor | None) -> bool:
        if self._cursors.get(cursor.name) != before:
            return False
        self._cursors[cursor.name] = cursor
        self.writes += 1
        return True
