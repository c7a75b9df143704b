"""What stands around a ticket: its parent, its parts, and its links as both ends hold them."""

from collections.abc import Sequence
from typing import Any

from tickety import store
from tickety.core import query, record

_MANY = 200  # parts that are shown; how many there are is counted
_AT_ONCE = 500


@record.record(frozen=True, slots=True)
class Tie:
    """A link as it is seen from the ticket: ``relationship`` reads from it to the other."""

    relationship: str
    id: str
    other: store.Row | None  # None when no such ticket is here


@record.record(frozen=True, slots=True)
class Surroundings:
    """The tickets around one."""

    parent: Tie | None
    children: tuple[store.Row, ...]
    ties: tuple[Tie, ...]
    further: int = 0  # children beside those


def look(kept: store.Store, document: dict[str, Any]) -> Surroundings:
    """What stands around a ticket."""
    named = _ties(kept, document)
    parent = document["parent"]
    known = _rows(kept, [*(other for _, other in named), *([parent] if parent else [])])
    ties = tuple(Tie(relationship, other, known.get(other)) for relationship, other in named)
    above = Tie("parent", parent, known.get(parent)) if parent else None
    below = _of("parent", (document["id"],))
    children = kept.page(below, _MANY, None, whole=False).rows
    further = kept.count(below) - _MANY if len(children) == _MANY else 0
    return Surroundings(above, children, ties, further)


def _ties(kept: store.Store, document: dict[str, Any]) -> list[tuple[str, str]]:
    """Its own links, then those that only the other end holds."""
    own = [(link["relationship"], link["ticket_id"]) for link in document["linked_tickets"]]
    held = kept.linked_from(document["id"])
    return list(dict.fromkeys((*own, *((_SEEN_FROM_HERE[relationship], other) for other, relationship in held))))


def _rows(kept: store.Store, ids: Sequence[str]) -> dict[str, store.Row]:
    """The tickets of some ids, by their id; every one that is here, however many there are."""
    several = (ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE))
    pages = (kept.page(_of("id", few), _AT_ONCE, None, whole=False) for few in several)
    return {row.id: row for page in pages for row in page.rows}


def _of(field: str, values: Sequence[str]) -> query.Query:
    return query.Query((query.Term(field, "in", tuple(dict.fromkeys(values))),), sort="id")


_SEEN_FROM_HERE = {
    "blocks": "blocked_by",
    "blocked_by": "blocks",
    "related_to": "related_to",
    "starts_with": "starts",
    "duplicate_of": "duplicated_by",
}
