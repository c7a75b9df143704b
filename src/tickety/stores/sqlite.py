"""The store of one machine: a SQLite file in WAL mode, every commit flushed (``synchronous=FULL``)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from tickety import store
from tickety.core import errors
from tickety.stores import files

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ids, ticket

T = TypeVar("T")
Row = tuple[Any, ...]

_SQL = os.path.join(os.path.dirname(__file__), "sql")
_PRAGMAS = (
    "synchronous=FULL",
    "fullfsync=1",
    "checkpoint_fullfsync=1",
    "foreign_keys=1",
    "mmap_size=0",
    "busy_timeout=60000",
)
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
        with self._explained(), self._alone():
            connection = self._writing()
            with _transaction(connection):
                transaction = _SqliteTransaction(connection, author)
                answer = work(transaction)
        self._tell(transaction.appended)
        return answer

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        self._listeners.append(listener)

    def load(self, uid: str) -> ticket.Ticket:
        with self._explained():
            return _ticket(self._reading(), uid)

    def document(self, uid: str) -> dict[str, Any]:
        from tickety.core import times
        from tickety.stores import rows

        with self._explained():
            connection = self._reading()
            found = rows.decode(_document(connection, uid), _fetcher(connection))
            leases = dict(connection.execute(_sql("select_leases"), {"ticket_uid": uid}).fetchall())
        for step in found["orchestration"]["steps"]:
            step["lease_until"] = times.from_unix(leases[step["name"]]) if step["name"] in leases else None
        return found

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
            return tuple(rows.to_event(row, _fetcher(self._reading())) for row in found)

    def work(self, uid: str | None) -> tuple[store.Work, ...]:
        return tuple(_work(row) for row in self._rows("select_work", {"ticket_uid": uid}))

    def renew(self, claim: store.Claim) -> bool:
        if not files.is_there(self._path):
            return False
        with self._explained(), self._alone():
            connection = self._writing()
            with _transaction(connection):
                return connection.execute(_sql("renew_claim"), _claim_row(claim)).rowcount == 1

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
            return self._reading().execute(_sql(name), parameters).fetchall()

    def _decoded(self, text: str) -> dict[str, Any]:
        from tickety.stores import rows

        return rows.decode(text, _fetcher(self._reading()))

    def _make(self) -> None:
        if self._writer is None:
            files.create(self._path, self._mounts)

    def _reading(self) -> sqlite3.Connection:
        if self._writer is None and self._reader is None:
            self._reader = self._open_to_read()
        if found := self._writer or self._reader:
            return found
        self._nothing = self._nothing or _empty()
        return self._nothing

    def _open_to_read(self) -> sqlite3.Connection | None:
        """None as long as there is nothing: another process may make it at any moment."""
        if not files.is_there(self._path):
            return None
        files.refuse_foreign(self._path)
        with _closed_on_failure(_connect(f"file:{_quoted(self._path)}?mode=ro")) as connection:
            if _version(connection, self._path):
                return connection
        connection.close()
        return None

    def _writing(self) -> sqlite3.Connection:
        from tickety.stores import migrate

        if self._writer is None:
            files.refuse_foreign(self._path)
            with _closed_on_failure(_connect(f"file:{_quoted(self._path)}?mode=rw")) as connection:
                _version(connection, self._path)
                migrate.bring_up(connection)
            self._writer = connection
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


class _SqliteTransaction:
    def __init__(self, connection: sqlite3.Connection, author: events.Author) -> None:
        self._connection = connection
        self._author = author
        self.appended: list[events.Event] = []

    def take_number(self, prefix: str, year: int) -> int:
        return int(self._run("take_number", {"prefix": prefix, "year": year})[0][0])

    def load(self, uid: str) -> ticket.Ticket:
        return _ticket(self._connection, uid)

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        return self._append(None, uid, [draft])

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        return self._append(subject, subject.uid, drafts)

    def opened_by(self, command_id: str) -> str | None:
        found = self._run("select_command", {"command_id": command_id})
        return str(found[0][0]) if found else None

    def claim(self, claim: store.Claim) -> None:
        self._run("save_claim", _claim_row(claim))

    def drop_claim(self, ticket_uid: str, step: str) -> None:
        self._run("delete_claim", {"ticket_uid": ticket_uid, "step": step})

    def _append(self, subject: ticket.Ticket | None, uid: str, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        from tickety.core import events, lifecycle

        for draft in drafts:
            event = events.stamp(draft, self._author, uid, subject.version + 1 if subject else 1)
            subject = lifecycle.apply(subject, event)
            self._store(event)
        if subject is None:
            raise ValueError("a ticket begins with an event")
        self._project(subject)
        return subject

    def _store(self, event: events.Event) -> None:
        from tickety.core import events
        from tickety.stores import rows

        cursor = self._connection.execute(_sql("insert_event"), rows.from_event(event, self._stow))
        self.appended.append(events.stored(event, cursor.lastrowid or 0))

    def _project(self, subject: ticket.Ticket) -> None:
        from tickety.stores import rows

        self._run("save_ticket", rows.from_ticket(subject, self._stow))
        self._run("clear_work", {"ticket_uid": subject.uid})
        for entry in rows.work_of(subject):
            self._run("insert_work", entry)

    def _stow(self, digest: str, body: str) -> None:
        self._run("insert_long_text", {"sha256": digest, "body": body})

    def _run(self, name: str, parameters: dict[str, Any]) -> list[Row]:
        return self._connection.execute(_sql(name), parameters).fetchall()


@cache
def _sql(name: str) -> str:
    with open(os.path.join(_SQL, name + ".sql"), encoding="utf-8") as file:
        return file.read()


def _connect(uri: str) -> sqlite3.Connection:
    with _closed_on_failure(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute("PRAGMA " + pragma)
    return connection


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _empty() -> sqlite3.Connection:
    """A store in memory: what reading finds before the first change."""
    from tickety.stores import migrate

    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate.bring_up(connection)
    return connection


def _version(connection: sqlite3.Connection, path: str) -> int:
    """The schema's version; refuses a database of something else, and of a newer release."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    is_blank = application == 0 and version == 0 and not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    if application != files.APPLICATION_ID and not is_blank:
        raise files.not_a_store(path)
    if version > store.SCHEMA:
        raise errors.Refused(
            f"{path} was written by a newer Tickety (schema {version}, this one knows {store.SCHEMA})",
            "upgrade tickety (uv tool upgrade tickety, or pip install -U tickety)",
        )
    return version


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _document(connection: sqlite3.Connection, uid: str) -> str:
    found = connection.execute(_sql("select_document"), {"uid": uid}).fetchone()
    if found is None:
        raise errors.NotFound(f"there is no ticket {uid}", "tickety list")
    return str(found[0])


def _ticket(connection: sqlite3.Connection, uid: str) -> ticket.Ticket:
    from tickety.core import document
    from tickety.stores import rows

    return document.to_ticket(rows.decode(_document(connection, uid), _fetcher(connection)))


def _fetcher(connection: sqlite3.Connection) -> Callable[[str], str]:
    def fetch(digest: str) -> str:
        return str(connection.execute(_sql("select_long_text"), {"sha256": digest}).fetchone()[0])

    return fetch


def _work(row: Row) -> store.Work:
    uid, step, role, attempt, *rest = row
    return store.Work(uid, step, role, None if attempt is None else store.Claim(uid, step, attempt, *rest))


def _claim_row(claim: store.Claim) -> dict[str, Any]:
    return {name: getattr(claim, name) for name in ("ticket_uid", "step", "attempt", "worker", "token", "lease_until")}


def _position(cursor: str) -> tuple[int, str, str]:
    rank, _, rest = cursor.partition("|")
    created_at, _, ticket_id = rest.partition("|")
    if not (rank.isdecimal() and created_at and ticket_id):
        raise errors.Usage(f"{cursor!r} is not a cursor", "take the one that the last page gave as `next`")
    return int(rank), created_at, ticket_id


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
