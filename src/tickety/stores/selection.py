"""A query as SQL. Names of columns and operators are ours; everything that somebody typed is a parameter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tickety.core import errors

if TYPE_CHECKING:
    from tickety.core import query

_ROW = "ticket.id, type, ticket.title, status, priority, updated_at, waiting_for, blocker, held_by, due_at"

_COLUMNS = {
    "type": "type", "status": "status", "priority": "priority", "resolution": "resolution", "assignee": "assignee",
    "reporter": "reporter", "parent": "parent", "sprint": "sprint", "id": "ticket.id", "created": "created_at",
    "updated": "updated_at", "closed": "closed_at", "due": "due_at", "votes": "votes",
    "waiting_for": "waiting_for", "held_by": "held_by", "awaits": "awaits", "escalated": "escalated",
}  # fmt: skip

_FLAGS = {
    "open": "status = 'open'",
    "in_progress": "status = 'in_progress'",
    "blocked": "status = 'blocked'",
    "closed": "status = 'closed'",
    "active": "status IN ('open', 'in_progress')",
    "ready": "is_ready = 1",
    "waiting": "(waiting_for IS NOT NULL OR held_by IS NOT NULL) AND status <> 'closed'",
    "archived": "archived = 1",
    "escalated": "escalated IS NOT NULL",
    "overdue": "due_at < :at AND status <> 'closed'",
    "epic": "type = 'epic'",
    "unassigned": "assignee IS NULL",
    "unfinished": "status <> 'closed'",
}

_THINGS = {
    "comments": "json_array_length(document, '$.comments') > 0",
    "links": "EXISTS (SELECT 1 FROM link WHERE link.ticket = ticket.key)",
    "children": "EXISTS (SELECT 1 FROM ticket AS child WHERE child.parent = ticket.id)",
    "parent": "parent IS NOT NULL",
    "tags": "EXISTS (SELECT 1 FROM tag WHERE tag.ticket = ticket.key)",
    "estimate": "json_extract(document, '$.metadata.estimated_hours') IS NOT NULL",
    "branch": "json_extract(document, '$.branch') IS NOT NULL",
}

#: The columns of an order, all in one direction, so that a cursor is a row value that comes after another.
_ORDERS = {
    "priority": (("ticket.rank", "created_at", "ticket.id"), "ASC"),
    "created": (("created_at", "ticket.id"), "DESC"),
    "updated": (("updated_at", "ticket.id"), "DESC"),
    "due": (("due_at", "ticket.id"), "ASC"),
    "votes": (("votes", "ticket.id"), "DESC"),
    "id": (("ticket.id",), "ASC"),
}
_DIGITS = 18  # of a number that SQLite takes
_NUMBERS = frozenset({"ticket.rank", "votes"})
_NUMBER = re.compile(rf"-?[0-9]{{1,{_DIGITS}}}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)")
_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]+-[0-9]+")
_TAGGED = "EXISTS (SELECT 1 FROM tag WHERE tag.ticket = ticket.key AND tag.tag COLLATE NOCASE IN ({}))"
_FOUND = "ticket.key IN (SELECT rowid FROM words WHERE words MATCH {})"
_WEIGHTS = "bm25(words, 8.0, 2.0, 1.0, 1.0)"  # a word in the title says more than one in a report


@dataclass
class Selection:
    """A query being written: conditions, and the values of their parameters."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def value(self, value: str | float) -> str:
        """The parameter that stands for a value."""
        name = f"v{len(self.values)}"
        self.values[name] = _storable(value) if isinstance(value, str) else value
        return ":" + name

    @property
    def where(self) -> str:
        """The conditions, all of which must hold."""
        return " AND ".join(self.conditions) or "1"


def page(wanted: query.Query, limit: int, cursor: str | None, *, whole: bool) -> tuple[str, dict[str, Any], int]:
    """The statement of a page, its values, and how many columns in front of the row make the cursor."""
    is_ranked = _is_ranked(wanted)
    selection = _selection(wanted, is_ranked=is_ranked)
    shown = "document" if whole else _ROW
    if is_ranked:
        source = "words JOIN ticket ON ticket.key = words.rowid"
        order = f"{_WEIGHTS}, ticket.rank, created_at"
        return _statement(shown, source, selection, order, limit), selection.values, 0
    columns, direction = _ORDERS.get(wanted.sort, _ORDERS["priority"])
    if cursor is not None:
        selection.conditions.append(_after(cursor, columns, direction, selection))
    order = ", ".join(f"{column} {direction}" for column in columns)
    statement = _statement(f"{', '.join(columns)}, {shown}", "ticket", selection, order, limit)
    return statement, selection.values, len(columns)


def count(wanted: query.Query) -> tuple[str, dict[str, Any]]:
    """The statement that counts what a query asks for, and its values."""
    selection = _selection(wanted)
    return f"SELECT count(*) FROM ticket WHERE {selection.where}", selection.values  # noqa: S608 - conditions are ours


def _statement(shown: str, source: str, selection: Selection, order: str, limit: int) -> str:
    top = selection.value(limit)
    return f"SELECT {shown} FROM {source} WHERE {selection.where} ORDER BY {order} LIMIT {top}"  # noqa: S608 - all of it is ours


def _selection(wanted: query.Query, *, is_ranked: bool = False) -> Selection:
    selection = Selection(values={"at": wanted.at})
    for term in wanted.terms:
        condition = _condition(term, selection)
        selection.conditions.append(f"NOT coalesce(({condition}), 0)" if term.is_not else condition)
    _add_words(wanted, selection, is_ranked=is_ranked)
    return selection


def _condition(term: query.Term, selection: Selection) -> str:
    if term.op in {"is", "has"}:
        known = _FLAGS if term.op == "is" else _THINGS
        return _any(known[value] for value in term.values)
    if term.field == "tag":
        tags = ", ".join(selection.value(value) for value in term.values)
        return _TAGGED.format(tags)
    column = _COLUMNS[term.field]
    if term.op == "in":
        return _any(_equals(column, value, selection) for value in term.values)
    if term.op == "within":
        first, following = (selection.value(value) for value in term.values)
        return f"({column} >= {first} AND {column} < {following})"
    value = float(term.values[0]) if term.field == "votes" else term.values[0]
    return f"{column} {term.op} {selection.value(value)}"


def _equals(column: str, value: str, selection: Selection) -> str:
    """One alternative; ``%:ada`` is that name of any kind of principal."""
    if value == "none":
        return f"{column} IS NULL"
    if value.startswith("%:"):
        return f"substr({column}, instr({column}, ':') + 1) = {selection.value(value[2:])} COLLATE NOCASE"
    return f"{column} = {selection.value(value)}"


def _any(alternatives: Iterable[str]) -> str:
    """One of several conditions. A single one stays bare: SQLite finds a partial index by its words."""
    found = list(alternatives)
    return found[0] if len(found) == 1 else "(" + (" OR ".join(f"({condition})" for condition in found) or "0") + ")"


def _add_words(wanted: query.Query, selection: Selection, *, is_ranked: bool) -> None:
    sought = _sought(wanted)
    for word in wanted.words:
        if word.startswith("-"):
            match = selection.value(_phrase(word[1:]))
            selection.conditions.append("NOT " + _FOUND.format(match))
    if sought:
        match = selection.value(" AND ".join(_phrase(word) for word in sought))
        selection.conditions.append(_FOUND.format(match) if not is_ranked else f"words MATCH {match}")


def _is_ranked(wanted: query.Query) -> bool:
    """Only what was found by words can be ordered by how well they fit."""
    return wanted.sort == "relevance" and bool(_sought(wanted))


def _sought(wanted: query.Query) -> list[str]:
    return [word for word in wanted.words if not word.startswith("-")]


def _storable(typed: str) -> str:
    """What was typed as a text that SQLite takes: bytes that were no text become a question mark."""
    return typed.encode(errors="replace").decode().replace("\0", " ")


def _phrase(word: str) -> str:
    """A phrase of the full-text index; the beginning of a word is enough when it ends in a star."""
    is_beginning = word.endswith("*")
    quoted = '"' + word.rstrip("*").replace('"', '""') + '"'
    return quoted + "*" if is_beginning else quoted


def _after(cursor: str, columns: tuple[str, ...], direction: str, selection: Selection) -> str:
    parts = cursor.split("|")
    if len(parts) != len(columns) or not all(map(_is_of, columns, parts)):
        raise errors.Usage(f"{cursor!r} is not a cursor of this list", "take the one that the last page gave as `next`")
    values = [int(part) if column in _NUMBERS else part for column, part in zip(columns, parts, strict=True)]
    row = ", ".join(selection.value(value) for value in values)
    return f"({', '.join(columns)}) {'>' if direction == 'ASC' else '<'} ({row})"


def _is_of(column: str, part: str) -> bool:
    """Whether a part of a cursor can have come from that column."""
    form = _NUMBER if column in _NUMBERS else _ID if column == "ticket.id" else _MOMENT
    return form.fullmatch(part) is not None
