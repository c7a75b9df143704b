"""Ties between tickets that come in: no circle, and nobody is tied to what is not there."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from tickety import store
from tickety.core import dependency, errors, record, ticket

Find = Callable[[str], ticket.Ticket | None]
"""The ticket of an id, as it will be."""


@record.record(frozen=True, slots=True)
class Change:
    """A ticket as it is, if it is here, and as it will be."""

    before: ticket.Ticket | None
    after: ticket.Ticket


class Graph:
    """Who waits for whom: what the store knows, but for what ``without`` hold of it, and what is added."""

    def __init__(self, transaction: store.Transaction, without: Iterable[ticket.Ticket] = ()) -> None:
        self._transaction = transaction
        self._without = {subject.id: subject for subject in without}
        self._gone = {edge for subject in self._without.values() for edge in dependency.held(subject)}
        self._known: dict[str, dict[str, None]] = {}

    def refusal(self, edges: Sequence[tuple[str, str]]) -> str:
        """Why these edges cannot be added, naming the circle; empty when they were."""
        new = [(waiting, awaited) for waiting, awaited in edges if awaited not in self._of(waiting)]
        try:
            dependency.require_no_circle(new, self._waits)
        except errors.Refused as error:
            return error.message
        for waiting, awaited in new:
            self._known[waiting][awaited] = None
        return ""

    def _waits(self, asked: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return {one: tuple(self._of(one)) for one in asked}

    def _of(self, one: str) -> dict[str, None]:
        if one not in self._known:
            found = self._transaction.waits([one]).get(one, ())
            self._known[one] = dict.fromkeys(other for other in found if self._is_held(one, other))
        return self._known[one]

    def _is_held(self, waiting: str, awaited: str) -> bool:
        """Somebody who stays as they are holds it: of a link with two ends, the other one goes with the first."""
        if (waiting, awaited) not in self._gone:
            return True
        begun = ticket.Link(awaited, ticket.Relationship.STARTS_WITH)
        one, other = (self._staying(name) for name in (waiting, awaited))
        return bool(one and begun in one.linked_tickets) or bool(other and other.parent == waiting)

    def _staying(self, ticket_id: str) -> ticket.Ticket | None:
        uid = None if ticket_id in self._without else self._transaction.uid_of(ticket_id)
        return self._transaction.load(uid) if uid else None


def faults(transaction: store.Transaction, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """The uid and the fault of every ticket that could not be tied as it says, once all of them are changed."""
    coming = {change.after.id: change.after for change in changes}

    def find(ticket_id: str) -> ticket.Ticket | None:
        uid = None if ticket_id in coming else transaction.uid_of(ticket_id)
        return transaction.load(uid) if uid else coming.get(ticket_id)

    graph = Graph(transaction, (change.before for change in changes if change.before))
    for change in changes:
        reasons = (*_loose_ends(change, find), graph.refusal(dependency.held(change.after)))
        if reason := next(filter(None, reasons), ""):
            yield change.after.uid, reason


def other_end(subject: ticket.Ticket, link: ticket.Link) -> tuple[dependency.Tie, ...]:
    """The link as the other ticket holds it; nothing when it has one end."""
    return dependency.ties(subject.id, link.relationship, link.ticket_id)[1:]


def _loose_ends(change: Change, find: Find) -> Iterator[str]:
    """What a ticket is tied to that is not there, or does not know of it; or the other way round."""
    subject = change.after
    for link in subject.linked_tickets:
        other = find(link.ticket_id)
        if other is None or other.id == subject.id:
            yield f"{subject.id} is {link.relationship} {link.ticket_id}, which is {_why(other)}"
        elif any(tie.link not in other.linked_tickets for tie in other_end(subject, link)):
            yield f"{subject.id} is {link.relationship} {other.id}, which does not know of it"
    for link in change.before.linked_tickets if change.before else ():
        other = None if link in subject.linked_tickets else find(link.ticket_id)
        if other and any(tie.link in other.linked_tickets for tie in other_end(subject, link)):
            yield f"{other.id} is tied to {subject.id}, which does not know of it any more"
    if subject.parent and (find(subject.parent) is None or subject.parent == subject.id):
        yield f"the parent of {subject.id}, {subject.parent}, is {_why(find(subject.parent))}"


def _why(other: ticket.Ticket | None) -> str:
    return "not here" if other is None else "itself"
