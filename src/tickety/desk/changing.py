"""One command over one ticket or many: everything in it happens, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from tickety import store
from tickety.core import events, record, ticket
from tickety.desk import memory

T = TypeVar("T")

Rule = Callable[[store.Transaction, ticket.Ticket], Sequence[events.Draft]]
"""What is to happen to one ticket, as it stands in the transaction; no events when there is nothing to do."""


@record.record(frozen=True, slots=True)
class Changed:
    """A ticket before and after a command."""

    before: ticket.Ticket
    after: ticket.Ticket

    @property
    def is_same(self) -> bool:
        """There was nothing to do."""
        return self.before == self.after


class _RolledBack(Exception):
    def __init__(self, answer: object) -> None:
        self.answer = answer


def change_many(
    desk: memory.Memory,
    uids: Sequence[str],
    rule: Rule,
    *,
    dry_run: bool = False,
    causation: str | None = None,
) -> tuple[Changed, ...]:
    """Apply a rule to tickets, in their order, as one command. ``dry_run`` tells what would be, and changes nothing."""
    return change_together(
        desk, lambda transaction: each(transaction, uids, rule), dry_run=dry_run, causation=causation
    )


def change_together(
    desk: memory.Memory,
    work: Callable[[store.Transaction], T],
    *,
    dry_run: bool = False,
    causation: str | None = None,
) -> T:
    """The same for work that is more than one rule: it may look at all of it, and refuse, before it is done."""

    def tried(transaction: store.Transaction) -> T:
        answer = work(transaction)
        if dry_run:
            raise _RolledBack(answer)
        return answer

    try:
        return desk.store.change(desk.author(causation=causation), tried)
    except _RolledBack as rolled_back:
        return cast("T", rolled_back.answer)


def each(transaction: store.Transaction, uids: Sequence[str], rule: Rule) -> tuple[Changed, ...]:
    """Apply a rule to tickets in a transaction."""
    return tuple(_change(transaction, uid, rule) for uid in uids)


def _change(transaction: store.Transaction, uid: str, rule: Rule) -> Changed:
    before = transaction.load(uid)
    drafts = rule(transaction, before)
    return Changed(before, transaction.append(before, drafts) if drafts else before)
