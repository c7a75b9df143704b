"""Which dialect a text is in, and the tickets and events that it holds.

Lines and rows stand for themselves: the good ones are taken, each bad one is named. A document (JSON, Markdown) and a
log of events are taken as a whole or not at all.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tickety.core import errors, events
from tickety.core.exchange import arrival, beads, bounds, github, guide, log, own, paper, sheet, table, trackdown

AUTO = "auto"
NAMES = ("guide", "trackdown", "beads", "github", "csv", "tickety", AUTO)

_READ: dict[str, Callable[[dict[str, Any]], sheet.Sheet]] = {
    "guide": guide.read, "beads": beads.read, "github": github.read, "csv": table.read, "trackdown": guide.read,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not imported, and why. ``place`` names the file, and the line if it is one.

    ``left_out`` counts what is sound and not imported with it.
    """

    place: str
    reason: str
    hint: str = ""
    left_out: int = 0


Found = arrival.Arrival | tuple[str, events.Event] | Fault
"""A ticket, an event with its place, or a fault."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How papers are read: the dialect, or ``auto``; the moment it is; the project's types; and who reads YAML."""

    dialect: str
    now: datetime
    types: tuple[str, ...]
    parse_yaml: paper.ParseYaml


def read(given: paper.Paper, wanted: Wanted) -> Iterator[Found]:
    """Everything in a paper."""
    if given.fault:
        yield Fault(given.place, given.fault)
        return
    try:
        yield from _read(given, wanted)
    except _UNFIT as error:
        yield _fault(given.place, error)


def _read(given: paper.Paper, wanted: Wanted) -> Iterator[Found]:
    text = given.text.removeprefix("\ufeff")
    if given.ending == ".md" or wanted.dialect == "trackdown" or (wanted.dialect == AUTO and text.startswith("---\n")):
        yield from _markdown(given, text, wanted)
    elif given.ending == ".csv" or wanted.dialect == "csv":
        yield from _table(given, text, wanted)
    elif not text.strip():
        yield Fault(given.place, "it is empty")
    elif given.ending in {".jsonl", ".ndjson"} or _is_lines(text):
        found = list(_lines(given, text, wanted))
        yield from _all_or_none(found) if any(isinstance(one, tuple) for one in found) else found
    else:
        yield from _whole(given, text, wanted)


def _markdown(given: paper.Paper, text: str, wanted: Wanted) -> Iterator[Found]:
    made = trackdown.read(text, lambda front: bounds.plain(wanted.parse_yaml(front)))
    yield arrival.of(made, given.place, "trackdown", wanted.now)


def _table(given: paper.Paper, text: str, wanted: Wanted) -> Iterator[Found]:
    for line, row in table.rows(text):
        yield _one(row, f"{given.place} line {line}", "csv", wanted)


def _lines(given: paper.Paper, text: str, wanted: Wanted) -> Iterator[Found]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{given.place} line {number}"
            try:
                record = _json(line)
            except errors.Usage as error:
                yield Fault(place, error.message, error.hint)
            else:
                yield _one(record, place, wanted.dialect, wanted)


def _whole(given: paper.Paper, text: str, wanted: Wanted) -> list[Found]:
    """A JSON document: one ticket, a list, or our envelope."""
    value = _json(text)
    if not isinstance(value, (list, dict)):
        return [Fault(given.place, "it holds no tickets")]
    return _all_or_none([_one(record, place, wanted.dialect, wanted) for place, record in _records(value, given.place)])


def _all_or_none(found: list[Found]) -> list[Found]:
    """Everything, or the faults alone: the first one says how much it keeps out."""
    faults = [one for one in found if isinstance(one, Fault)]
    if not faults:
        return found
    return [replace(faults[0], left_out=len(found) - len(faults)), *faults[1:]]


def _records(value: Any, place: str) -> list[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and isinstance(value.get("tickets"), list) and "title" not in value:
        value = value["tickets"]
    if not isinstance(value, list):
        return [(place, value)]
    return [(f"{place} entry {number}", record) for number, record in enumerate(value, 1)]


def _one(record: Any, place: str, dialect: str, wanted: Wanted) -> Found:  # noqa: ANN401 - any JSON
    """The ticket or the event of one record, or why it is none."""
    if not isinstance(record, dict):
        return Fault(place, f"it is {type(record).__name__}, not an object", "a ticket is an object with a title")
    try:
        if log.is_event(record):
            return place, log.read(bounds.plain(record, bounds.OWN))
        name = dialect if dialect != AUTO else _guess(record)
        if name == "tickety":
            return own.read(bounds.plain(record, bounds.OWN), place, wanted.types)
        return arrival.of(_READ[name](bounds.plain(record)), place, name, wanted.now)
    except _UNFIT as error:
        return _fault(place, error)


def _fault(place: str, error: Exception) -> Fault:
    """Why something is not imported: a number or a time can be too large for what is made of it."""
    if isinstance(error, errors.Usage):
        return Fault(place, error.message, error.hint)
    return Fault(place, f"it holds something that is too large to be kept: {error}", "mend it, and import it again")


def _guess(record: dict[str, Any]) -> str:
    """The dialect that a record looks like."""
    if own.is_ours(record):
        return "tickety"
    if "issue_type" in record or str(record.get("id", "")).startswith("bd-"):
        return "beads"
    if "number" in record and record.keys() & {"url", "body", "state", "stateReason", "labels"}:
        return "github"
    return "guide"


def _is_lines(text: str) -> bool:
    """The first line is an object by itself, and others follow."""
    first, _, rest = text.strip().partition("\n")
    if not (rest and first.startswith("{") and first.rstrip().endswith("}")):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        # What is no number is refused later, by the name of its field.
        return json.loads(text, parse_constant=float)
    except json.JSONDecodeError as error:
        raise errors.Usage(
            f"it is no JSON: line {error.lineno}, {error.msg}", "mend it, and import it again"
        ) from error
    except (ValueError, RecursionError) as error:
        raise errors.Usage(f"it is no JSON that can be kept: {error}", "mend it, and import it again") from error


_UNFIT = (errors.Usage, OverflowError, ValueError, RecursionError)
