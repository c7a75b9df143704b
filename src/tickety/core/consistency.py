"""What cannot be true of tickets taken together: circles, half links, parents that are not there.

No verb leads there; an import of an older release, or of another store's log, may have.
"""

from collections.abc import Iterator, Mapping, Sequence

from tickety.core import dependency, record, ticket


@record.record(frozen=True, slots=True)
class Fault:
    """Something that contradicts itself, and the command that ends it."""

    sentence: str
    command: str


def faults(tickets: Sequence[ticket.Ticket]) -> Iterator[Fault]:
    """Everything that contradicts itself, ticket by ticket, then the circles."""
    known = {one.id: one for one in tickets}
    for one in tickets:
        yield from _parent(one, known)
        yield from _half_links(one, known)
        yield from _put_away(one)
    for circle in circles(_waits(tickets)):
        told = " -> ".join((*circle, circle[0]))
        yield Fault(f"{told} wait for each other in a circle", f"tickety show {circle[0]}, then tickety unlink")


def circles(waits: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """One circle after the other, each taken out before the next is looked for."""
    left = {waiting: [awaited for awaited in several if awaited in waits] for waiting, several in waits.items()}
    while left := _without_ends(left):
        walked = [min(left)]
        while (following := min(left[walked[-1]])) not in walked:
            walked.append(following)
        circle = tuple(walked[walked.index(following) :])
        yield circle
        left = {one: [other for other in several if other not in circle] for one, several in left.items()}
        left = {one: several for one, several in left.items() if one not in circle}


def _without_ends(waits: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Without those that wait for nobody, until everybody left waits for somebody."""
    left = {one: list(several) for one, several in waits.items()}
    waiting: dict[str, list[str]] = {}
    for one, several in left.items():
        for other in several:
            waiting.setdefault(other, []).append(one)
    ends = [one for one, several in left.items() if not several]
    while ends:
        gone = ends.pop()
        del left[gone]
        for one in waiting.get(gone, ()):
            left[one].remove(gone)
            if not left[one]:
                ends.append(one)
    return left


def _waits(tickets: Sequence[ticket.Ticket]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {one.id: {} for one in tickets}
    for one in tickets:
        ties = (dependency.Tie(one.id, link.relationship, link.ticket_id) for link in one.linked_tickets)
        edges = [edge for tie in ties for edge in dependency.edges(tie)]
        for waiting, awaited in [*edges, *([(one.parent, one.id)] if one.parent else [])]:
            found.setdefault(waiting, {})[awaited] = None
    return {one: list(several) for one, several in found.items()}


def _parent(one: ticket.Ticket, known: Mapping[str, ticket.Ticket]) -> Iterator[Fault]:
    if one.parent and one.parent not in known:
        yield Fault(f"{one.id} is a part of {one.parent}, which is not here", f"tickety epic remove {one.id}")


def _half_links(one: ticket.Ticket, known: Mapping[str, ticket.Ticket]) -> Iterator[Fault]:
    """A link that both tickets hold, held by one of them only. What is not here cannot hold anything."""
    for link in one.linked_tickets:
        for tie in dependency.ties(one.id, link.relationship, link.ticket_id)[1:]:
            other = known.get(tie.holder)
            if other and tie.link not in other.linked_tickets:
                told = f"{one.id} says {link.relationship} {other.id}, and {other.id} does not know of it"
                yield Fault(told, f"tickety link {one.id} {link.relationship} {other.id}")


def _put_away(one: ticket.Ticket) -> Iterator[Fault]:
    if one.archived and not one.is_closed:
        yield Fault(f"{one.id} is archived, and {one.status}", f"tickety unarchive {one.id}")
