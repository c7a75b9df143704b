"""What one write transaction does, and how a ticket is read inside it and outside."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tickety import store
from tickety.core import errors
from tickety.stores import delivery, documents, journal, projection, statements

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ticket, undo

T = TypeVar("T")


class SqliteTransaction:
    """The store's rows, in the middle of a change by one author. ``appended`` is told when it is durable.

    What follows from a ticket's events is written once, at the end or when somebody asks for it, however many
    events there are.
    """

    def __init__(
        self, connection: sqlite3.Connection, author: events.Author, known: documents.Memo | None = None
    ) -> None:
        self._connection = connection
        self._author = author
        self._memo = known or documents.Memo()
        self._now: dict[str, ticket.Ticket] = {}
        self._saved: dict[str, ticket.Ticket | None] = {}  # how rows stand that are to be written
        self._worked: dict[str, ticket.Ticket] = {}  # the same of its work, where that was written before
        self._journal = journal.Journal(connection)

    @property
    def tickets(self) -> dict[str, ticket.Ticket]:
        """The tickets that were read or changed, as they stand."""
        return self._now

    @property
    def appended(self) -> list[events.Event]:
        """Every event of the transaction so far."""
        return self._journal.events

    def by(self, author: events.Author) -> SqliteTransaction:
        other = copy.copy(self)
        other._author = author  # noqa: SLF001 - it is one of us
        return other

    def tried(self, work: Callable[[], T]) -> T:
        kept = dict(self._now), dict(self._saved), dict(self._worked)
        mark = self._journal.mark()
        self._connection.execute("SAVEPOINT tried")
        try:
            answer = work()
        except BaseException:
            self._connection.execute("ROLLBACK TO tried")
            self._turn_back(kept)
            self._journal.turn_back(mark)
            raise
        finally:
            self._connection.execute("RELEASE tried")
        return answer

    def finish(self) -> None:
        """Write what was appended, and what follows from it."""
        self._journal.write()
        for uid, before in self._saved.items():
            after = self._now[uid]
            projection.save(self._connection, before, after, self._worked.get(uid, before))
        self._saved.clear()
        self._worked.clear()

    def ready(self, wanted: store.Wanted) -> tuple[store.Work, ...]:
        if None in self._saved.values():  # the work of a ticket is kept with its row
            self.finish()
        for uid, before in self._saved.items():
            projection.save_work(self._connection, self._worked.get(uid, before), self._now[uid])
            self._worked[uid] = self._now[uid]
        return delivery.ready(self._connection, wanted)

    def running(self, uid: str | None) -> tuple[store.Work, ...]:
        self.finish()
        return delivery.running(self._connection, uid)

    def due(self, now: float, limit: int) -> tuple[store.Due, ...]:
        self.finish()
        return delivery.due(self._connection, now, limit)

    def spent_on(self, day: str) -> store.Amount:
        return self._amount("select_spent_on", {"day": day})

    def spent_by(self, ticket_id: str) -> store.Amount:
        return self._amount("select_spent_by", {"id": ticket_id})

    def delay(self, rule: str, seconds: float) -> None:
        self._run("save_delay", {"rule": rule, "seconds": seconds})

    def take_number(self, prefix: str, year: int) -> int:
        return int(self._run("take_number", {"prefix": prefix, "year": year})[0][0])

    def move_counter(self, prefix: str, year: int, number: int) -> None:
        self._run("move_counter", {"prefix": prefix, "year": year, "number": number})

    def uid_of(self, ticket_id: str) -> str | None:
        self.finish()
        found = self._run("select_uid", {"id": ticket_id})
        return str(found[0][0]) if found else None

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        return self._append(None, uid, [draft])

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        return self._append(subject, subject.uid, drafts)

    def adopt(self, event: events.Event) -> None:
        from tickety.core import events, history, ids

        self.finish()
        before = self.load(event.ticket_uid) if self._knows(event.ticket_uid) else None
        _require_next(before, event)
        self._journal.add(events.stored(event, 0))
        self._run("save_adopted", {"ticket_uid": event.ticket_uid, "until": event.n})
        after = history.apply(before, event)
        projection.save(self._connection, before, after)
        self._now[event.ticket_uid] = after
        if before is None:
            self.move_counter(*ids.parse_id(after.id))

    def load(self, uid: str) -> ticket.Ticket:
        if uid not in self._now:
            self._now[uid] = self._memo.load(self._connection, uid)
        return self._now[uid]

    def opened_by(self, command_id: str) -> str | None:
        found = self._logged("select_command", {"command_id": command_id})
        return str(found[0][0]) if found else None

    def waits(self, ticket_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        import json

        self.finish()
        found: dict[str, tuple[str, ...]] = {}
        for waiting, awaited in self._run("select_waits", {"ids": json.dumps(list(ticket_ids))}):
            found[waiting] = (*found.get(waiting, ()), awaited)
        return found

    def unfinished(self, uid: str) -> tuple[store.Unfinished, ...]:
        self.finish()
        return tuple(store.Unfinished(*row) for row in self._run("select_unfinished", {"uid": uid}))

    def log(self, uid: str) -> tuple[events.Event, ...]:
        self._journal.write()
        return log(self._connection, uid)

    def imported(self) -> tuple[tuple[str | None, str, str], ...]:
        self.finish()
        return tuple(
            (source, str(name), str(ticket_id)) for source, name, ticket_id in self._run("select_imported", {})
        )

    def foreign_until(self, uid: str) -> int:
        return int(self._logged("select_foreign_until", {"uid": uid})[0][0])

    def adopted_until(self, uid: str) -> int:
        return int(self._run("select_adopted_until", {"uid": uid})[0][0])

    def commands(self, by: str, limit: int) -> tuple[undo.Command, ...]:
        self._journal.write()
        return commands(self._connection, by, limit)

    def changed_by(self, command_id: str) -> tuple[str, ...]:
        self._journal.write()
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
            self._journal.add(event)
        if after is None:
            raise ValueError("a ticket begins with an event")
        if drafts:
            self._saved.setdefault(uid, before)
            self._now[uid] = after
        return after

    def _turn_back(self, kept: tuple[dict[str, Any], dict[str, Any], dict[str, Any]]) -> None:
        """What was appended since is forgotten, as the database forgets it."""
        for held, former in zip((self._now, self._saved, self._worked), kept, strict=True):
            cast("dict[str, Any]", held).clear()
            cast("dict[str, Any]", held).update(former)

    def _amount(self, name: str, parameters: dict[str, Any]) -> store.Amount:
        self.finish()
        return dict(zip(_RESOURCES, self._run(name, parameters)[0], strict=True))

    def _logged(self, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """What the log says, the events of this transaction included."""
        self._journal.write()
        return self._run(name, parameters)

    def _knows(self, uid: str) -> bool:
        return bool(self._run("select_document", {"uid": uid}))

    def _run(self, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(statements.sql(name), parameters).fetchall()


_RESOURCES = ("runs", "seconds", "tokens", "cost_usd")


def _require_next(before: ticket.Ticket | None, event: events.Event) -> None:
    from tickety.stores import newer

    newer.refuse_event(event.type, event.v)
    if before and event.n != before.version + 1:
        raise errors.Refused(
            f"event {event.n} of {before.id} does not follow event {before.version}, the last one here",
            f"see what is here: tickety log {before.id}",
        )


def load(connection: sqlite3.Connection, uid: str) -> ticket.Ticket:
    """The ticket as it stands."""
    return documents.read(documents.text(connection, uid), documents.fetcher(connection))


def log(connection: sqlite3.Connection, uid: str) -> tuple[events.Event, ...]:
    """Every event of a ticket, in order."""
    from tickety.stores import rows

    found = connection.execute(statements.sql("select_log"), {"ticket_uid": uid})
    return tuple(rows.to_event(row, documents.fetcher(connection)) for row in found)


def commands(connection: sqlite3.Connection, by: str, limit: int) -> tuple[undo.Command, ...]:
    """The newest commands of a principal, newest first."""
    from tickety.core import undo

    found = connection.execute(statements.sql("select_commands"), {"by": by, "limit": limit})
    return tuple(undo.Command(*row) for row in found)


def changed_by(connection: sqlite3.Connection, command_id: str) -> tuple[str, ...]:
    """The uids of the tickets that a command changed, in its order."""
    found = connection.execute(statements.sql("select_changed"), {"command_id": command_id})
    return tuple(str(row[0]) for row in found)
