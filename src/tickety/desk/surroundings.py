"""What stands around a ticket: its parent, its parts, and its links as both ends hold them."""

from typing import Any

from tickety import store
from tickety.core import query, record

_MANY = 200


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


def look(kept: store.Store, document: dict[str, Any]) -> Surroundings:
    """What stands around a ticket."""
    named = _ties(kept, document)
    parent = document["parent"]
    others = _rows(kept, "id", *(other for _, other in named), *([parent] if parent else []))
    known = {row.id: row for row in others}
    ties = tuple(Tie(relationship, other, known.get(other)) for relationship, other in named)
    above = Tie("parent", parent, known.get(parent)) if parent else None
    return Surroundings(above, _rows(kept, "parent", document["id"]), ties)


def _ties(kept: store.Store, document: dict[str, Any]) -> list[tuple[str, str]]:
    """Its own links, then those that only the other end holds."""
    own = [(link["relationship"], link["ticket_id"]) for link in document["linked_tickets"]]
    held = kept.linked_from(document["id"])
    return list(dict.fromkeys((*own, *((_SEEN_FROM_HERE[relationship], other) for other, relationship in held))))


def _rows(kept: store.Store, field: str, *values: str) -> tuple[store.Row, ...]:
    wanted = query.Query((query.Term(field, "in", tuple(dict.fromkeys(values))),), sort="id")
    return kept.page(wanted, _MANY, None, whole=False).rows if values else ()


_SEEN_FROM_HERE = {
    "blocks": "blocked_by",
    "blocked_by": "blocks",
    "related_to": "related_to",
    "starts_with": "starts",
    "duplicate_of": "duplicated_by",
}
