"""Tickets as the JSON that is stored of them; one that was read lately and has not changed is not read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from tickety.core import errors
from tickety.stores import statements

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import ticket

_MOST = 512


class Memo:
    """Tickets by their uid, each with the JSON that it was read from: another JSON is another ticket."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, ticket.Ticket]] = {}

    def load(self, connection: sqlite3.Connection, uid: str) -> ticket.Ticket:
        """The ticket as it stands in the store; NotFound when there is none."""
        written = text(connection, uid)
        known = self._known.get(uid)
        if known and known[0] == written:
            return known[1]
        found = read(written, fetcher(connection))
        self.keep(found, written)
        return found

    def keep(self, subject: ticket.Ticket, written: str) -> None:
        """Remember what a JSON says; what was remembered longest ago is forgotten."""
        self._known.pop(subject.uid, None)
        self._known[subject.uid] = (written, subject)
        if len(self._known) > _MOST:
            del self._known[next(iter(self._known))]


def text(connection: sqlite3.Connection, uid: str) -> str:
    """The JSON of a ticket as it is stored; NotFound when there is none."""
    found = connection.execute(statements.sql("select_document"), {"uid": uid}).fetchone()
    if found is None:
        raise errors.NotFound(f"there is no ticket {uid}", "tickety list")
    return str(found[0])


def fetcher(connection: sqlite3.Connection) -> Callable[[str], str]:
    """How a long text is found by its digest."""

    def fetch(digest: str) -> str:
        return str(connection.execute(statements.sql("select_long_text"), {"sha256": digest}).fetchone()[0])

    return fetch


def read(written: str, fetch: Callable[[str], str]) -> ticket.Ticket:
    """The ticket of a JSON."""
    from tickety.core import document
    from tickety.stores import rows

    return document.to_ticket(rows.decode(written, fetch))
