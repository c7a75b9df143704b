"""Tickets as the JSON that is stored of them; those that were seen last are not read again while nobody else writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tickety.core import errors
from tickety.stores import statements

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import ticket

_MOST = 512


class Memo:
    """Tickets by their uid, as one connection saw them last, or left them."""

    def __init__(self) -> None:
        self._known: dict[str, ticket.Ticket] = {}
        self._seen: tuple[sqlite3.Connection, int] | None = None

    def look(self, connection: sqlite3.Connection) -> None:
        """Forget everything if another connection has committed since the last look."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._seen != (connection, version):
            self.forget()
        self._seen = (connection, version)

    @contextmanager
    def during(self, connection: sqlite3.Connection) -> Iterator[None]:
        """A change: what was read in the middle of one that failed may never have been so."""
        self.look(connection)
        try:
            yield
        except BaseException:
            self.forget()
            raise

    def load(self, connection: sqlite3.Connection, uid: str) -> ticket.Ticket:
        """The ticket as it stood in the store at the last look; NotFound when there was none."""
        known = self._known.get(uid)
        if known is None:
            known = read(text(connection, uid), fetcher(connection))
            self.keep({uid: known})
        return known

    def keep(self, tickets: Mapping[str, ticket.Ticket]) -> None:
        """Remember how tickets stand in the store; what was remembered longest ago is forgotten."""
        for uid, subject in tickets.items():
            self._known.pop(uid, None)
            self._known[uid] = subject
        for uid in list(self._known)[:-_MOST]:
            del self._known[uid]

    def forget(self) -> None:
        """Read everything again."""
        self._known.clear()


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
