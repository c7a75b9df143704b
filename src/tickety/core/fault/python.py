"""Faults of Python, as the interpreter, unittest and pytest print them: the stack first, then its error."""

import re
from dataclasses import dataclass, field

from tickety.core.fault import draft, sentence


@dataclass(slots=True)
class Reader:
    """The pieces of the next fault."""

    page: draft.Page
    frames: list[draft.Frame] = field(default_factory=list)  # of a stack whose error is still to come
    column: int = 0  # where the last of them began: its error stands further left, source lines further right
    told: draft.Draft | None = None  # what pytest's E lines said; its deepest frame may follow
    was_told: bool = False  # the line before was one of pytest's E lines

    def read_told(self, line: str) -> bool:
        """One of pytest's E lines: the words of an error, and the frames of a syntax error."""
        was_told, self.was_told = self.was_told, line == "E" or line.startswith("E  ")
        if not self.was_told:
            return False
        if not was_told:
            self.told = None
        if not self.read_frame(" " + line[1:]) and self.told is None:
            self._tell(line[1:].strip())
        return True

    def _tell(self, words: str) -> None:
        if match := _ERROR_LINE.match(words):
            self.told = self._add(match[1], match[2] or "")
        elif words.startswith("assert "):
            self.told = self._add("AssertionError", words)

    def read_heading(self, line: str) -> bool:
        """What was read belongs to another fault than what follows."""
        if not (line.startswith(("___", "===")) or line.endswith("(most recent call last):")):
            return False
        self.frames, self.told = [], None
        return True

    def read_frame(self, line: str) -> bool:
        """``File "path", line 1, in function``."""
        match = _FRAME.search(line)
        if match is None:
            return False
        self.frames.append(draft.Frame(match[1], int(match[2]), match[3] or ""))
        self.column = match.start()
        return True

    def read_pytest_frame(self, line: str) -> bool:
        """``path:1: in function``, or ``path:1: Error`` at the end of a stack."""
        match = _PYTEST_FRAME.match(line)
        if match is None:
            return False
        words = match[3] or ""
        frame = draft.Frame(match[1], int(match[2]), words[3:] if words.startswith("in ") else "")
        if frame.function or not words:
            self.frames.append(frame)
            self.column = 0
            return True
        error = _ERROR_LINE.match(words)
        return error is not None and self._read_ending(frame, error[1], error[2])

    def _read_ending(self, frame: draft.Frame, error: str, message: str | None) -> bool:
        """``path:line: Error`` ends what the E lines told; ``path:line: Error: message`` tells all by itself."""
        if message and sentence.is_error(error):
            self.page.add(error, message, [frame], "python")
        elif message is None:
            self._close_told(frame, error)
        return message is None or sentence.is_error(error)

    def _close_told(self, frame: draft.Frame, error: str) -> None:
        if self.told is not None and self.told.error.rpartition(".")[2] == error.rpartition(".")[2]:
            self.told.frames.append(frame)
        self.told, self.frames = None, []

    def read_error(self, line: str) -> bool:
        """The error of the stack that was read, or one of any language that has no stack yet."""
        found = self._error_ending_stack(line) or sentence.find(line)
        if found is None:
            return False
        column, error, message, language = found
        if self.frames and column <= self.column:
            self._add(error, message)
        else:
            self.page.add(error, message, [], language)
        return True

    def _error_ending_stack(self, line: str) -> sentence.Named | None:
        """A whole line left of its stack is the error, whatever its name is."""
        words = line.lstrip(" \t|+->")
        column = len(line) - len(words)
        match = _ERROR_LINE.match(words) if self.frames and column < self.column else None
        return (column, match[1], match[2] or "", "python") if match else None

    def _add(self, error: str, message: str) -> draft.Draft:
        """A fault that the frames read so far belong to."""
        added = self.page.add(error, message, self.frames, "python")
        self.frames = []
        return added


_FRAME = re.compile(r'File "([^"]+)", line (\d{1,9})(?:, in (.+))?')
_PYTEST_FRAME = re.compile(r"((?:[A-Za-z]:)?[^:\s][^:]*\.py):(\d{1,9}):(?: (.+))?$")
_ERROR_LINE = re.compile(r"([A-Za-z_][\w.]*+)(?::\s*(.*))?$")
