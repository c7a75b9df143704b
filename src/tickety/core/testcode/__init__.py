"""Test code: which files hold tests, and what is in them. Names and markers are read, nothing is run.

Each language is read by a module of its own, or by the patterns that several share.
"""

import re
from collections.abc import Callable

from tickety.core import change, record
from tickety.core.testcode import contents, patterns, python


def holds_tests(entry: change.Change) -> bool:
    """A test file by its name, anything in a folder of tests, or a file that has tests beside its code."""
    language = _language(entry.path)
    if language and language.named.fullmatch(entry.path):
        return True
    if any(part in _TEST_FOLDERS for part in entry.path.split("/")[:-1]):
        return True
    return language is not None and language.is_anywhere and any(side.tests for side in read(entry))


def is_test(path: str) -> bool:
    """Whether a test runner looks for tests in a file of this name."""
    language = _language(path)
    return language is not None and (language.is_anywhere or language.named.fullmatch(path) is not None)


def read(entry: change.Change) -> tuple[contents.Contents, contents.Contents]:
    """What the two texts of a file hold, both read in the same way: roughly, when one of them cannot be parsed."""
    language = _language(entry.path)
    if language is None:
        return contents.Contents(), contents.Contents()
    old, new = language.read(entry.old or ""), language.read(entry.new or "")
    if old is None or new is None:
        return language.read_roughly(entry.old or ""), language.read_roughly(entry.new or "")
    return old, new


@record.record(frozen=True, slots=True)
class _Language:
    """``named`` is what a runner takes for a test file; ``is_anywhere`` when tests stand beside the code, too."""

    suffixes: tuple[str, ...]
    named: re.Pattern[str]
    read: Callable[[str], contents.Contents | None]
    read_roughly: Callable[[str], contents.Contents] = lambda _: contents.Contents()
    is_anywhere: bool = False


def _language(path: str) -> _Language | None:
    return next((language for language in _LANGUAGES if path.endswith(language.suffixes)), None)


_TEST_FOLDERS = {"test", "tests", "testing", "__tests__", "spec", "specs", "testdata"}
_LANGUAGES = (
    _Language((".py",), re.compile(r"(?:.*/)?(?:test[^/]*|[^/]*_tests?)\.py"), python.read, python.read_roughly),
    _Language(
        (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"),
        re.compile(r"(?:.*/)?[^/]+[.-](?:test|spec)\.\w+|(?:.*/)?(?:__tests__|tests?|spec)/.*"),
        patterns.read_javascript,
    ),
    _Language((".rs",), re.compile(r"(?:.*/)?tests/.*"), patterns.read_rust, is_anywhere=True),
    _Language((".go",), re.compile(r".*_test\.go"), patterns.read_go),
)
