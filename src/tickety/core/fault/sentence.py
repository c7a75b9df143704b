"""An error that a line names, whatever else stands in it."""

import re

from tickety.core.fault import draft

Named = tuple[int, str, str, draft.Language]
"""The column where it begins, the error, its message, and its language if the words tell it."""


def find(line: str) -> Named | None:
    """The first error named anywhere in a line, or the first of Python's own sentences."""
    for match in _ERROR.finditer(line):
        if is_error(match[1]) and not _is_source(line[: match.start()].rstrip()):
            language: draft.Language = "python" if _phrase(line[match.end() :]) else ""
            return match.start(), match[1], line[match.end() :].strip(), language
    if phrase := _phrase(line):
        return phrase[1], phrase[0], line[phrase[1] :].strip(), "python"
    return None


def is_error(name: str) -> bool:
    """Whether a name sounds like an error's."""
    return _ERROR_NAME.search(name) is not None


def _is_source(before: str) -> bool:
    """Source code that quotes or catches an error is no report of one."""
    return before.count('"') % 2 == 1 or before.endswith(("'", "except"))


def _phrase(line: str) -> tuple[str, int] | None:
    for error, pattern in _PHRASES:
        if match := pattern.search(line):
            return error, match.start()
    return None


# Possessive, and never started inside a word: both keep long words from being read more than once.
_ERROR = re.compile(r"(?<![\w.])([A-Za-z_][\w.]*+)(?: \[\w{1,60}\])?: (?=\S)")
_ERROR_NAME = re.compile(r"(?:Error|Exception|Interrupt|Exit|Iteration|Failure)$")
_PHRASES = (
    ("ImportError", re.compile(r"cannot import name '[^']+' from ")),
    ("ModuleNotFoundError", re.compile(r"No module named '?[\w.]++")),
    ("AttributeError", re.compile(r"(?:module|type object) '[^']+' has no attribute '")),
    ("AttributeError", re.compile(r"'[^']+' object has no attribute '")),
)
