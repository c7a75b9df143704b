"""Connections to a SQLite file that is really a ticket store of this release, and its SQL, one file a statement."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from tickety import store
from tickety.stores import files

_NO_INDEX = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_FULL")
_PRAGMAS = (
    "synchronous=FULL",
    "fullfsync=1",
    "checkpoint_fullfsync=1",
    "foreign_keys=1",
    "mmap_size=0",
    "temp_store=2",
    "busy_timeout=60000",
)


def to_read(path: str) -> sqlite3.Connection | None:
    """A connection that cannot write; None as long as there is nothing to read."""
    if not files.is_there(path):
        return None
    files.refuse_foreign(path)
    with _closed_on_failure(_readable(path)) as connection:
        version = _version(connection, path)
        if version == store.SCHEMA:
            return connection
        older = _copied(connection) if version else None
    connection.close()
    return older


def to_write(path: str) -> sqlite3.Connection:
    """A connection to a file that is there, brought to this release's schema."""
    from tickety.stores import migrate

    files.refuse_foreign(path)
    with _closed_on_failure(_connect(path, "rw")) as connection:
        _version(connection, path)
        migrate.bring_up(connection, path)
        files.mark_used(path)
    return connection


def _copied(older: sqlite3.Connection) -> sqlite3.Connection:
    """An older store as this release would have it, in memory: reading does not change the file."""
    from tickety.stores import migrate

    with _closed_on_failure(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        older.backup(copy)
        migrate.bring_up(copy)
    return copy


def to_nothing() -> sqlite3.Connection:
    """A store in memory: what reading finds before the first change."""
    from tickety.stores import migrate

    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate.bring_up(connection)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Everything in it happens, durably, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def require_ours(connection: sqlite3.Connection, path: str) -> None:
    """Refuses a change to a store of a newer release.

    Asked in every transaction: another process may have brought the store up while this one ran.
    """
    from tickety.stores import newer

    _version(connection, path)
    newer.refuse_events(connection)


def _readable(path: str) -> sqlite3.Connection:
    """A connection that only reads, also on a full disk and on a read-only mount.

    Not even a reader's shared index can be made there. A file with nothing in the log beside it is complete.
    """
    try:
        with _closed_on_failure(_connect(path, "ro")) as connection:
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        if files.size(path + "-wal") or not error.sqlite_errorname.startswith(_NO_INDEX):
            raise
        return _connect(path, "ro&immutable=1")
    return connection


def _connect(path: str, mode: str) -> sqlite3.Connection:
    uri = f"file:{_quoted(path)}?mode={mode}"
    with _closed_on_failure(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute("PRAGMA " + pragma)
    return connection


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _version(connection: sqlite3.Connection, path: str) -> int:
    """The schema's version; refuses a database of something else, and of a newer release."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    is_blank = application == 0 and version == 0 and not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    if application != files.APPLICATION_ID and not is_blank:
        raise files.not_a_store(path)
    if version > store.SCHEMA:
        from tickety.stores import newer

        newer.refuse_schema(version, path)
    return version
