"""Bring a database to this release's schema: numbered files, all in one transaction, after a backup.

What follows from the log is made anew from the log, so that a migration only has to say what the tables are.
"""

import os
import sqlite3
from collections.abc import Iterator
from itertools import count

from tickety import store
from tickety.stores import files

_MIGRATIONS = os.path.join(os.path.dirname(__file__), "sql", "migrations")


def bring_up(connection: sqlite3.Connection, path: str | None = None) -> None:
    """Run the migrations that the database has not seen; nothing when it is up to date.

    A file that holds tickets is first copied to ``PATH.schema-N``, N being the schema it had.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == store.SCHEMA:
        return
    connection.execute("PRAGMA journal_mode=WAL")
    if version and path:
        back_up(connection, f"{path}.schema-{version}")
    statements = "".join(_read(name) + ";\n" for name in sorted(os.listdir(_MIGRATIONS))[version:])
    connection.execute("PRAGMA foreign_keys=0")  # tables are dropped and made again; the rows come from the log
    try:
        _run(connection, statements, path, has_log=version > 0)
    finally:
        connection.execute("PRAGMA foreign_keys=1")


def back_up(connection: sqlite3.Connection, wanted: str) -> str:
    """A whole, flushed copy of the database, private from the first moment, and its path.

    A backup that is there already stays, whatever it holds: this one gets a number behind its name.
    """
    target = next(name for name in _names(wanted) if not os.path.lexists(name))
    unfinished = f"{wanted}.unfinished"
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
    copy = sqlite3.connect(unfinished)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    files.sync(unfinished)
    os.replace(unfinished, target)
    files.sync(os.path.dirname(target))
    return target


def _names(wanted: str) -> Iterator[str]:
    yield wanted
    for number in count(2):
        yield f"{wanted}.{number}"


def _run(connection: sqlite3.Connection, statements: str, path: str | None, *, has_log: bool) -> None:
    from tickety.stores import newer, upkeep

    stamps = f"PRAGMA application_id={files.APPLICATION_ID}; PRAGMA user_version={store.SCHEMA};"
    try:
        connection.executescript(f"BEGIN IMMEDIATE; {statements} {stamps}")
        if path:
            newer.refuse_events(connection)
        if has_log:
            upkeep.rebuild(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _read(name: str) -> str:
    with open(os.path.join(_MIGRATIONS, name), encoding="utf-8") as file:
        return file.read()
