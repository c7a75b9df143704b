"""Mending a store: all that follows from the log is made anew from it, and the doors are closed."""

import os
import sqlite3

from tickety.core import errors, events, history
from tickety.stores import audit, projection, statements, transaction

_DERIVED = ("work", "alarm", "spending", "tag", "link", "ticket")


def rebuild(connection: sqlite3.Connection) -> None:
    """Fold every log again, and save what it adds up to. Runs inside the caller's transaction.

    Events that this release does not know are passed over: only reading an older store may come across one.
    """
    connection.execute("PRAGMA defer_foreign_keys=1")  # claims name tickets that are away for a moment
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    for table in _DERIVED:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - one of our four tables
    for (uid,) in connection.execute(statements.sql("select_uids")).fetchall():
        _fold(connection, str(uid))
    connection.execute(statements.sql("clear_lost_claims"))
    _raise_counters(connection)


def close_doors(path: str) -> tuple[str, ...]:
    """Take from others what they could get at; one sentence for each file."""
    done = []
    for name, wanted in audit.open_doors(path):
        os.chmod(name, os.stat(name).st_mode & wanted)
        done.append(f"closed {name} to others (mode {wanted:o})")
    return tuple(done)


def _fold(connection: sqlite3.Connection, uid: str) -> None:
    try:
        known = [event for event in transaction.log(connection, uid) if events.is_known(event.type, event.v)]
        subject = history.fold(known) if known and known[0].type in _FIRST else None
    except audit.UNREADABLE as error:
        raise errors.Failed(
            f"the log of {uid} cannot be read, so nothing was rebuilt", "put a backup of the store in its place"
        ) from error
    if subject:
        projection.save(connection, None, subject)


def _raise_counters(connection: sqlite3.Connection) -> None:
    for prefix, year, highest in connection.execute(statements.sql("select_low_counters")).fetchall():
        counted = {"prefix": prefix, "year": year, "number": highest}
        connection.execute(statements.sql("move_counter"), counted)


_FIRST = ("ticket.opened", "ticket.imported")
