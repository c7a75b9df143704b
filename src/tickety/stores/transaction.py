"""What one write transaction does, and how a ticket is read inside it and outside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tickety import store
from tickety.core import errors
from tickety.stores import projection, statements

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ticket, undo


class SqliteTransaction:
    """The store's rows, in the middle of a change by one author. ``appended`` is told when it is durable."""

    def __init__(self, connection: sqlite3.Connection, author: events.Author) -> None:
        self._connection = connection
        self._author = author
        self.appended: list[events.Event] = []

    def take_number(self, prefix: str, year: int) -> int:
        return int(self._run("take_number", {"prefix": prefix, "year": year})[0][0])

    def move_counter(self, prefix: str, year: int, number: int) -> None:
        self._run("move_counter", {"prefix": prefix, "year": year, "number": number})

    def uid_of(self, ticket_id: str) -> str | None:
        found = self._run("select_uid", {"id": ticket_id})
        return str(found[0][0]) if found else None

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        return self._append(None, uid, [draft])

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        return self._append(subject, subject.uid, drafts)

    def adopt(self, event: events.Event) -> None:
        from tickety.core import history, ids

        before = load(self._connection, event.ticket_uid) if self._knows(event.ticket_uid) else None
        _require_next(before, event)
        self._store(event)
        self._run("save_adopted", {"ticket_uid": event.ticket_uid, "until": event.n})
        after = history.apply(before, event)
        projection.save(self._connection, before, after)
        if before is None:
            self.move_counter(*ids.parse_id(after.id))

    def load(self, uid: str) -> ticket.Ticket:
        return load(self._connection, uid)

    def opened_by(self, command_id: str) -> str | None:
        found = self._run("select_command", {"command_id": command_id})
        return str(found[0][0]) if found else None

    def waits(self, ticket_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        import json

        found: dict[str, tuple[str, ...]] = {}
        for waiting, awaited in self._run("select_waits", {"ids": json.dumps(list(ticket_ids))}):
            found[waiting] = (*found.get(waiting, ()), awaited)
        return found

    def unfinished(self, uid: str) -> tuple[store.Unfinished, ...]:
        return tuple(store.Unfinished(*row) for row in self._run("select_unfinished", {"uid": uid}))

    def log(self, uid: str) -> tuple[events.Event, ...]:
        return log(self._connection, uid)

    def imported(self) -> tuple[tuple[str | None, str, str], ...]:
        return tuple(
            (source, str(name), str(ticket_id)) for source, name, ticket_id in self._run("select_imported", {})
        )

    def foreign_until(self, uid: str) -> int:
        return int(self._run("select_foreign_until", {"uid": uid})[0][0])

    def adopted_until(self, uid: str) -> int:
        return int(self._run("select_adopted_until", {"uid": uid})[0][0])

    def commands(self, by: str, limit: int) -> tuple[undo.Command, ...]:
        return commands(self._connection, by, limit)

    def changed_by(self, command_id: str) -> tuple[str, ...]:
        return changed_by(self._connection, command_id)

    def claim_on(self, ticket_uid: str, step: str) -> store.Claim | None:
        found = self._run("select_claim_on", {"ticket_uid": ticket_uid, "step": step})
        return store.Claim(*found[0]) if found else None

    def claim(self, claim: store.Claim) -> None:
        from tickety.stores import rows

        self._run("save_claim", rows.claim_row(claim))

    def drop_claim(self, ticket_uid: str, step: str) -> None:
        self._run("delete_claim", {"ticket_uid": ticket_uid, "step": step})

    def _append(self, before: ticket.Ticket | None, uid: str, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        from tickety.core import events, history

        after = before
        for draft in drafts:
            n = after.version + 1 if after else events.first_n(draft)
            event = events.stamp(draft, self._author, uid, n)
            after = history.apply(after, event)
            self._store(event)
        if after is None:
            raise ValueError("a ticket begins with an event")
        if drafts:
            projection.save(self._connection, before, after)
        return after

    def _store(self, event: events.Event) -> None:
        from tickety.core import events
        from tickety.stores import rows

        stow = projection.stower(self._connection)
        cursor = self._connection.execute(statements.sql("insert_event"), rows.from_event(event, stow))
        self._run("insert_event_kind", {"type": event.type, "v": event.v})
        self.appended.append(events.stored(event, cursor.lastrowid or 0))

    def _knows(self, uid: str) -> bool:
        return bool(self._run("select_document", {"uid": uid}))

    def _run(self, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(statements.sql(name), parameters).fetchall()


def _require_next(before: ticket.Ticket | None, event: events.Event) -> None:
    from tickety.stores import newer

    newer.refuse_event(event.type, event.v)
    if before and event.n != before.version + 1:
        raise errors.Refused(
            f"event {event.n} of {before.id} does not follow event {before.version}, the last one here",
            f"see what is here: tickety log {before.id}",
        )


def document_text(connection: sqlite3.Connection, uid: str) -> str:
    """The JSON of a ticket as it is stored; NotFound when there is none."""
    found = connection.execute(statements.sql("select_document"), {"uid": uid}).fetchone()
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
        return str(connection.execute(statements.sql("select_long_text"), {"sha256": digest}).fetchone()[0])

    return fetch


def log(connection: sqlite3.Connection, uid: str) -> tuple[events.Event, ...]:
    """Every event of a ticket, in order."""
    from tickety.stores import rows

    found = connection.execute(statements.sql("select_log"), {"ticket_uid": uid})
    return tuple(rows.to_event(row, fetcher(connection)) for row in found)


def commands(connection: sqlite3.Connection, by: str, limit: int) -> tuple[undo.Command, ...]:
    """The newest commands of a principal, newest first."""
    from tickety.core import undo

    found = connection.execute(statements.sql("select_commands"), {"by": by, "limit": limit})
    return tuple(undo.Command(*row) for row in found)


def changed_by(connection: sqlite3.Connection, command_id: str) -> tuple[str, ...]:
    """The uids of the tickets that a command changed, in its order."""
    found = connection.execute(statements.sql("select_changed"), {"command_id": command_id})
    return tuple(str(row[0]) for row in found)
