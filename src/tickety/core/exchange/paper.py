"""What is handed in to be imported: a text and where it came from, or why it could not be read."""

from collections.abc import Callable
from typing import Any

from tickety.core import record

ParseYaml = Callable[[str], Any]
"""Plain JSON values of a YAML text; ValueError, with the line, when it is none."""

ACCEPTED = (".json", ".jsonl", ".ndjson", ".csv", ".md")
"""The endings of files that may hold tickets."""


@record.record(frozen=True, slots=True)
class Paper:
    """One file. ``fault`` says why there is no text."""

    place: str
    text: str = ""
    fault: str | None = None

    @property
    def ending(self) -> str:
        """The end of the name, ``.json``; empty for standard input."""
        _, dot, end = self.place.rpartition(".")
        return f".{end.lower()}" if dot and "/" not in end else ""
