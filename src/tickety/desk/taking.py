"""What an import took and what it refused, whether tickets came or a log."""

from typing import Any

from tickety import store
from tickety.core import errors, record, ticket
from tickety.core.exchange import dialects

IMPORTED, UPDATED, SKIPPED = "imported", "updated", "skipped"


@record.record(frozen=True, slots=True)
class Taken:
    """What became of one ticket. ``was`` is the id it had, when it has another one here."""

    place: str
    uid: str
    id: str
    title: str
    result: str
    was: str | None = None
    notes: tuple[str, ...] = ()


@record.record(frozen=True, slots=True)
class Outcome:
    """What an import did, and what it refused."""

    taken: tuple[Taken, ...] = ()
    faults: tuple[dialects.Fault, ...] = ()

    def of(self, result: str) -> tuple[Taken, ...]:
        """The tickets of one result."""
        return tuple(one for one in self.taken if one.result == result)


def known(transaction: store.Transaction, uid: str) -> ticket.Ticket | None:
    """The ticket as it stands here; None when it is not here."""
    try:
        return transaction.load(uid)
    except errors.NotFound:
        return None


def as_json(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    """What an import did, as JSON."""
    listed = {result: [_taken(one) for one in outcome.of(result)] for result in (IMPORTED, UPDATED, SKIPPED)}
    refused = [
        {"place": fault.place, "reason": fault.reason, "hint": fault.hint, "left_out": fault.left_out}
        for fault in outcome.faults
    ]
    return {"schema": 1, "dry_run": dry_run, **listed, "refused": refused}


def _taken(one: Taken) -> dict[str, Any]:
    return {
        "id": one.id, "uid": one.uid, "title": one.title, "place": one.place, "was": one.was, "notes": list(one.notes),
    }  # fmt: skip
