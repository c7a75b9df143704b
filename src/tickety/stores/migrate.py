"""Bring a database to this release's schema: numbered files, each in one transaction with its number."""

import os
import sqlite3

from tickety import store
from tickety.stores import files

_MIGRATIONS = os.path.join(os.path.dirname(__file__), "sql", "migrations")


def bring_up(connection: sqlite3.Connection) -> None:
    """Run the migrations that the database has not seen; nothing when it is up to date."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == store.SCHEMA:
        return
    connection.execute("PRAGMA journal_mode=WAL")
    for name in sorted(os.listdir(_MIGRATIONS))[version:]:
        _run(connection, name)


def _run(connection: sqlite3.Connection, name: str) -> None:
    with open(os.path.join(_MIGRATIONS, name), encoding="utf-8") as file:
        statements = file.read()
    number = int(name.partition("_")[0])
    stamps = f"PRAGMA application_id={files.APPLICATION_ID}; PRAGMA user_version={number};"
    connection.executescript(f"BEGIN IMMEDIATE; {statements}; {stamps} COMMIT;")
