"""What is to be done next: ready and running work in its turn; rules that are due."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from tickety import store
from tickety.stores import statements

Row = tuple[Any, ...]


def ready(connection: sqlite3.Connection, wanted: store.Wanted) -> tuple[store.Work, ...]:
    """Steps that can begin now, in their turn: for each role the first few, then the first few of all."""
    if wanted.uid:
        return _ready_of(connection, wanted)
    roles = [str(row[0]) for row in _rows(connection, "select_waiting_roles", {})]
    queues = [_queue(connection, role, wanted) for role in roles if wanted.roles is None or role in wanted.roles]
    return tuple(sorted((work for queue in queues for work in queue), key=_place)[: wanted.limit])


def running(connection: sqlite3.Connection, uid: str | None) -> tuple[store.Work, ...]:
    """Steps that are running, of one ticket or of all."""
    return tuple(work_of(row) for row in _rows(connection, "select_running", {"ticket_uid": uid}))


def due(connection: sqlite3.Connection, now: float, limit: int) -> tuple[store.Due, ...]:
    """Rules that have to fire."""
    return tuple(store.Due(*row) for row in _rows(connection, "select_due", {"now": now, "limit": limit}))


def work_of(row: Row) -> store.Work:
    """The work of a row."""
    uid, step, role, attempt, worker, token, lease_until, turn = row
    claim = None if attempt is None else store.Claim(uid, step, attempt, worker, token, lease_until)
    return store.Work(uid, step, role, claim, turn)


def _ready_of(connection: sqlite3.Connection, wanted: store.Wanted) -> tuple[store.Work, ...]:
    found = _rows(connection, "select_ready_of", {"ticket_uid": wanted.uid, "now": wanted.now})
    works = [work_of(row) for row in found]
    return tuple(_within(wanted, (work for work in works if wanted.roles is None or work.role in wanted.roles)))


def _within(wanted: store.Wanted, works: Iterable[store.Work]) -> Iterable[store.Work]:
    taken: dict[str, int] = {}
    for work in works:
        number = taken.get(work.role, 0)
        if sum(taken.values()) < wanted.limit and number < wanted.slots.get(work.role, wanted.limit):
            taken[work.role] = number + 1
            yield work


def _queue(connection: sqlite3.Connection, role: str, wanted: store.Wanted) -> list[store.Work]:
    limit = min(wanted.limit, wanted.slots.get(role, wanted.limit))
    parameters = {"role": role, "now": wanted.now, "limit": limit}
    return [work_of(row) for row in _rows(connection, "select_ready", parameters)] if limit > 0 else []


def _place(work: store.Work) -> tuple[float, str]:
    return work.turn, work.ticket_uid


def _rows(connection: sqlite3.Connection, name: str, parameters: dict[str, Any]) -> list[Row]:
    return connection.execute(statements.sql(name), parameters).fetchall()
