"""The store of one machine: a SQLite file in WAL mode, every commit flushed (``synchronous=FULL``)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from tickety import store
from tickety.core import errors
from tickety.stores import database, files, transaction

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ids, ticket

T = TypeVar("T")
Row = tuple[Any, ...]

_NOWHERE = (-1, "", "")


class SqliteStore:
    """Tickets in one SQLite file. Reading opens it read-only; the first change makes it when it is missing."""

    def __init__(self, path: str, mounts: str = "/proc/self/mounts") -> None:
        self._path = path
        self._mounts = mounts
        self._listeners: list[Callable[[events.Event], None]] = []
        self._nothing: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None

    def change(self, author: events.Author, work: Callable[[store.Transaction], T]) -> T:
        self._make()
        with self._explained(), self._alone(), database.transaction(self._writing()) as connection:
            change = transaction.SqliteTransaction(connection, author)
            answer = work(change)
        self._tell(change.appended)
        return answer

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        self._listeners.append(listener)

    def load(self, uid: str) -> ticket.Ticket:
        with self._explained():
            return transaction.load(self._reading(), uid)

    def document(self, uid: str) -> dict[str, Any]:
        from tickety.stores import rows

        with self._explained():
            connection = self._reading()
            found = rows.decode(transaction.document_text(connection, uid), transaction.fetcher(connection))
        return self._with_leases(found)

    def find(self, reference: ids.Reference, this_year: int) -> tuple[tuple[str, str], ...]:
        wanted = {"number": reference.number, "prefix": reference.prefix, "year": reference.year or this_year}
        return tuple((uid, ticket_id) for uid, ticket_id in self._rows("find_tickets", wanted))

    def page(self, statuses: Sequence[str], limit: int, cursor: str | None, *, whole: bool) -> store.Page:
        import json

        rank, created_at, ticket_id = _NOWHERE if cursor is None else _position(cursor)
        wanted = {
            "statuses": json.dumps(list(statuses)),
            "limit": limit + 1,
            "rank": rank,
            "created_at": created_at,
            "id": ticket_id,
        }
        found = self._rows("page_documents" if whole else "page_rows", wanted)
        following = "|".join(str(part) for part in found[limit - 1][:3]) if len(found) > limit else None
        if whole:
            return store.Page((), tuple(self._decoded(row[3]) for row in found[:limit]), following)
        return store.Page(tuple(store.Row(*row[2:]) for row in found[:limit]), (), following)

    def log(self, uid: str) -> tuple[events.Event, ...]:
        from tickety.stores import rows

        found = self._rows("select_log", {"ticket_uid": uid})
        with self._explained():
            return tuple(rows.to_event(row, transaction.fetcher(self._reading())) for row in found)

    def work(self, uid: str | None) -> tuple[store.Work, ...]:
        return tuple(_work(row) for row in self._rows("select_work", {"ticket_uid": uid}))

    def renew(self, claim: store.Claim) -> bool:
        from tickety.stores import rows

        if not files.is_there(self._path):
            return False
        with self._explained(), self._alone(), database.transaction(self._writing()) as connection:
            return connection.execute(database.sql("renew_claim"), rows.claim_row(claim)).rowcount == 1

    def claim_of(self, token: str) -> store.Claim | None:
        found = self._rows("select_claim", {"token": token})
        return store.Claim(*found[0]) if found else None

    def close(self) -> None:
        for connection in (self._nothing, self._reader):
            if connection:
                connection.close()
        if self._writer:
            # The last connection to close checkpoints the log, and that must not race with another writer.
            with self._alone():
                self._writer.close()
        self._nothing = self._reader = self._writer = None

    def _rows(self, name: str, parameters: dict[str, Any]) -> list[Row]:
        with self._explained():
            return self._reading().execute(database.sql(name), parameters).fetchall()

    def _decoded(self, text: str) -> dict[str, Any]:
        from tickety.stores import rows

        return self._with_leases(rows.decode(text, transaction.fetcher(self._reading())))

    def _with_leases(self, found: dict[str, Any]) -> dict[str, Any]:
        """A ticket's JSON, with the leases of its running steps: they are rows, and in no event."""
        from tickety.core import times

        leases: dict[str, float] = dict(self._rows("select_leases", {"ticket_uid": found["uid"]}))
        for step in found["orchestration"]["steps"]:
            step["lease_until"] = times.from_unix(leases[step["name"]]) if step["name"] in leases else None
        return found

    def _make(self) -> None:
        if self._writer is None:
            files.create(self._path, self._mounts)

    def _reading(self) -> sqlite3.Connection:
        if self._writer is None and self._reader is None:
            self._reader = database.to_read(self._path)
        if found := self._writer or self._reader:
            return found
        self._nothing = self._nothing or database.to_nothing()
        return self._nothing

    def _writing(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = database.to_write(self._path)
        return self._writer

    def _tell(self, appended: Sequence[events.Event]) -> None:
        for event in appended:
            for listener in self._listeners:
                listener(event)

    def _alone(self) -> AbstractContextManager[None]:
        """No other process writes, and none checkpoints."""
        from tickety.stores import lock

        return lock.held(self._path + ".lock")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise files.explain(error, self._path) from error
        except OSError as error:
            if not str(error.filename).startswith(self._path):
                raise
            raise files.unwritable(os.path.dirname(self._path), error) from error


def _work(row: Row) -> store.Work:
    uid, step, role, attempt, *rest = row
    return store.Work(uid, step, role, None if attempt is None else store.Claim(uid, step, attempt, *rest))


def _position(cursor: str) -> tuple[int, str, str]:
    rank, _, rest = cursor.partition("|")
    created_at, _, ticket_id = rest.partition("|")
    if not (rank.isdecimal() and created_at and ticket_id):
        raise errors.Usage(f"{cursor!r} is not a cursor", "take the one that the last page gave as `next`")
    return int(rank), created_at, ticket_id
