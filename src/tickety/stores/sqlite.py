"""The store of one machine: a SQLite file in WAL mode, every commit flushed (``synchronous=FULL``)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from tickety import store
from tickety.stores import database, delivery, documents, files, statements, transaction

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ids, query, ticket, undo

T = TypeVar("T")
Row = tuple[Any, ...]


class SqliteStore:
    """Tickets in one SQLite file. Reading opens it read-only; the first change makes it when it is missing."""

    def __init__(self, path: str, mounts: str = files.MOUNTS) -> None:
        self._path = path
        self._mounts = mounts
        self._memo = documents.Memo()
        self._listeners: list[Callable[[events.Event], None]] = []
        self._nothing: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None

    def change(self, author: events.Author, work: Callable[[store.Transaction], T]) -> T:
        self._make()
        with self._explained(), self._alone(), database.transaction(self._writing()) as connection:
            database.require_ours(connection, self._path)
            change = transaction.SqliteTransaction(connection, author, self._memo)
            with self._memo.during(connection):
                answer = work(change)
                change.finish()
        self._memo.keep(change.tickets)
        self._tell(change.appended)
        return answer

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        self._listeners.append(listener)

    def load(self, uid: str) -> ticket.Ticket:
        with self._explained():
            connection = self._reading()
            self._memo.look(connection)
            return self._memo.load(connection, uid)

    def document(self, uid: str) -> dict[str, Any]:
        from tickety.stores import rows

        with self._explained():
            connection = self._reading()
            found = rows.decode(documents.text(connection, uid), documents.fetcher(connection))
        return self._completed(found)

    def find(self, reference: ids.Reference, this_year: int) -> tuple[tuple[str, str], ...]:
        wanted = {"number": reference.number, "prefix": reference.prefix, "year": reference.year or this_year}
        return tuple((uid, ticket_id) for uid, ticket_id in self._rows("find_tickets", wanted))

    def page(self, wanted: query.Query, limit: int, cursor: str | None, *, whole: bool) -> store.Page:
        from tickety.stores import selection

        statement, values, ahead = selection.page(wanted, limit + 1, cursor, whole=whole)
        found = self._selected(statement, values)
        is_more = len(found) > limit and ahead
        following = "|".join(str(part) for part in found[limit - 1][:ahead]) if is_more else None
        shown = [row[ahead:] for row in found[:limit]]
        if whole:
            return store.Page((), tuple(self._decoded(row[0]) for row in shown), following)
        return store.Page(tuple(_row(row) for row in shown), (), following)

    def count(self, wanted: query.Query) -> int:
        from tickety.stores import selection

        return int(self._selected(*selection.count(wanted))[0][0])

    def unfinished(self, uid: str) -> tuple[store.Unfinished, ...]:
        return tuple(store.Unfinished(*row) for row in self._rows("select_unfinished", {"uid": uid}))

    def linked_from(self, ticket_id: str) -> tuple[tuple[str, str], ...]:
        return tuple((str(row[0]), str(row[1])) for row in self._rows("select_linked_from", {"id": ticket_id}))

    def log(self, uid: str) -> tuple[events.Event, ...]:
        with self._explained():
            return transaction.log(self._reading(), uid)

    def foreign_until(self, uid: str) -> int:
        return int(self._rows("select_foreign_until", {"uid": uid})[0][0])

    def adopted_until(self, uid: str) -> int:
        return int(self._rows("select_adopted_until", {"uid": uid})[0][0])

    def since(self, seq: int, limit: int, types: Sequence[str] | None = None) -> tuple[events.Event, ...]:
        import json

        from tickety.stores import rows

        wanted = None if types is None else json.dumps(list(types))
        found = self._rows("select_since", {"seq": seq, "limit": limit, "types": wanted})
        with self._explained():
            return tuple(rows.to_event(row, documents.fetcher(self._reading())) for row in found)

    def end(self) -> int:
        return int(self._rows("select_last_seq", {})[0][0])

    def cursor(self, name: str) -> store.Cursor | None:
        found = self._rows("select_cursor", {"name": name})
        return store.Cursor(*found[0]) if found else None

    def save_cursor(self, cursor: store.Cursor, before: store.Cursor | None) -> bool:
        from tickety.stores import rows

        if not files.is_there(self._path):
            return False
        statement = statements.sql("move_cursor" if before else "insert_cursor")
        with self._explained(), self._alone(), database.transaction(self._writing()) as connection:
            database.require_ours(connection, self._path)
            return connection.execute(statement, rows.cursor_row(cursor, before)).rowcount == 1

    def commands(self, by: str, limit: int) -> tuple[undo.Command, ...]:
        with self._explained():
            return transaction.commands(self._reading(), by, limit)

    def changed_by(self, command_id: str) -> tuple[str, ...]:
        with self._explained():
            return transaction.changed_by(self._reading(), command_id)

    def work(self, uid: str | None) -> tuple[store.Work, ...]:
        return tuple(delivery.work_of(row) for row in self._rows("select_work", {"ticket_uid": uid}))

    def ready(self, wanted: store.Wanted) -> tuple[store.Work, ...]:
        with self._explained():
            return delivery.ready(self._reading(), wanted)

    def running(self, uid: str | None) -> tuple[store.Work, ...]:
        with self._explained():
            return delivery.running(self._reading(), uid)

    def next_moment(self, now: str, uid: str | None) -> str | None:
        found = self._rows("select_next_moment", {"now": now, "ticket_uid": uid})
        return None if found[0][0] is None else str(found[0][0])

    def due(self, now: float, limit: int) -> tuple[store.Due, ...]:
        with self._explained():
            return delivery.due(self._reading(), now, limit)

    def delays(self) -> dict[str, float]:
        return {str(rule): float(seconds) for rule, seconds in self._rows("select_delays", {})}

    def renew(self, claim: store.Claim) -> bool:
        from tickety.stores import rows

        if not files.is_there(self._path):
            return False
        with self._explained(), self._alone(), database.transaction(self._writing()) as connection:
            return connection.execute(statements.sql("renew_claim"), rows.claim_row(claim)).rowcount == 1

    def claim_of(self, token: str) -> store.Claim | None:
        found = self._rows("select_claim", {"token": token})
        return store.Claim(*found[0]) if found else None

    def examine(self) -> Iterator[store.Finding]:
        from tickety.stores import audit

        with self._explained():
            return iter(audit.examine(self._reading(), self._path))

    def rebuild(self) -> None:
        from tickety.stores import upkeep

        if not files.is_there(self._path):
            return
        with self._explained(), self._alone(), database.transaction(self._writing()) as connection:
            database.require_ours(connection, self._path)
            upkeep.rebuild(connection)
        self._memo.forget()

    def mend(self, *, anew: bool = False) -> tuple[str, ...]:
        from tickety.stores import migrate, upkeep

        if not files.is_there(self._path):
            return ()
        done = upkeep.close_doors(self._path)
        if not anew and not any(finding.is_mendable for finding in self.examine()):
            return done
        with self._explained(), self._alone():
            backup = migrate.back_up(self._writing(), self._path + ".before-rebuild")
        self.rebuild()
        return (*done, f"kept the store as it was in {backup}", "made everything anew that follows from the log")

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
            return self._reading().execute(statements.sql(name), parameters).fetchall()

    def _selected(self, statement: str, values: dict[str, Any]) -> list[Row]:
        with self._explained():
            return self._reading().execute(statement, values).fetchall()

    def _decoded(self, text: str) -> dict[str, Any]:
        from tickety.stores import rows

        return self._completed(rows.decode(text, documents.fetcher(self._reading())))

    def _completed(self, found: dict[str, Any]) -> dict[str, Any]:
        """A ticket's JSON with what is in no event of its own: leases, other tickets' state, children's progress."""
        leases: dict[str, float] = dict(self._rows("select_leases", {"ticket_uid": found["uid"]}))
        for step in found["orchestration"]["steps"]:
            step["lease_until"] = _moment(leases[step["name"]]) if step["name"] in leases else None
        held_by = self._rows("select_held_by", {"uid": found["uid"]})[0][0]
        found["waiting_for"] = _waiting_for(found["status"], found["waiting_for"], held_by)
        total, done = self._rows("select_children", {"id": found["id"]})[0]
        if total:
            found["progress"] = {"done": done, "total": total}
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


def _row(row: Row) -> store.Row:
    ticket_id, kind, title, status, priority, updated_at, waiting_for, blocker, held_by, due_at = row
    waits = _waiting_for(status, waiting_for, held_by)
    return store.Row(ticket_id, kind, title, status, priority, updated_at, waits, blocker, held_by, due_at)


def _waiting_for(status: str, waiting_for: str | None, held_by: str | None) -> str | None:
    """What the ticket itself waits for before the tickets it waits for; a closed one waits for nothing."""
    return waiting_for or (f"waits for {held_by}" if held_by and status != "closed" else None)


def _moment(unix: float) -> str:
    from tickety.core import times

    return times.from_unix(unix)
