"""Where tickets that arrive find their place: an id that is theirs alone, and ties to those that are here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from tickety import store
from tickety.core import dependency, events, ids, record, ticket
from tickety.core.exchange import arrival
from tickety.desk import ties


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
        self._coming: dict[str, str] = {}
        self._coming_from: dict[tuple[str | None, str], str] = {}
        for one in named:
            for name in (one.arrival.ref, *one.arrival.names):
                self._coming.setdefault(name, one.subject.id)
                self._coming_from.setdefault((one.arrival.source, name), one.subject.id)

    @cached_property
    def _imported(self) -> dict[tuple[str | None, str], str]:
        """The tickets that were imported before, by their source and what they are called there."""
        found: dict[tuple[str | None, str], list[str]] = {}
        for source, name, ticket_id in self._transaction.imported():
            found.setdefault((source, name), []).append(ticket_id)
        return {called: several[0] for called, several in found.items() if len(several) == 1}

    def id_of(self, name: str, one: Coming) -> str | None:
        """The id here of the ticket that one which arrives calls so; None when it is not here.

        A ticket of this store that merely has that number is another one.
        """
        called = (one.arrival.source, name)
        known = self._coming_from.get(called) or self._coming.get(name) or self._imported.get(called)
        return known or (name if one.arrival.is_whole and self._is_meant(name, one) else None)

    def _is_meant(self, name: str, one: Coming) -> bool:
        """Where a document comes from, ids are given as they are here: it, or the other, came from there before."""
        uid = self._transaction.uid_of(name)
        if uid is None:
            return False
        is_at_home = one.known is not None and one.known.id == one.arrival.ref
        return is_at_home or self._transaction.foreign_until(uid) > 0


def name_all(
    transaction: store.Transaction, coming: Sequence[Coming], prefix_of: Callable[[str], str], year: int
) -> list[Coming]:
    """Every ticket with an id of its own: its old one when that is free. First those that keep theirs."""
    kept: dict[str, str] = {}
    for one in coming:
        parts = _id_parts(one.arrival, one.subject.id)
        if one.known is None and parts and one.subject.id not in kept and not transaction.uid_of(one.subject.id):
            kept[one.subject.id] = one.subject.uid
            transaction.move_counter(*parts)
    return [_named(transaction, one, kept, prefix_of, year) for one in coming]


def tie_all(transaction: store.Transaction, named: Sequence[Coming], names: Names) -> Iterator[Settled]:
    """Every ticket with its links and its parent, both ends of a link; what cannot be tied is kept, and said."""
    # What an own document replaces is no obstacle to what it brings.
    graph = ties.Graph(transaction, (one.known for one in named if one.known and one.arrival.is_whole))
    tied = [_tie(one, names, graph) for one in named]
    arriving = {one.subject.id for one in named}
    inverse = _inverses(tied)
    for settled in tied:
        added = tuple(
            link for link in inverse.get(settled.subject.id, ()) if link not in settled.subject.linked_tickets
        )
        subject = replace(settled.subject, linked_tickets=(*settled.subject.linked_tickets, *dict.fromkeys(added)))
        yield replace(settled, subject=subject, others=tuple(_others(transaction, settled.coming, subject, arriving)))


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
    parts = _id_parts(one.arrival, old)
    prefix, of_year = parts[:2] if parts else (prefix_of(one.subject.type), year)
    fresh = ids.format_id(prefix, of_year, transaction.take_number(prefix, of_year))
    metadata = arrival.keeping(one.subject.metadata, id=old) if old else one.subject.metadata
    return replace(one, subject=replace(one.subject, id=fresh, metadata=metadata))


def _id_parts(one: arrival.Arrival, name: str) -> tuple[str, int, int] | None:
    return arrival.id_parts(name, arrival.HIGHEST_OF_OURS if one.is_whole else arrival.HIGHEST)


def _tie(one: Coming, names: Names, graph: ties.Graph) -> Settled:
    subject, notes = one.subject, []
    links = list(subject.linked_tickets)
    strange: list[dict[str, str]] = []
    for relationship, ref in one.arrival.ties:
        tie = dependency.Tie(subject.id, relationship, names.id_of(ref, one) or "")
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


def _parent(one: Coming, names: Names, graph: ties.Graph) -> tuple[str | None, str]:
    """The parent's id here, and why the one that was named is not."""
    if not one.arrival.parent:
        return one.subject.parent, ""
    found = names.id_of(one.arrival.parent, one)
    if found is None:
        return one.subject.parent, "it is not here"
    reason = graph.refusal([(found, one.subject.id)])
    return (one.subject.parent, reason) if reason else (found, "")


def _why_not(tie: dependency.Tie, ref: str, graph: ties.Graph) -> str:
    if not tie.other:
        return f"{ref} is not here"
    return "it would be tied to itself" if tie.other == tie.holder else graph.refusal(dependency.edges(tie))


def _inverses(tied: Sequence[Settled]) -> dict[str, list[ticket.Link]]:
    """For every id the links to it, as it would hold them."""
    found: dict[str, list[ticket.Link]] = {}
    for settled in tied:
        for link in settled.subject.linked_tickets:
            for tie in ties.other_end(settled.subject, link):
                found.setdefault(tie.holder, []).append(tie.link)
    return found


def _others(
    transaction: store.Transaction, coming: Coming, subject: ticket.Ticket, arriving: set[str]
) -> Iterator[tuple[str, tuple[events.Draft, ...]]]:
    """What tickets that were here before learn of a link to them, and of one that is no more."""
    former = coming.known.linked_tickets if coming.known else ()
    dropped = [link for link in former if link not in subject.linked_tickets]
    for links, change in ((subject.linked_tickets, dependency.link), (dropped, dependency.unlink)):
        for link in links:
            uid = transaction.uid_of(link.ticket_id) if link.ticket_id not in arriving else None
            for tie in ties.other_end(subject, link):
                drafts = change(transaction.load(uid), tie) if uid else []
                if uid and drafts:
                    yield uid, tuple(drafts)
