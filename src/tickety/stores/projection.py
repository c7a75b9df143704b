"""What follows from a ticket's events, as rows: the ticket, its work, tags, links and words, and who waits for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tickety.stores import statements

if TYPE_CHECKING:  # reading needs none of this
    from tickety.core import ticket
    from tickety.stores import rows


def save(
    connection: sqlite3.Connection,
    before: ticket.Ticket | None,
    after: ticket.Ticket,
    worked: ticket.Ticket | None = None,
) -> None:
    """Bring the rows from what a ticket was to what it is; ``before`` is None for one that is new.

    ``worked`` is what its work was written from, where that is another state than ``before``.
    """
    from tickety.stores import rows

    key = _save_ticket(connection, before, after)
    _save_several(connection, "work", rows.work_of, worked or before, after)
    if before is None or rows.alarm_grounds(before) != rows.alarm_grounds(after):
        _save_several(connection, "alarm", rows.alarms_of, before, after)
    _save_several(connection, "spending", rows.spending_of, before, after)
    _save_tags(connection, key, before, after)
    _save_links(connection, key, before, after)
    _save_words(connection, key, before, after)
    _hold(connection, before, after)


def holders(connection: sqlite3.Connection, uid: str) -> str | None:
    """The ids of the tickets that a ticket waits for now, as one text; None when it waits for none."""
    unfinished = _run(connection, "select_unfinished", {"uid": uid})
    return ", ".join(dict.fromkeys(str(row[0]) for row in unfinished)) or None


def stower(connection: sqlite3.Connection) -> rows.Stow:
    """How a long text is put away."""

    def stow(digest: str, body: str) -> None:
        _run(connection, "insert_long_text", {"sha256": digest, "body": body})

    return stow


def _save_ticket(connection: sqlite3.Connection, before: ticket.Ticket | None, after: ticket.Ticket) -> int:
    from tickety.stores import rows

    row = rows.from_ticket(after, stower(connection))
    stays = before is not None and rows.place(before) == rows.place(after)
    return int(_run(connection, "save_progress" if stays else "save_ticket", row)[0][0])


def save_work(connection: sqlite3.Connection, before: ticket.Ticket | None, after: ticket.Ticket) -> None:
    """Only what can be worked on: enough for whoever looks for work in the middle of a change."""
    from tickety.stores import rows

    _save_several(connection, "work", rows.work_of, before, after)


def _save_several(
    connection: sqlite3.Connection, table: str, of: Rows, before: ticket.Ticket | None, after: ticket.Ticket
) -> None:
    """The rows of a ticket in a table that holds several of each."""
    known, wanted = of(before) if before else [], of(after)
    if wanted == known:
        return
    if known:
        _run(connection, _CLEAR[table], {"ticket_uid": after.uid})
    for entry in wanted:
        _run(connection, f"insert_{table}", entry)


Rows = Callable[["ticket.Ticket"], "list[dict[str, Any]]"]
_CLEAR = {"alarm": "clear_alarms", "spending": "clear_spending", "work": "clear_work"}


def _save_tags(connection: sqlite3.Connection, key: int, before: ticket.Ticket | None, after: ticket.Ticket) -> None:
    if after.tags == (before.tags if before else ()):
        return
    if before:
        _run(connection, "clear_tags", {"ticket": key})
    for tag in dict.fromkeys(after.tags):
        _run(connection, "insert_tag", {"tag": tag, "ticket": key})


def _save_links(connection: sqlite3.Connection, key: int, before: ticket.Ticket | None, after: ticket.Ticket) -> None:
    if after.linked_tickets == (before.linked_tickets if before else ()):
        return
    if before:
        _run(connection, "clear_links", {"ticket": key})
    for link in dict.fromkeys(after.linked_tickets):
        entry = {"ticket": key, "relationship": link.relationship.value, "other": link.ticket_id}
        _run(connection, "insert_link", entry)


def _save_words(connection: sqlite3.Connection, key: int, before: ticket.Ticket | None, after: ticket.Ticket) -> None:
    from tickety.stores import rows

    known, said = rows.texts(before) if before else {}, rows.texts(after)
    if said == known:
        return
    words = {text: rows.with_parts(text) for text in {*known.values(), *said.values()}}
    for name, texts in (("delete_words", known), ("insert_words", said)):
        if texts:
            _run(connection, name, {"ticket": key, **{column: words[text] for column, text in texts.items()}})


def _hold(connection: sqlite3.Connection, before: ticket.Ticket | None, after: ticket.Ticket) -> None:
    """Say anew what the ticket waits for, and everybody who may wait for it.

    Children that came before their parent, and links that name a ticket before it is there, are found too.
    """
    if before and before.linked_tickets == after.linked_tickets and _stand(before) == _stand(after):
        return
    if _is_free(before) and _is_free(after) and not _is_named(connection, after):
        return
    if before is None or before.linked_tickets != after.linked_tickets:
        _hold_one(connection, after.uid)
    if before is None or _stand(before) != _stand(after):
        former = before.parent if before else None
        parents = {"id": after.id, "parent": after.parent, "former_parent": former}
        for (uid,) in _run(connection, "select_dependents", parents):
            _hold_one(connection, uid)


def _is_free(subject: ticket.Ticket | None) -> bool:
    """It waits for nobody and is part of nothing, as most tickets."""
    return subject is None or not (subject.linked_tickets or subject.parent)


def _is_named(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    """Somebody may wait for it."""
    return bool(_run(connection, "select_is_named", {"id": subject.id})[0][0])


def _hold_one(connection: sqlite3.Connection, uid: str) -> None:
    held_by = holders(connection, uid)
    _run(connection, "hold_ticket", {"uid": uid, "held_by": held_by})
    _run(connection, "hold_work", {"uid": uid, "is_held": held_by is not None})


def _stand(subject: ticket.Ticket) -> tuple[object, ...]:
    return subject.is_closed, subject.has_started, subject.parent


def _run(connection: sqlite3.Connection, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    return connection.execute(statements.sql(name), parameters).fetchall()
