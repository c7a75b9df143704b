"""Tables (CSV): one ticket a row. The names in the first row are taken as people write them.

What is a list of its own (comments, links, metadata) is JSON in its cell. What is left out is named: ``LEFT_OUT``.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tickety.core import errors
from tickety.core.exchange import guide, sheet

COLUMNS = (
    "id", "uid", "type", "title", "status", "resolution", "priority", "tags", "assignee", "reporter", "parent",
    "sprint", "created_at", "updated_at", "closed_at", "closed_by", "archived", "due_at", "blocker", "blocked_by",
    "votes", "estimated_hours", "progress", "workflow", "linked_tickets", "comments", "metadata", "description",
)  # fmt: skip
LEFT_OUT = ("steps", "phases", "success_criteria", "sla", "agent_updates", "questions", "escalations")
"""What no cell holds."""
_JSON = ("linked_tickets", "comments", "metadata")
_NAMES = {
    "issue_key": "id", "issue_id": "id", "number": "id", "summary": "title", "subject": "title", "name": "title",
    "issue_type": "type", "tracker": "type", "kind": "type", "state": "status", "body": "description",
    "details": "description", "labels": "tags", "assigned_to": "assignee", "author": "reporter",
    "created_by": "reporter", "created": "created_at", "updated": "updated_at", "closed": "closed_at",
    "resolved": "closed_at", "due": "due_at", "due_date": "due_at", "epic": "parent", "epic_link": "parent",
    "depends_on": "blocked_by", "estimate": "estimated_hours", "user_votes": "votes", "milestone": "sprint",
}  # fmt: skip
_NUMBERS = {"votes": "user_votes", "estimated_hours": "estimated_hours"}
_CELL = 64 * 1024 * 1024
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NOT_NAME = re.compile(r"[^a-z0-9]+")

csv.field_size_limit(_CELL)


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
    counted = {name: value for name, value in numbers.items() if value is not None}
    return replace(made, metadata={**made.metadata, **counted})


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
    return {name: _value(name, unguarded(cell)) for name, cell in zip(names, cells, strict=False) if cell.strip()}


def _value(name: str, cell: str) -> Any:  # noqa: ANN401 - any JSON
    """What a cell says: JSON where we write some, else its text."""
    if name not in {*_JSON, "workflow"} or not cell.startswith(("[", "{")):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


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
    value = _WRITTEN[name](document) if name in _WRITTEN else document[name]
    if isinstance(value, bool):
        return "true" if value else ""
    if name in _JSON:
        return json.dumps(value, ensure_ascii=False) if value else ""
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _blockers(document: dict[str, Any]) -> list[str]:
    return [link["ticket_id"] for link in document["linked_tickets"] if link["relationship"] == "blocked_by"]


def _other_links(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [link for link in document["linked_tickets"] if link["relationship"] != "blocked_by"]


def _other_metadata(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document["metadata"].items() if name not in _NUMBERS.values()}


def _progress(document: dict[str, Any]) -> str:
    """In words: a spreadsheet would take 1/2 for a day in January."""
    return "{done} of {total}".format_map(document["progress"])


_WRITTEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "blocked_by": _blockers,
    "votes": lambda document: document["metadata"].get("user_votes"),
    "estimated_hours": lambda document: document["metadata"].get("estimated_hours"),
    "progress": _progress,
    "workflow": lambda document: document["orchestration"]["workflow"],
    "linked_tickets": _other_links,
    "metadata": _other_metadata,
}


def _line(cells: tuple[str, ...] | list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


class _Semicolon(csv.excel):
    delimiter = ";"


csv.register_dialect("excel-semicolon", _Semicolon)
