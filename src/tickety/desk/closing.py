"""Tickets end, and are begun again."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import dependency, errors, events, moves, record, ticket
from tickety.desk import changing, commenting, linking, memory


@record.record(frozen=True, slots=True)
class Ending:
    """How tickets are closed: by default as their type usually ends. ``original`` is the uid of what they double."""

    resolution: ticket.Resolution | None = None
    original: str | None = None
    comment: commenting.Words | None = None


AS_USUAL = Ending()


def close_many(
    desk: memory.Memory, uids: Sequence[str], ending: Ending = AS_USUAL, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Close tickets, in any order: what one of them waits for among the others does not stand in its way."""
    resolution = _resolution(ending)

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        closed = moves.close(subject, resolution, _unfinished(transaction, subject, uids))
        linked = _linked(transaction, subject, ending.original) if ending.original else []
        for step in subject.orchestration.steps if closed else ():
            transaction.drop_claim(subject.uid, step.name)  # whoever performs it sees that, and stops
        comment = [commenting.said(desk, ending.comment)] if closed and ending.comment else []
        return [*comment, *linked, *closed]

    def work(transaction: store.Transaction) -> tuple[changing.Changed, ...]:
        changed = changing.each(transaction, uids, rule)
        for one in changed:
            _follow(desk, transaction, one.after)
        return changed

    return changing.change_together(desk, work, dry_run=dry_run)


def reopen_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Work on closed tickets again."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return moves.reopen(subject)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def _follow(desk: memory.Memory, transaction: store.Transaction, over: ticket.Ticket) -> None:
    """Tickets whose plan is done, and that waited for this one only, are closed with it."""
    if over.parent or over.linked_tickets:
        from tickety.desk import finishing

        finishing.follow(transaction.by(desk.author(by="agent:PM")), over)


def _resolution(ending: Ending) -> ticket.Resolution | None:
    if ending.original is None:
        return ending.resolution
    if ending.resolution not in {None, ticket.Resolution.DUPLICATE}:
        raise errors.Usage(
            f"what is {ending.resolution} is no duplicate", "give --of alone, or with --resolution duplicate"
        )
    return ticket.Resolution.DUPLICATE


def _unfinished(transaction: store.Transaction, subject: ticket.Ticket, closing: Sequence[str]) -> list[str]:
    awaited = transaction.unfinished(subject.uid)
    found = dict.fromkeys(entry.id for entry in awaited if dependency.must_end(entry.relationship))
    return [ticket_id for ticket_id in found if transaction.uid_of(ticket_id) not in closing]


def _linked(transaction: store.Transaction, subject: ticket.Ticket, original: str) -> list[events.Draft]:
    tie = dependency.Tie(subject.id, ticket.Relationship.DUPLICATE_OF, transaction.load(original).id)
    linking.require_legal(transaction, tie)
    return dependency.link(subject, tie)
