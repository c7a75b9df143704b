"""Tickets that carry others: their children, how far these are, and what becomes a part of what."""

from collections.abc import Sequence
from typing import Any

from tickety import store
from tickety.core import editing, query, record
from tickety.desk import changing, memory, search
from tickety.desk import editing as edits

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
    found, border, seen = [], [(top, 0)], set[str]()
    while border:
        document, depth = border.pop()
        if document["id"] in seen:  # a circle that came with a log: no verb makes one
            continue
        seen.add(document["id"])
        waits = tuple(one for one in desk.store.unfinished(document["uid"]) if one.relationship != "child")
        found.append(Node(document, depth, waits))
        border += [(child, depth + 1) for child in reversed(below.get(document["id"], []))]
    return tuple(found)


def children(desk: memory.Memory, ticket_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The JSON of every child of some tickets."""
    parts = (ticket_ids[first : first + _AT_ONCE] for first in range(0, len(ticket_ids), _AT_ONCE))
    found = [document for part in parts for document in search.documents(desk.store, _parts(part))]
    return sorted(found, key=lambda one: (one["waiting_for"] is not None, one["created_at"], one["id"]))


def add_many(
    desk: memory.Memory, parent_uid: str, uids: Sequence[str], *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Make tickets parts of another; one that is a part of it already stays so. Circles are refused."""
    wanted = editing.Edit({"parent": desk.store.load(parent_uid).id})
    return edits.edit_many(desk, uids, wanted, dry_run=dry_run)


def remove_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Make tickets parts of nothing; one that stands alone stays so."""
    return edits.edit_many(desk, uids, editing.Edit({"parent": None}), dry_run=dry_run)


def _below(desk: memory.Memory, top: str) -> dict[str, list[dict[str, Any]]]:
    """Everything below a ticket, by its parent; level by level, however deep that goes."""
    found: dict[str, list[dict[str, Any]]] = {top: []}
    border = [top]
    while border:
        level = children(desk, border)
        for document in level:
            found[document["parent"]].append(document)
        border = [document["id"] for document in level if document["id"] not in found]
        found |= {ticket_id: [] for ticket_id in border}
    return found


def _parts(ticket_ids: Sequence[str]) -> query.Query:
    return query.Query((query.Term("parent", "in", tuple(ticket_ids)),), sort="id")
