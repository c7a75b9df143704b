"""Which dialect a text is in, and the tickets and events that it holds.

A file is taken as a whole or not at all; lines and rows stand for themselves.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tickety.core import errors, events
from tickety.core.exchange import arrival, beads, github, guide, log, own, paper, sheet, table, trackdown

AUTO = "auto"
NAMES = ("guide", "trackdown", "beads", "github", "csv", "tickety", AUTO)
_DEPTH = 60

_READ: dict[str, Callable[[dict[str, Any]], sheet.Sheet]] = {
    "guide": guide.read, "beads": beads.read, "github": github.read, "csv": table.read, "trackdown": guide.read,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not imported, and why. ``place`` names the file, and the line if it is one."""

    place: str
    reason: str
    hint: str = ""


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
    except errors.Usage as error:
        yield Fault(given.place, error.message, error.hint)


def plain(value: Any, depth: int = _DEPTH) -> Any:  # noqa: ANN401 - any JSON
    """JSON that can be kept: not nested without end, no half characters; Usage otherwise."""
    if depth == 0:
        raise errors.Usage(f"it is nested more than {_DEPTH} levels deep", "keep in it what a ticket holds")
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [plain(entry, depth - 1) for entry in value]
    if isinstance(value, dict):
        return {plain(key): plain(entry, depth - 1) for key, entry in value.items()}
    return value


def _read(given: paper.Paper, wanted: Wanted) -> Iterator[Found]:
    text = given.text.removeprefix("\ufeff")
    if given.ending == ".md" or wanted.dialect == "trackdown" or (wanted.dialect == AUTO and text.startswith("---\n")):
        yield from _markdown(given, text, wanted)
    elif given.ending == ".csv" or wanted.dialect == "csv":
        yield from _table(given, text, wanted)
    elif not text.strip():
        yield Fault(given.place, "it is empty")
    elif given.ending in {".jsonl", ".ndjson"} or _is_lines(text):
        yield from _lines(given, text, wanted)
    else:
        yield from _whole(given, text, wanted)


def _markdown(given: paper.Paper, text: str, wanted: Wanted) -> Iterator[Found]:
    """A file without front matter beside the tickets of a folder is no ticket, and no fault either."""
    if given.is_named or trackdown.has_front_matter(text):
        made = trackdown.read(text, lambda front: plain(wanted.parse_yaml(front)))
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


def _whole(given: paper.Paper, text: str, wanted: Wanted) -> Iterator[Found]:
    """A JSON file: one ticket, a list, or our envelope. One fault in it, and nothing of it is taken."""
    found = [_one(record, place, wanted.dialect, wanted) for place, record in _records(_json(text), given.place)]
    faults = [one for one in found if isinstance(one, Fault)]
    if not found:
        faults = [Fault(given.place, "it holds no tickets")] if not isinstance(_json(text), (list, dict)) else []
    yield from faults or found


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
        known = plain(record)
        if log.is_event(known):
            return place, log.read(known)
        name = dialect if dialect != AUTO else _guess(known)
        if name == "tickety":
            return own.read(known, place, wanted.types)
        return arrival.of(_READ[name](known), place, name, wanted.now)
    except errors.Usage as error:
        return Fault(place, error.message, error.hint)


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
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise errors.Usage(
            f"it is no JSON: line {error.lineno}, {error.msg}", "mend it, and import it again"
        ) from error
    except (ValueError, RecursionError) as error:
        raise errors.Usage(f"it is no JSON that can be kept: {error}", "mend it, and import it again") from error


def _refuse(name: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(f"{name} is no JSON")
