"""Tickets whose plan is done: closed with the resolution that the evidence earned, once nothing holds them."""

from tickety import store
from tickety.core import dependency, document, events, query, ticket, verdict, workflow
from tickety.desk import intake, ports, provenance

_AT_MOST = 500


def standing(transaction: store.Transaction, uid: str) -> verdict.Standing:
    """What holds a ticket, and what of it passed elsewhere: closing it as done or fixed depends on that."""
    is_held = any(dependency.must_end(entry.relationship) for entry in transaction.unfinished(uid))
    return verdict.Standing(is_held, provenance.passed_elsewhere(transaction, uid))


def finished(kept: store.Store) -> tuple[str, ...]:
    """The uids of the tickets that only have to be closed."""
    begun = query.READY.where("status", "in", ticket.Status.IN_PROGRESS)
    found = kept.page(begun, _AT_MOST, None, whole=True).documents
    return tuple(one["uid"] for one in found if workflow.is_finished(document.to_ticket(one)))


def close(desk: ports.Ports, uid: str) -> None:
    """Close a ticket that only has to be closed, and those that waited for nothing else."""
    desk.store.change(desk.author(by=intake.PM), lambda transaction: _close_all(transaction, [uid]))


def follow(transaction: store.Transaction, over: ticket.Ticket) -> None:
    """Close those that waited for nothing but a ticket that is closed now."""
    _close_all(transaction, _waiting(transaction, over))


def _close_all(transaction: store.Transaction, border: list[str]) -> None:
    """Close what only has to be closed, and what waited for nothing else."""
    seen: set[str] = set()
    while border:
        one = border.pop()
        if one not in seen and _close_one(transaction, one):
            border += _waiting(transaction, transaction.load(one))
        seen.add(one)


def _close_one(transaction: store.Transaction, uid: str) -> bool:
    """Whether it is closed now, by this or before."""
    subject, stands = transaction.load(uid), standing(transaction, uid)
    if not workflow.is_finished(subject) or stands.is_held:
        return subject.is_closed
    ending = verdict.resolution(subject, stands.elsewhere)
    transaction.append(subject, [events.Draft("ticket.closed", {"resolution": ending.value})])
    return True


def _waiting(transaction: store.Transaction, over: ticket.Ticket) -> list[str]:
    """Who may have waited for a ticket: what it is a part of, and what it blocks."""
    blocked = [link.ticket_id for link in over.linked_tickets if link.relationship is ticket.Relationship.BLOCKS]
    return [uid for name in (over.parent, *blocked) if name and (uid := transaction.uid_of(name))]
