"""Faults of Rust: panics, and the compiler's errors. What belongs to one fault stands in two lines at most."""

import re
from dataclasses import dataclass

from tickety.core.fault import draft


@dataclass(slots=True)
class Reader:
    """The next fault: an error whose place is still to come, or a panic whose words are on the next line."""

    page: draft.Page
    begun: draft.Draft | None = None

    def read(self, line: str) -> bool:
        """Read the next line; False when it may be another language's, too."""
        if place := _PLACE.search(line):
            self._end_error(draft.Frame(place[1], int(place[2])))
        elif self.begun is not None and self.begun.frames:
            self.page.drafts.append(self.begun)
            self.begun.message, self.begun = line.strip(), None
        elif error := _ERROR.match(line):
            self.begun = self.page.draft("error" + (error[1] or ""), error[2], [], "rust")
            return False  # other tools begin a line like this too
        elif line.startswith("warning"):
            self.begun = None
            return False
        else:
            return self._read_panic(line)
        return True

    def _end_error(self, frame: draft.Frame) -> None:
        if self.begun is not None and not self.begun.frames:
            self.begun.frames.append(frame)
            self.page.drafts.append(self.begun)
        self.begun = None

    def _read_panic(self, line: str) -> bool:
        before, found, words = line.partition(" panicked at ")
        if not found or "thread " not in before:
            return False
        message, _, place = words.rpartition("', ") if words.startswith("'") else ("", "", words)
        match = _PANIC_PLACE.match(place)
        if match is None:
            return False
        panic = self.page.draft("panic", message[1:], [draft.Frame(match[1], int(match[2]))], "rust")
        if message:
            self.page.drafts.append(panic)
        else:
            self.begun = panic
        return True


_ERROR = re.compile(r"error(\[E\d{1,9}\])?: (.+)")
_PLACE = re.compile(r"--> (\S+):(\d{1,9}):\d{1,9}$")
_PANIC_PLACE = re.compile(r"(\S+):(\d{1,9}):\d{1,9}:?$")
