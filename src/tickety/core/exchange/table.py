"""Tables (CSV): one ticket a row. The names in the first row are taken as people write them."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tickety.core import errors, text
from tickety.core.exchange import guide, sheet

COLUMNS = (
    "id", "uid", "type", "title", "status", "resolution", "priority", "tags", "assignee", "reporter", "parent",
    "sprint", "created_at", "updated_at", "closed_at", "due_at", "blocker", "blocked_by", "votes", "estimated_hours",
    "description",
)  # fmt: skip
_NAMES = {
    "issue_key": "id", "issue_id": "id", "number": "id", "summary": "title", "subject": "title", "name": "title",
    "issue_type": "type", "tracker": "type", "kind": "type", "state": "status", "body": "description",
    "details": "description", "labels": "tags", "assigned_to": "assignee", "author": "reporter",
    "created_by": "reporter", "created": "created_at", "updated": "updated_at", "closed": "closed_at",
    "resolved": "closed_at", "due": "due_at", "due_date": "due_at", "epic": "parent", "epic_link": "parent",
    "depends_on": "blocked_by", "estimate": "estimated_hours", "user_votes": "votes", "milestone": "sprint",
}  # fmt: skip
_NUMBERS = {"votes": "user_votes", "estimated_hours": "estimated_hours"}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NOT_NAME = re.compile(r"[^a-z0-9]+")

csv.field_size_limit(text.LIMIT * 2)


def rows(content: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows under their columns' names, each with its line; Usage when the table cannot be read."""
    reader = csv.reader(
        io.StringIO(content, newline=""), dialect="excel-semicolon" if _is_semicolon(content) else "excel"
    )
    try:
        names = [_name(cell) for cell in next(reader, [])]
        if "title" not in names:
            raise errors.Usage("the table has no column with titles", "name one of its columns `title`")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _row(names, cells)
    except csv.Error as error:
        raise errors.Usage(f"line {reader.line_num}: {error}", "mend the table, and import it again") from error


def read(row: dict[str, Any]) -> sheet.Sheet:
    """What a row says."""
    made = guide.read({name: value for name, value in row.items() if name not in _NUMBERS})
    numbers = {known: _number(row[name]) for name, known in _NUMBERS.items() if row.get(name)}
    return replace(made, metadata={name: value for name, value in numbers.items() if value is not None})


def written(documents: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The lines of a table. What a spreadsheet would take for a formula gets an apostrophe in front."""
    yield _line(COLUMNS)
    for document in documents:
        yield _line([guarded(_cell(document, name)) for name in COLUMNS])


def guarded(cell: str) -> str:
    """The cell, no formula for whoever opens it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What ``guarded`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _is_semicolon(content: str) -> bool:
    head = content.partition("\n")[0]
    return head.count(";") > head.count(",")


def _row(names: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) > len(names):
        names = [*names, *(f"column_{number}" for number in range(len(names) + 1, len(cells) + 1))]
    return {name: unguarded(cell) for name, cell in zip(names, cells, strict=False) if cell.strip()}


def _name(cell: str) -> str:
    plain = _NOT_NAME.sub("_", cell.lower()).strip("_") or "column"
    return _NAMES.get(plain, plain)


def _number(cell: str) -> float | int | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def _cell(document: dict[str, Any], name: str) -> str:
    if name == "blocked_by":
        links = document["linked_tickets"]
        return ", ".join(link["ticket_id"] for link in links if link["relationship"] == "blocked_by")
    value = document["metadata"].get(_NUMBERS[name]) if name in _NUMBERS else document[name]
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _line(cells: tuple[str, ...] | list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


class _Semicolon(csv.excel):
    delimiter = ";"


csv.register_dialect("excel-semicolon", _Semicolon)
