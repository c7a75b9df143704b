"""Reads error reports out of any text: a ticket's words, the output of a test run.

Known are Python's tracebacks (plain, chained, in groups, as unittest and pytest print them), its errors without
a traceback, the stack traces of Node and of browsers, and the panics and compiler errors of Rust. The text is
data from anywhere: every line is looked at once and every pattern is linear, so hostile text costs no more time
than honest text of its size.
"""

import re
from collections.abc import Iterable, Iterator

from tickety.core.fault import draft, javascript, python, rust
from tickety.core.fault.draft import MOST_FRAMES, Fault, Frame, Language

__all__ = ["LONGEST_LINE", "MOST_FAULTS", "MOST_FRAMES", "Fault", "Frame", "Language", "read"]

MOST_FAULTS = 100
LONGEST_LINE = 2_000

_ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read(text: str) -> tuple[Fault, ...]:
    """The faults in a text, the newest (last printed) first, each once, at most ``MOST_FAULTS``."""
    page = draft.Page()
    in_python, in_rust, in_script = python.Reader(page), rust.Reader(page), javascript.Reader(page)
    # The first that knows a line has it; an error that is only named comes last.
    readers = (
        in_python.read_heading,
        in_python.read_frame,
        in_python.read_pytest_frame,
        in_rust.read,
        in_script.read,
        in_python.read_error,
    )
    for line in _lines(text):
        page.number += 1
        if not in_python.read_told(line) and line:
            any(reader(line) for reader in readers)
    return tuple(_distinct(page.drafts))


def _lines(text: str) -> Iterator[str]:
    for line in _ESCAPE.sub("", text).splitlines():
        yield line[:LONGEST_LINE].rstrip()


def _distinct(drafts: Iterable[draft.Draft]) -> list[Fault]:
    """The newest first; the same error at the same place once, and without a place only if it has none."""
    faults = dict.fromkeys(each.finished() for each in reversed(list(drafts)))
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
