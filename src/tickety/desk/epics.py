"""Tickets that carry others: their children, how far these are, and what becomes a part of what."""

from collections.abc import Iterator, Sequence
from typing import Any

from tickety import store
from tickety.core import dependency, events, moves, query, record, ticket
from tickety.desk import changing, memory

_AT_ONCE = 200


@record.record(frozen=True, slots=True)
class Node:
    """One ticket of a tree: its JSON, how deep it lies, and what it waits for beside its own children."""

    document: dict[str, Any]
    depth: int
    waits: tuple[store.Unfinished, ...]


def tree(desk: memory.Memory, uid: str) -> tuple[Node, ...]:
    """A ticket and everything below it: each before its children, what can go on before what waits."""
    top = desk.store.document(uid)
    below = _below(desk, top["id"])
    found, border = [], [(top, 0)]
    while border:
        document, depth = border.pop()
        waits = tuple(one for one in desk.store.unfinished(document["uid"]) if one.relationship != "child")
        found.append(Node(document, depth, waits))
        border += [(child, depth + 1) for child in reversed(below.get(document["id"], []))]
    return tuple(found)


def children(desk: memory.Memory, ticket_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The JSON of every child of some tickets."""
    parts = (ticket_ids[first : first + _AT_ONCE] for first in range(0, len(ticket_ids), _AT_ONCE))
    found = [document for part in parts for document in _pages(desk, part)]
    return sorted(found, key=lambda one: (one["waiting_for"] is not None, one["created_at"], one["id"]))


def add_many(
    desk: memory.Memory, parent_uid: str, uids: Sequence[str], *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Make tickets parts of another; one that is a part of it already stays so. Circles are refused."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        parent = transaction.load(parent_uid)
        if subject.parent == parent.id:
            return []
        dependency.require_parent(parent)
        dependency.require_no_circle([(parent.id, subject.id)], transaction.waits)
        return _become(subject, parent.id)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def remove_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Make tickets parts of nothing; one that stands alone stays so."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return _become(subject, None) if subject.parent else []

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def _below(desk: memory.Memory, top: str) -> dict[str, list[dict[str, Any]]]:
    """Everything below a ticket, by its parent; level by level, however deep that goes."""
    found: dict[str, list[dict[str, Any]]] = {}
    border = [top]
    while border:
        level = children(desk, border)
        for document in level:
            found.setdefault(document["parent"], []).append(document)
        border = [document["id"] for document in level if document["id"] not in found]
    return found


def _pages(desk: memory.Memory, ticket_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    wanted = query.Query((query.Term("parent", "in", tuple(ticket_ids)),), sort="id")
    cursor: str | None = None
    while True:
        page = desk.store.page(wanted, _AT_ONCE, cursor, whole=True)
        yield from page.documents
        if page.cursor is None:
            return
        cursor = page.cursor


def _become(subject: ticket.Ticket, parent: str | None) -> list[events.Draft]:
    moves.require_changeable(subject)
    return [events.Draft("ticket.edited", {"changes": {"parent": {"from": subject.parent, "to": parent}}})]
