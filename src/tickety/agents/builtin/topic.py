"""What a ticket is about: which of the faults that are shown are its own, and which only happen to be there too.

Exact words are a missing name or the name of a failing test. An error's kind, a file or an option that breaks say
less: they count only while nothing says more exactly what is meant.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tickety import agent
from tickety.agents.builtin import definitions, mend, missing, project, reading
from tickety.core import fault, receipt

_ERROR = re.compile(r"\b\w*(?:[a-z]Error|[a-z]Exception)\b")
_BREAKS = re.compile(
    r"\b(?:errors?|exceptions?|traceback|crash(?:es|ed|ing)?|broken|breaks?|raises?|throws?|throwing|raising"
    r"|(?:fails?|failed|failing)\b(?! to\b)|(?:does not|doesn'?t) (?:work|start|run))\b|\w(?:Error|Exception)\b",
    re.IGNORECASE,
)
_AS_CODE = re.compile(r"[a-z][A-Z]|[._]")
_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{3,}")
_SAYS_NOTHING = frozenset(("test", "tests", "the", "and", "are", "was", "not", "with", "for", "that", "has", "does"))
_NO_KIND = frozenset(("Error", "Exception"))
_FEWEST_WORDS = 2  # of a test's name that tell what it is about
_STEM = 4  # letters in which "export" and "exporting" agree


@dataclass(frozen=True, slots=True)
class Topic:
    """The ticket's words, and the names that error reports in them miss.

    ``passes``: the ticket's own reproduction passed before any change, so that a fault shown elsewhere must be
    named exactly.
    """

    words: str
    told: frozenset[str]
    passes: bool

    def speaks_of(self, found: fault.Fault, files: project.Project) -> bool:
        """Whether the words are about this fault."""
        wanted = missing.read(found)
        if self.told:
            return wanted is not None and wanted.name in self.told
        tests = tuple(_tests(found, files))
        is_exact = (wanted is not None and _names(self.words, wanted.name)) or any(
            _holds(self.words, test.name) for test in tests
        )
        return is_exact or (not self.passes and (self._names_kind(found) or self._tells(found, files, tests)))

    def _names_kind(self, found: fault.Fault) -> bool:
        kind = found.error.rpartition(".")[2]
        kinds = {kind, "ImportError"} if kind == "ModuleNotFoundError" else {kind} - _NO_KIND
        return any(_holds(self.words.casefold(), each.casefold()) for each in kinds)

    def _tells(self, found: fault.Fault, files: project.Project, tests: tuple["_Test", ...]) -> bool:
        """Whether the words tell that what is shown to break does: the file, what a test is about, its option."""
        if not _BREAKS.search(self.words) or _ERROR.search(self.words):
            return False
        place = mend.place(files, found)
        options = {match[0] for match in _OPTION.finditer(self.words)}
        return (
            (place is not None and _names_file(self.words, place[0]))
            or any(_is_about(self.words, test.name) for test in tests)
            or any(_holds(test.body, option) for test in tests for option in options)
        )


def read(assignment: agent.Assignment) -> Topic:
    """What the assignment's ticket is about."""
    words = reading.words(assignment.ticket)
    told = (missing.read(found) for found in fault.read(words))
    reproductions = [
        each.receipt
        for each in assignment.evidence
        if (each.receipt.purpose, each.receipt.phase) == (receipt.Purpose.REPRODUCTION, receipt.Phase.BEFORE)
    ]
    passes = any(entry.is_green for entry in reproductions)
    return Topic(words, frozenset(wanted.name for wanted in told if wanted), passes)


def names_error(words: str) -> bool:
    """Whether the words report an error, or name the kind of one."""
    return bool(_ERROR.search(words) or fault.read(words))


@dataclass(frozen=True, slots=True)
class _Test:
    name: str
    body: str


def _tests(found: fault.Fault, files: project.Project) -> Iterator[_Test]:
    """The tests through which a fault's stack goes."""
    for frame in found.frames:
        path = files.locate(frame.path)
        text = files.text(path) if path and project.is_test(path) else None
        if text:
            yield from (test for test, lines in _tests_in(text) if frame.line in lines)


def _tests_in(text: str) -> Iterator[tuple[_Test, range]]:
    """The tests of a file, each with its lines."""
    script, lines = definitions.parse(text), text.splitlines()
    for node in ast.walk(script) if script else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            last = node.end_lineno or node.lineno
            yield _Test(node.name, "\n".join(lines[node.lineno - 1 : last])), range(node.lineno, last + 1)


def _names(words: str, name: str) -> bool:
    """Whether a name stands there as one: a plain word only where it is marked as code, or said to be a name."""
    if _AS_CODE.search(name):
        return _holds(words, name)
    plain = re.escape(name)
    said = r"(?:import|imports|importing|module|package|attribute|function|class|method|name)\s(?:named\s)?"
    marked = rf"[`'\"]{plain}(?:\(\))?[`'\"]|\w\.{plain}(?!\w)|(?<!\w){plain}\("
    return bool(re.search(rf"{marked}|\b{said}{plain}(?!\w)|(?<!\w){plain}\s(?:module|package|attribute)\b", words))


def _names_file(words: str, path: str) -> bool:
    """By its path, or by its own name where that says which."""
    name = path.rpartition("/")[2]
    return _holds(words, path) or (not name.startswith("__") and _holds(words, name))


def _is_about(words: str, test: str) -> bool:
    """Whether every telling word of a test's name occurs."""
    telling = {word[:_STEM] for word in _WORD.findall(test.casefold()) if word not in _SAYS_NOTHING}
    said = {word[:_STEM] for word in _WORD.findall(words.casefold())}
    return len(telling) >= _FEWEST_WORDS and telling <= said


def _holds(text: str, part: str) -> bool:
    """Whether it occurs as a whole word."""
    return bool(re.search(rf"(?<![\w-]){re.escape(part)}(?![\w-])", text))
