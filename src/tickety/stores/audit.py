"""Is a store what its log says? Everything that follows from the log is folded again and compared."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tickety import store
from tickety.core import budget, events, history, ticket
from tickety.stores import documents, files, projection, rows, statements, transaction

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What reading a row ends in that somebody else wrote: no JSON, or another one than ours."""


def examine(connection: sqlite3.Connection, path: str) -> tuple[store.Finding, ...]:
    """Everything that is not as it should be, at one moment: writers may go on meanwhile."""
    with _one_moment(connection):
        return tuple(_findings(connection, path))


def open_doors(path: str) -> Iterator[tuple[str, int]]:
    """The store's files that others can get at, and the mode that each should have."""
    candidates = {path + end: 0o600 for end in ("", "-wal", "-shm", ".lock")}
    folder = os.path.dirname(path)
    if files.is_own_folder(folder):
        candidates = {folder: 0o700, **candidates}
    for name, wanted in candidates.items():
        if os.path.exists(name) and os.stat(name).st_mode & 0o777 & ~wanted:
            yield name, wanted


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _findings(connection: sqlite3.Connection, path: str) -> Iterator[store.Finding]:
    yield from _doors(path)
    yield from _damage(connection, path)
    yield from _unknown(connection)
    folded: list[ticket.Ticket] = []
    for (uid,) in connection.execute(statements.sql("select_uids")).fetchall():
        yield from _ticket(connection, str(uid), folded)
    yield from _strangers(connection)
    yield from _counters(connection)
    yield from _words(connection, folded)


def _doors(path: str) -> Iterator[store.Finding]:
    """The store holds what people write about their faults: nobody else may read it."""
    for name, wanted in open_doors(path):
        mode = f"{os.stat(name).st_mode & 0o777:o}"
        yield store.Finding(f"others can get at {name} (mode {mode}): chmod {wanted:o} '{name}'", is_mendable=True)


def _damage(connection: sqlite3.Connection, path: str) -> Iterator[store.Finding]:
    for (said,) in connection.execute("PRAGMA integrity_check").fetchall():
        if said != "ok":
            yield store.Finding(f"SQLite: {said}", is_mendable=False, remedy=files.restoring(path))


def _unknown(connection: sqlite3.Connection) -> Iterator[store.Finding]:
    for kind, version in connection.execute(statements.sql("select_event_kinds")).fetchall():
        if not events.is_known(kind, version):
            yield store.Finding(
                f"the log holds {kind} (version {version}) of a newer Tickety: upgrade to change anything",
                is_mendable=False,
            )


def _ticket(connection: sqlite3.Connection, uid: str, folded: list[ticket.Ticket]) -> Iterator[store.Finding]:
    """A ticket's log has no gap and folds to its rows; ``folded`` gets what it folds to."""
    try:
        log = transaction.log(connection, uid)
        if not all(events.is_known(event.type, event.v) for event in log):
            return
        if [event.n for event in log] != list(range(log[0].n, log[0].n + len(log))):
            yield store.Finding(f"the log of {uid} has a gap", is_mendable=False)
            return
        subject = history.fold(log)
    except UNREADABLE:
        yield store.Finding(f"the log of {uid} cannot be read", is_mendable=False)
        return
    folded.append(subject)
    for says, holds in _RULES:
        if not holds(connection, subject):
            yield store.Finding(f"{subject.id} {says}", is_mendable=True)
            return


def _is_kept(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    found = connection.execute(statements.sql("select_document"), {"uid": subject.uid}).fetchone()
    try:
        return bool(found) and bool(_read(connection, found[0]) == subject)
    except UNREADABLE:
        return False


def _is_listed(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    wanted = rows.from_ticket(subject, lambda _digest, _body: None)
    return wanted.items() <= _columns(connection, subject.uid).items()


def _is_tagged(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    return _set(connection, "select_tags_of", subject.uid) == {(tag,) for tag in subject.tags}


def _is_linked(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    wanted = {(link.relationship.value, link.ticket_id) for link in subject.linked_tickets}
    return _set(connection, "select_links_of", subject.uid) == wanted


def _has_its_work(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    names = ("ticket_uid", "step", "role", "turn", "position", "not_before", "is_running")
    wanted = {tuple(entry[name] for name in names) for entry in rows.work_of(subject)}
    return _set(connection, "select_work_of", subject.uid) == wanted


def _knows_its_alarms(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    wanted = {(entry["rule"], entry["cause"], entry["anchor"]) for entry in rows.alarms_of(subject)}
    return _set(connection, "select_alarms_of", subject.uid) == wanted


def _knows_its_spending(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    names = ("day", *budget.RESOURCES)
    wanted = {tuple(entry[name] for name in names) for entry in rows.spending_of(subject)}
    return _set(connection, "select_spending_of", subject.uid) == wanted


def _knows_what_it_waits_for(connection: sqlite3.Connection, subject: ticket.Ticket) -> bool:
    known: str | None = _columns(connection, subject.uid)["held_by"]
    return projection.holders(connection, subject.uid) == known


Rule = Callable[[sqlite3.Connection, ticket.Ticket], bool]
_RULES: tuple[tuple[str, Rule], ...] = (
    ("is not what its log adds up to", _is_kept),
    ("is listed as something else than it is", _is_listed),
    ("is found by other tags than it has", _is_tagged),
    ("is found by other links than it has", _is_linked),
    ("has other work than its plan says", _has_its_work),
    ("does not know what it waits for", _knows_what_it_waits_for),
    ("would be escalated for other causes than it has", _knows_its_alarms),
    ("is charged something else than it spent", _knows_its_spending),
)


def _strangers(connection: sqlite3.Connection) -> Iterator[store.Finding]:
    """Rows without a log."""
    for (ticket_id,) in connection.execute(statements.sql("select_strangers")).fetchall():
        yield store.Finding(f"{ticket_id} has no log", is_mendable=True)


def _counters(connection: sqlite3.Connection) -> Iterator[store.Finding]:
    """A counter that lags would give a number twice."""
    for prefix, year, highest in connection.execute(statements.sql("select_low_counters")).fetchall():
        yield store.Finding(f"the counter of {prefix}-{year} is behind its ticket {highest}", is_mendable=True)


def _words(connection: sqlite3.Connection, folded: list[ticket.Ticket]) -> Iterator[store.Finding]:
    """The index keeps no texts to compare with: a second one is made of what the log says, and both are read out."""
    for name in ("mirror_words", "read_mirror", "read_words"):
        connection.execute(statements.sql(name))
    keys = dict(connection.execute("SELECT uid, key FROM ticket"))
    entries = ({"ticket": keys[subject.uid], **rows.words(subject)} for subject in folded if subject.uid in keys)
    connection.executemany(statements.sql("insert_mirror_words"), entries)
    names = {keys[subject.uid]: subject.id for subject in folded if subject.uid in keys}
    for (key,) in connection.execute(statements.sql("select_other_words")).fetchall():
        if key in names or key not in keys.values():
            name = names.get(key, "something that is no ticket")
            yield store.Finding(f"{name} is found by other words than it has", is_mendable=True)


def _read(connection: sqlite3.Connection, text: str) -> ticket.Ticket:
    return documents.read(text, documents.fetcher(connection))


def _columns(connection: sqlite3.Connection, uid: str) -> dict[str, Any]:
    cursor = connection.execute(statements.sql("select_columns"), {"uid": uid})
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def _set(connection: sqlite3.Connection, name: str, uid: str) -> set[tuple[Any, ...]]:
    return set(connection.execute(statements.sql(name), {"uid": uid}))
