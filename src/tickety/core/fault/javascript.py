"""Stacks of Node and of browsers: they follow the error that another reader found."""

import re
from dataclasses import dataclass

from tickety.core.fault import draft

STACK_WITHIN = 30  # lines between an error and its stack: test runners print the source in between


@dataclass(slots=True)
class Reader:
    """Gives the last error its stack."""

    page: draft.Page
    script: draft.Frame | None = None  # Node names the place before the error

    def read(self, line: str) -> bool:
        """``at f (path:1:2)`` near an error, or the place of a syntax error before it."""
        if match := _SCRIPT_LINE.match(line):
            self.script = draft.Frame(match[1].removeprefix("file://"), int(match[2]))
            return True
        words = line.strip()
        last = self.page.drafts[-1] if self.page.drafts else None
        if not words.startswith("at ") or last is None or not self._may_own_stack(last):
            return False
        frame = _frame(words[3:])
        if frame is None:
            return False
        if last.language == "":
            placed = draft.Frame(frame.path, frame.line)
            last.frames = [self.script] if self.script and self.script != placed else []
            last.language, self.script = "javascript", None
        last.frames.append(frame)
        return True

    def _may_own_stack(self, last: draft.Draft) -> bool:
        near = self.page.number - last.number <= STACK_WITHIN + len(last.frames)
        return near and (last.language == "javascript" or not last.frames)


def _frame(words: str) -> draft.Frame | None:
    """``f (path:line:column)`` or ``path:line:column``."""
    function, _, place = words.removesuffix(")").rpartition(" (") if words.endswith(")") else ("", "", words)
    path, *numbers = place.removeprefix("async ").removeprefix("file://").rsplit(":", 2)
    if len(numbers) != len(("line", "column")) or not all(_is_number(number) for number in numbers):
        return None
    return draft.Frame(path, int(numbers[0]), function)


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 10  # noqa: PLR2004 - beyond any line number


_SCRIPT_LINE = re.compile(r"(\S+\.[cm]?[jt]sx?):(\d{1,9})$")
