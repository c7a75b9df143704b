"""Where tickets that arrive find their place: an id that is theirs alone, and ties to those that are here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tickety import store
from tickety.core import dependency, errors, events, ids, record, ticket
from tickety.core.exchange import arrival


@record.record(frozen=True, slots=True)
class Coming:
    """A ticket that arrives, as it will be but for its id and ties; ``known`` is how it stands here, if it does."""

    arrival: arrival.Arrival
    subject: ticket.Ticket
    known: ticket.Ticket | None


@record.record(frozen=True, slots=True)
class Settled:
    """A ticket as it will be, and what others, who are here already, learn of it."""

    coming: Coming
    subject: ticket.Ticket
    notes: tuple[str, ...] = ()
    others: tuple[tuple[str, tuple[events.Draft, ...]], ...] = ()


class Names:
    """What tickets are called, here and where they come from."""

    def __init__(self, transaction: store.Transaction, named: Sequence[Coming]) -> None:
        self._transaction = transaction
        self._here: dict[str, str] = {}
        for one in named:
            for name in (one.arrival.ref, *one.arrival.names):
                self._here.setdefault(name, one.subject.id)

    def id_of(self, name: str) -> str | None:
        """The id here of the ticket that is called so; None when it is not here."""
        if found := self._here.get(name):
            return found
        return name if self._transaction.uid_of(name) else None


def name_all(
    transaction: store.Transaction, coming: Sequence[Coming], prefix_of: Callable[[str], str], year: int
) -> list[Coming]:
    """Every ticket with an id of its own: its old one when that is free. First those that keep theirs."""
    kept: dict[str, str] = {}
    for one in coming:
        parts = arrival.id_parts(one.subject.id)
        if one.known is None and parts and one.subject.id not in kept and not transaction.uid_of(one.subject.id):
            kept[one.subject.id] = one.subject.uid
            transaction.move_counter(*parts)
    return [_named(transaction, one, kept, prefix_of, year) for one in coming]


def tie_all(transaction: store.Transaction, named: Sequence[Coming], names: Names) -> Iterator[Settled]:
    """Every ticket with its links and its parent, both ends of a link; what cannot be tied is kept, and said."""
    graph = _Graph(transaction)
    tied = [_tie(one, names, graph) for one in named]
    arriving = {one.subject.id for one in named}
    inverse = _inverses(tied)
    for settled in tied:
        added = tuple(
            link for link in inverse.get(settled.subject.id, ()) if link not in settled.subject.linked_tickets
        )
        subject = replace(settled.subject, linked_tickets=(*settled.subject.linked_tickets, *dict.fromkeys(added)))
        yield replace(settled, subject=subject, others=tuple(_others(transaction, subject, arriving)))


def _named(
    transaction: store.Transaction,
    one: Coming,
    kept: Mapping[str, str],
    prefix_of: Callable[[str], str],
    year: int,
) -> Coming:
    if one.known or kept.get(one.subject.id) == one.subject.uid:
        return one
    old = one.arrival.ref
    parts = arrival.id_parts(old)
    prefix, of_year = parts[:2] if parts else (prefix_of(one.subject.type), year)
    fresh = ids.format_id(prefix, of_year, transaction.take_number(prefix, of_year))
    metadata = arrival.keeping(one.subject.metadata, id=old) if old else one.subject.metadata
    return replace(one, subject=replace(one.subject, id=fresh, metadata=metadata))


def _tie(one: Coming, names: Names, graph: "_Graph") -> Settled:
    subject, notes = one.subject, []
    links = list(subject.linked_tickets)
    strange: list[dict[str, str]] = []
    for relationship, ref in one.arrival.ties:
        tie = dependency.Tie(subject.id, relationship, names.id_of(ref) or "")
        if reason := _why_not(tie, ref, graph):
            strange.append({"ticket_id": ref, "relationship": relationship.value})
            notes.append(f"{relationship} {ref} is kept as imported: {reason}")
        elif tie.link not in links:
            links.append(tie.link)
    kept: dict[str, Any] = {"links": strange} if strange else {}
    parent, reason = _parent(one, names, graph)
    if reason:
        kept["parent"] = one.arrival.parent
        notes.append(f"its parent {one.arrival.parent} is kept as imported: {reason}")
    metadata = arrival.keeping(subject.metadata, **kept) if kept else subject.metadata
    return Settled(one, replace(subject, linked_tickets=tuple(links), parent=parent, metadata=metadata), tuple(notes))


def _parent(one: Coming, names: Names, graph: "_Graph") -> tuple[str | None, str]:
    """The parent's id here, and why the one that was named is not."""
    if not one.arrival.parent:
        return one.subject.parent, ""
    found = names.id_of(one.arrival.parent)
    if found is None:
        return one.subject.parent, "it is not here"
    reason = graph.refusal([(found, one.subject.id)])
    return (one.subject.parent, reason) if reason else (found, "")


def _why_not(tie: dependency.Tie, ref: str, graph: "_Graph") -> str:
    if not tie.other:
        return f"{ref} is not here"
    return "it would be tied to itself" if tie.other == tie.holder else graph.refusal(dependency.edges(tie))


def _inverses(tied: Sequence[Settled]) -> dict[str, list[ticket.Link]]:
    """For every id the links to it, as it would hold them."""
    found: dict[str, list[ticket.Link]] = {}
    for settled in tied:
        for link in settled.subject.linked_tickets:
            for tie in dependency.ties(settled.subject.id, link.relationship, link.ticket_id)[1:]:
                found.setdefault(tie.holder, []).append(tie.link)
    return found


def _others(
    transaction: store.Transaction, subject: ticket.Ticket, arriving: set[str]
) -> Iterator[tuple[str, tuple[events.Draft, ...]]]:
    """What tickets that were here before learn of a link to them."""
    for link in subject.linked_tickets:
        uid = transaction.uid_of(link.ticket_id) if link.ticket_id not in arriving else None
        for tie in dependency.ties(subject.id, link.relationship, link.ticket_id)[1:]:
            drafts = dependency.link(transaction.load(uid), tie) if uid else []
            if uid and drafts:
                yield uid, tuple(drafts)


class _Graph:
    """Who waits for whom: what the store knows, and what this import has added so far."""

    def __init__(self, transaction: store.Transaction) -> None:
        self._transaction = transaction
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
            self._known[one] = dict.fromkeys(self._transaction.waits([one]).get(one, ()))
        return self._known[one]
