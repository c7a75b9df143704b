"""A tree of files as the rules see it: names, and the text behind a name."""

import re
from collections.abc import Set as AbstractSet
from typing import Protocol


class Tree(Protocol):
    """The files of one commit. Paths are relative, with forward slashes."""

    @property
    def paths(self) -> AbstractSet[str]:
        """Every file's path."""

    def text(self, path: str) -> str | None:
        """The file's text; None when it is absent, larger than a mebibyte, or not UTF-8."""


def is_own(path: str) -> bool:
    """Whether a file is the project's own work: not vendored, generated, hidden, nor an example or document."""
    return not any(part in _NOT_OWN or part.startswith(".") for part in path.split("/"))


def test_modules(files: Tree) -> tuple[str, ...]:
    """The Python files that pytest or unittest would take for tests by their names, sorted."""
    return tuple(sorted(path for path in files.paths if _TEST_MODULE.fullmatch(path) and is_own(path)))


_TEST_MODULE = re.compile(r"(?:\w[\w.-]*/)*(?:test\w*|\w+_test)\.py")
_NOT_OWN = frozenset(
    (
        "build",
        "dist",
        "doc",
        "docs",
        "examples",
        "node_modules",
        "site-packages",
        "target",
        "third_party",
        "vendor",
        "_vendor",
    )
)
