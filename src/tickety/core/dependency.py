"""Ties between tickets: who waits for whom, and that nobody waits for themselves.

A ticket waits for those it is ``blocked_by`` until they are closed, for those it ``starts_with`` until they have
started, and a parent waits for its children. Of all of these together no circle may be made.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tickety.core import errors, events, nearest, record, ticket

Waits = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]
"""For each of some tickets, by id, the ids of those that it waits for."""

INVERSE = {
    ticket.Relationship.BLOCKS: ticket.Relationship.BLOCKED_BY,
    ticket.Relationship.BLOCKED_BY: ticket.Relationship.BLOCKS,
    ticket.Relationship.RELATED_TO: ticket.Relationship.RELATED_TO,
}
"""Links that both tickets hold, and what the other one calls them."""

_WAITING = frozenset({ticket.Relationship.BLOCKED_BY, ticket.Relationship.STARTS_WITH})


@record.record(frozen=True, slots=True)
class Tie:
    """A link as one ticket holds it: ``holder`` is ``relationship`` to ``other``; all of them ids or tickets' ids."""

    holder: str
    relationship: ticket.Relationship
    other: str

    @property
    def link(self) -> ticket.Link:
        """The link as the holder keeps it."""
        return ticket.Link(self.other, self.relationship)


def ties(holder: str, relationship: ticket.Relationship, other: str) -> tuple[Tie, ...]:
    """The link seen from every ticket that holds it: one end, or both."""
    own = Tie(holder, relationship, other)
    inverse = INVERSE.get(relationship)
    return (own,) if inverse is None else (own, Tie(other, inverse, holder))


def link(subject: ticket.Ticket, tie: Tie) -> list[events.Draft]:
    """Tie a ticket; nothing when it is tied so already."""
    return [] if tie.link in subject.linked_tickets else [_draft("ticket.linked", tie)]


def unlink(subject: ticket.Ticket, tie: Tie) -> list[events.Draft]:
    """Untie a ticket; nothing when it is not tied so."""
    return [_draft("ticket.unlinked", tie)] if tie.link in subject.linked_tickets else []


def require_two(one: str, other: str) -> None:
    """Refuses to tie a ticket to itself."""
    if one == other:
        raise errors.Refused(f"{one} cannot be tied to itself", f"name another ticket; its ties: tickety show {one}")


def require_no_circle(edges: Iterable[tuple[str, str]], waits: Waits, what: str = "wait for") -> None:
    """Refuses new edges ``(who waits, for whom)`` that would close a circle, naming it.

    ``waits`` may know them already, and may follow other ties than those of waiting: then ``what`` names these.
    """
    new = list(edges)
    for waiting, awaited in new:
        path = _path(awaited, waiting, _with(new, waits))
        if path:
            circle = " -> ".join((waiting, *path))
            raise errors.Refused(
                f"{waiting} would {what} itself: {circle}",
                f"take one of these ties away first (tickety unlink {waiting} {path[0]}, or"
                f" tickety edit {waiting} --parent none), or use related_to",
            )


def duplicates(found: Iterable[ticket.Ticket]) -> dict[str, list[str]]:
    """For each ticket the ids of those it is a duplicate of."""
    return {subject.id: _others(subject, ticket.Relationship.DUPLICATE_OF) for subject in found}


def require_parent(subject: ticket.Ticket) -> None:
    """Refuses a parent that is over: nothing new becomes a part of it."""
    if subject.is_closed:
        put_away = ", archived" if subject.archived else ""
        raise errors.Refused(
            f"{subject.id} is closed{put_away}: it cannot get another child", f"tickety reopen {subject.id}"
        )


def must_end(relationship: str) -> bool:
    """What a ticket waits for in this way must be over before it can end well: what it starts with need not be."""
    return relationship != ticket.Relationship.STARTS_WITH


def edges(tie: Tie) -> list[tuple[str, str]]:
    """Who waits for whom by a link."""
    if tie.relationship is ticket.Relationship.BLOCKS:
        return [(tie.other, tie.holder)]
    return [(tie.holder, tie.other)] if tie.relationship in _WAITING else []


def held(subject: ticket.Ticket) -> list[tuple[str, str]]:
    """Who waits for whom by all that a ticket holds: its links, and its parent."""
    own = [Tie(subject.id, link.relationship, link.ticket_id) for link in subject.linked_tickets]
    found = [edge for tie in own for edge in edges(tie)]
    return [*found, (subject.parent, subject.id)] if subject.parent else found


def relationship_of(name: str) -> ticket.Relationship:
    """The relationship of that name, ``blocked-by`` and ``depends_on`` understood; Usage when there is none."""
    found = named(name)
    if found is None:
        near = nearest.asked(name.strip().lower().replace("-", "_"), [*ticket.Relationship, *_OTHER_NAMES])
        known = ", ".join(ticket.Relationship)
        raise errors.Usage(f"there is no relationship {name[:60]!r}", f"{near}the relationships are: {known}")
    return found


def named(name: str) -> ticket.Relationship | None:
    """The same for whoever has something else in mind when there is none."""
    typed = name.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return ticket.Relationship(_OTHER_NAMES.get(typed, typed))
    except ValueError:
        return None


def _path(start: str, goal: str, waits: Waits) -> list[str]:
    """The way from a ticket to another along what waits for what; empty when there is none. Breadth first."""
    came_from: dict[str, str | None] = {start: None}
    border = [start]
    while border and goal not in came_from:
        found = waits(border)
        reached = [(awaited, waiting) for waiting in border for awaited in found.get(waiting, ())]
        border = []
        for awaited, waiting in reached:
            if awaited not in came_from:
                came_from[awaited] = waiting
                border.append(awaited)
    return _walked_back(came_from, goal) if goal in came_from else []


def _others(subject: ticket.Ticket, relationship: ticket.Relationship) -> list[str]:
    return [link.ticket_id for link in subject.linked_tickets if link.relationship is relationship]


def _walked_back(came_from: Mapping[str, str | None], goal: str) -> list[str]:
    path, here = [goal], came_from[goal]
    while here is not None:
        path.append(here)
        here = came_from[here]
    return path[::-1]


def _with(new: Sequence[tuple[str, str]], waits: Waits) -> Waits:
    def both(asked: Sequence[str]) -> dict[str, list[str]]:
        known = waits(asked)
        return {one: [*known.get(one, ()), *(awaited for waiting, awaited in new if waiting == one)] for one in asked}

    return both


def _draft(kind: str, tie: Tie) -> events.Draft:
    return events.Draft(kind, {"ticket_id": tie.other, "relationship": tie.relationship.value})


_OTHER_NAMES = {
    "depends_on": "blocked_by", "requires": "blocked_by", "after": "blocked_by", "related": "related_to",
    "relates_to": "related_to",
    "duplicates": "duplicate_of", "duplicate": "duplicate_of", "with": "starts_with",
}  # fmt: skip
