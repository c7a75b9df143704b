"""What one write transaction does, and how a ticket is read inside it and outside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tickety import store
from tickety.core import errors
from tickety.stores import database

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ticket


class SqliteTransaction:
    """The store's rows, in the middle of a change by one author. ``appended`` is told when it is durable."""

    def __init__(self, connection: sqlite3.Connection, author: events.Author) -> None:
        self._connection = connection
        self._author = author
        self.appended: list[events.Event] = []

    def take_number(self, prefix: str, year: int) -> int:
        return int(self._run("take_number", {"prefix": prefix, "year": year})[0][0])

    def load(self, uid: str) -> ticket.Ticket:
        return load(self._connection, uid)

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        return self._append(None, uid, [draft])

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        return self._append(subject, subject.uid, drafts)

    def opened_by(self, command_id: str) -> str | None:
        found = self._run("select_command", {"command_id": command_id})
        return str(found[0][0]) if found else None

    def claim(self, claim: store.Claim) -> None:
        from tickety.stores import rows

        self._run("save_claim", rows.claim_row(claim))

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

        cursor = self._connection.execute(database.sql("insert_event"), rows.from_event(event, self._stow))
        self.appended.append(events.stored(event, cursor.lastrowid or 0))

    def _project(self, subject: ticket.Ticket) -> None:
        from tickety.stores import rows

        self._run("save_ticket", rows.from_ticket(subject, self._stow))
        self._run("clear_work", {"ticket_uid": subject.uid})
        for entry in rows.work_of(subject):
            self._run("insert_work", entry)

    def _stow(self, digest: str, body: str) -> None:
        self._run("insert_long_text", {"sha256": digest, "body": body})

    def _run(self, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(database.sql(name), parameters).fetchall()


def document_text(connection: sqlite3.Connection, uid: str) -> str:
    """The JSON of a ticket as it is stored; NotFound when there is none."""
    found = connection.execute(database.sql("select_document"), {"uid": uid}).fetchone()
    if found is None:
        raise errors.NotFound(f"there is no ticket {uid}", "tickety list")
    return str(found[0])


def load(connection: sqlite3.Connection, uid: str) -> ticket.Ticket:
    """The ticket as it stands."""
    from tickety.core import document
    from tickety.stores import rows

    return document.to_ticket(rows.decode(document_text(connection, uid), fetcher(connection)))


def fetcher(connection: sqlite3.Connection) -> Callable[[str], str]:
    """How a long text is found by its digest."""

    def fetch(digest: str) -> str:
        return str(connection.execute(database.sql("select_long_text"), {"sha256": digest}).fetchone()[0])

    return fetch
