"""Reads error reports out of any text: a ticket's words, the output of a test run.

Known are Python's tracebacks (plain, chained, in groups, as unittest and pytest print them), its errors without
a traceback, the stack traces of Node and of browsers, and the panics and compiler errors of Rust. The text is
data from anywhere: every line is looked at once and every pattern is linear, so hostile text costs no more time
than honest text of its size.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Language = Literal["python", "javascript", "rust", ""]

MOST_FAULTS = 100
MOST_FRAMES = 100
LONGEST_LINE = 2_000
STACK_WITHIN = 30  # lines between a JavaScript error and its stack: test runners print the source in between

_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PYTHON_FRAME = re.compile(r'File "([^"]+)", line (\d{1,9})(?:, in (.+))?')
_PYTEST_FRAME = re.compile(r"((?:[A-Za-z]:)?[^:\s][^:]*\.py):(\d{1,9}):(?: (.+))?$")
# Possessive, and never started inside a word: both keep long words from being read more than once.
_ERROR = re.compile(r"(?<![\w.])([A-Za-z_][\w.]*+)(?: \[\w{1,60}\])?: (?=\S)")
_ERROR_LINE = re.compile(r"([A-Za-z_][\w.]*+)(?::\s*(.*))?$")
_ERROR_NAME = re.compile(r"(?:Error|Exception|Interrupt|Exit|Iteration|Failure)$")
_PHRASES = (
    ("ImportError", re.compile(r"cannot import name '[^']+' from ")),
    ("ModuleNotFoundError", re.compile(r"No module named '?[\w.]++")),
    ("AttributeError", re.compile(r"(?:module|type object) '[^']+' has no attribute '")),
    ("AttributeError", re.compile(r"'[^']+' object has no attribute '")),
)
_SCRIPT_LINE = re.compile(r"(\S+\.[cm]?[jt]sx?):(\d{1,9})$")
_RUST_ERROR = re.compile(r"error(\[E\d{1,9}\])?: (.+)")
_RUST_PLACE = re.compile(r"--> (\S+):(\d{1,9}):\d{1,9}$")
_PANIC_PLACE = re.compile(r"(\S+):(\d{1,9}):\d{1,9}:?$")


@dataclass(frozen=True, slots=True)
class Frame:
    """One place of a stack: a path as it was printed, a line counted from 1, the function if it was named."""

    path: str
    line: int
    function: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error as it was printed. The last frame is the deepest: where it happened. Language "" is unknown."""

    error: str
    message: str
    frames: tuple[Frame, ...] = ()
    language: Language = ""

    @property
    def deepest(self) -> Frame | None:
        """Where it happened, if the text says so."""
        return self.frames[-1] if self.frames else None


def read(text: str) -> tuple[Fault, ...]:
    """The faults in a text, the newest (last printed) first, each once, at most ``MOST_FAULTS``."""
    reader = _Reader()
    for line in _lines(text):
        reader.read(line)
    return tuple(_distinct(reader.drafts))


def _lines(text: str) -> Iterator[str]:
    for line in _ESCAPE.sub("", text).splitlines():
        yield line[:LONGEST_LINE].rstrip()


@dataclass(slots=True)
class _Draft:
    """A fault whose stack may still be coming."""

    error: str
    message: str
    frames: list[Frame]
    language: Language
    number: int  # of the line it was read from

    def finished(self) -> Fault:
        frames = self.frames[::-1] if self.language == "javascript" else self.frames
        return Fault(self.error, self.message, tuple(frames[-MOST_FRAMES:]), self.language)


@dataclass(slots=True)
class _Reader:
    """What has been read so far: finished drafts, and the pieces of the next one."""

    drafts: list[_Draft] = field(default_factory=list)
    number: int = 0
    frames: list[Frame] = field(default_factory=list)  # of a Python stack whose error is still to come
    column: int = 0  # where the last of them began: its error stands further left, source lines further right
    told: _Draft | None = None  # what pytest's E lines said; its deepest frame may follow
    was_told: bool = False  # the line before was one of pytest's E lines
    script: Frame | None = None  # Node names the place before the error
    rust: _Draft | None = None  # an error whose place, or a panic whose words, are on the next line

    def read(self, line: str) -> None:
        """Read the next line."""
        self.number += 1
        was_told, self.was_told = self.was_told, line == "E" or line.startswith("E  ")
        if self.was_told:
            self._read_told(" " + line[1:], first=not was_told)
        elif line:
            self._read_untold(line)

    def _read_told(self, line: str, *, first: bool) -> None:
        if first:
            self.told = None
        if self._read_python_frame(line) or self.told is not None:
            return
        words = line.strip()
        if match := _ERROR_LINE.match(words):
            self.told = self._add(match[1], match[2] or "", "python")
        elif words.startswith("assert "):
            self.told = self._add("AssertionError", words, "python")

    def _read_untold(self, line: str) -> None:
        if line.startswith(("___", "===")) or line.endswith("(most recent call last):"):
            self.frames, self.told = [], None
        elif not any(reader(line) for reader in (self._read_python_frame, self._read_pytest_frame, self._read_rust)):
            _ = self._read_stack(line) or self._read_error(line)

    def _read_python_frame(self, line: str) -> bool:
        match = _PYTHON_FRAME.search(line)
        if match is None:
            return False
        self.frames.append(Frame(match[1], int(match[2]), match[3] or ""))
        self.column = match.start()
        return True

    def _read_pytest_frame(self, line: str) -> bool:
        match = _PYTEST_FRAME.match(line)
        if match is None:
            return False
        words = match[3] or ""
        frame = Frame(match[1], int(match[2]), words[3:] if words.startswith("in ") else "")
        if frame.function or not words:
            self.frames.append(frame)
            self.column = 0
            return True
        error = _ERROR_LINE.match(words)
        return error is not None and self._read_ending(frame, error[1], error[2])

    def _read_ending(self, frame: Frame, error: str, message: str | None) -> bool:
        """``path:line: Error`` ends what the E lines told; ``path:line: Error: message`` tells all by itself."""
        if message and _ERROR_NAME.search(error):
            self.drafts.append(_Draft(error, message, [frame], "python", self.number))
        elif message is None:
            self._close_told(frame, error)
        return message is None or bool(_ERROR_NAME.search(error))

    def _close_told(self, frame: Frame, error: str) -> None:
        if self.told is not None and self.told.error.rpartition(".")[2] == error.rpartition(".")[2]:
            self.told.frames.append(frame)
        self.told, self.frames = None, []

    def _read_rust(self, line: str) -> bool:
        if place := _RUST_PLACE.search(line):
            if self.rust is not None and not self.rust.frames:
                self.rust.frames.append(Frame(place[1], int(place[2])))
                self.drafts.append(self.rust)
            self.rust = None
        elif self.rust is not None and self.rust.frames:
            self.drafts.append(self.rust)
            self.rust.message, self.rust = line.strip(), None
        elif error := _RUST_ERROR.match(line):
            self.rust = _Draft("error" + (error[1] or ""), error[2], [], "rust", self.number)
            return False  # other tools begin a line like this too
        elif line.startswith("warning"):
            self.rust = None
            return False
        else:
            return self._read_panic(line)
        return True

    def _read_panic(self, line: str) -> bool:
        before, found, words = line.partition(" panicked at ")
        if not found or "thread " not in before:
            return False
        message, _, place = words.rpartition("', ") if words.startswith("'") else ("", "", words)
        match = _PANIC_PLACE.match(place)
        if match is None:
            return False
        draft = _Draft("panic", message[1:], [Frame(match[1], int(match[2]))], "rust", self.number)
        if message:
            self.drafts.append(draft)
        else:
            self.rust = draft
        return True

    def _read_stack(self, line: str) -> bool:
        if match := _SCRIPT_LINE.match(line):
            self.script = Frame(match[1].removeprefix("file://"), int(match[2]))
            return True
        words = line.strip()
        draft = self.drafts[-1] if self.drafts else None
        if not words.startswith("at ") or draft is None or not self._may_own_stack(draft):
            return False
        frame = _javascript_frame(words[3:])
        if frame is None:
            return False
        if draft.language == "":
            draft.frames = [self.script] if self.script and self.script != _placed(frame) else []
            draft.language, self.script = "javascript", None
        draft.frames.append(frame)
        return True

    def _may_own_stack(self, draft: _Draft) -> bool:
        near = self.number - draft.number <= STACK_WITHIN + len(draft.frames)
        return near and (draft.language == "javascript" or not draft.frames)

    def _read_error(self, line: str) -> bool:
        found = self._error_ending_stack(line) or _error_within(line)
        if found is None:
            return False
        column, error, message, language = found
        if self.frames and column <= self.column:
            self._add(error, message, "python")
        else:
            self.drafts.append(_Draft(error, message, [], language, self.number))
        return True

    def _error_ending_stack(self, line: str) -> tuple[int, str, str, Language] | None:
        """A whole line left of its stack is the error, whatever its name is."""
        words = line.lstrip(" \t|+->")
        column = len(line) - len(words)
        match = _ERROR_LINE.match(words) if self.frames and column < self.column else None
        return (column, match[1], match[2] or "", "python") if match else None

    def _add(self, error: str, message: str, language: Language) -> _Draft:
        """A fault that the frames read so far belong to."""
        draft = _Draft(error, message, self.frames, language, self.number)
        self.frames = []
        self.drafts.append(draft)
        return draft


def _error_within(line: str) -> tuple[int, str, str, Language] | None:
    """The first error named anywhere in a line, or the first of Python's own sentences, with its column."""
    for match in _ERROR.finditer(line):
        if _ERROR_NAME.search(match[1]) and not _is_source(line[: match.start()].rstrip()):
            language: Language = "python" if _phrase(line[match.end() :]) else ""
            return match.start(), match[1], line[match.end() :].strip(), language
    if phrase := _phrase(line):
        return phrase[1], phrase[0], line[phrase[1] :].strip(), "python"
    return None


def _is_source(before: str) -> bool:
    """Source code that quotes or catches an error is no report of one."""
    return before.count('"') % 2 == 1 or before.endswith(("'", "except"))


def _phrase(line: str) -> tuple[str, int] | None:
    for error, pattern in _PHRASES:
        if match := pattern.search(line):
            return error, match.start()
    return None


def _javascript_frame(words: str) -> Frame | None:
    """``f (path:line:column)`` or ``path:line:column``."""
    function, _, place = words.removesuffix(")").rpartition(" (") if words.endswith(")") else ("", "", words)
    path, *numbers = place.removeprefix("async ").removeprefix("file://").rsplit(":", 2)
    if len(numbers) != len(("line", "column")) or not all(_is_number(number) for number in numbers):
        return None
    return Frame(path, int(numbers[0]), function)


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 10  # noqa: PLR2004 - beyond any line number


def _placed(frame: Frame) -> Frame:
    return Frame(frame.path, frame.line)


def _distinct(drafts: Iterable[_Draft]) -> list[Fault]:
    """The newest first; the same error at the same place once, and without a place only if it has none."""
    faults = dict.fromkeys(draft.finished() for draft in reversed(list(drafts)))
    placed: dict[tuple[str, str, str, int], Fault] = {}
    bare: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        if fault.deepest is None:
            bare.setdefault((fault.error, fault.message), fault)
        else:
            key = (fault.error, fault.message, fault.deepest.path, fault.deepest.line)
            placed[key] = max(placed.get(key, fault), fault, key=lambda each: len(each.frames))
    kept = [*placed.values(), *bare.values()]
    order = {fault: position for position, fault in enumerate(faults)}
    newest = sorted(kept, key=order.__getitem__)[:MOST_FAULTS]
    return [fault for fault in newest if fault.frames or not _is_told_elsewhere(fault, newest)]


def _is_told_elsewhere(bare: Fault, faults: Iterable[Fault]) -> bool:
    """Summaries repeat an error without its place, and may cut its words with three dots."""
    start = bare.message.removesuffix("...") if bare.message.endswith("...") else None
    return any(
        fault.frames
        and fault.error.rpartition(".")[2] == bare.error.rpartition(".")[2]
        and (fault.message == bare.message or (start is not None and fault.message.startswith(start)))
        for fault in faults
    )
