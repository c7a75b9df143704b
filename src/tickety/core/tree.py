"""A tree of files as the rules see it: names, and the text behind a name."""

from collections.abc import Set as AbstractSet
from typing import Protocol


class Tree(Protocol):
    """The files of one commit. Paths are relative, with forward slashes."""

    @property
    def paths(self) -> AbstractSet[str]:
        """Every file's path."""

    def text(self, path: str) -> str | None:
        """The file's text; None when it is absent, larger than a mebibyte, or not UTF-8."""
