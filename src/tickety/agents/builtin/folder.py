"""A worktree's files as text: read and written only where no link leads out, in the encoding that they have."""

import io
import os
import tokenize
from collections.abc import Set as AbstractSet
from pathlib import Path

LARGEST = 1024 * 1024  # bytes; a larger file is data, not something a person wrote
_SECOND = 1_000_000_000  # nanoseconds


class Folder:
    """The tracked files of a place, as ``tree.Tree`` sees files. What is written can be taken back."""

    def __init__(self, root: Path, paths: AbstractSet[str]) -> None:
        self._root = root.resolve()
        self._paths = frozenset(paths)

    @property
    def paths(self) -> AbstractSet[str]:
        return self._paths

    def text(self, path: str) -> str | None:
        """The file's text, its line ends as they are; None when it is absent, too large, linked, or no text."""
        content = self.content(path)
        try:
            return None if content is None else content.decode(_encoding(content))
        except (SyntaxError, UnicodeError, LookupError):
            return None

    def content(self, path: str) -> bytes | None:
        """The file's bytes; None when it is absent, too large, or not a file of this place itself."""
        file = self._root / path
        try:
            is_own = path in self._paths and file.resolve() == file and file.is_file()
            return file.read_bytes() if is_own and file.stat().st_size <= LARGEST else None
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            return None

    def write(self, path: str, text: str) -> None:
        """Give a file another text. UnicodeEncodeError when its encoding cannot hold it, OSError as it comes."""
        content = self.content(path)
        if content is None:
            raise FileNotFoundError(path)
        self.restore(path, text.encode(_encoding(content)))

    def restore(self, path: str, content: bytes) -> None:
        """Give a file these bytes. Nothing happens when it has them, or is not a file of this place itself."""
        old = self.content(path)
        if old is None or old == content:
            return
        file = self._root / path
        before = file.stat().st_mtime_ns
        file.write_bytes(content)
        _make_younger(file, before)


def _encoding(content: bytes) -> str:
    """The encoding that the first two lines declare, UTF-8 without one; a byte order mark is kept out of the text."""
    return tokenize.detect_encoding(io.BytesIO(content).readline)[0]


def _make_younger(file: Path, before: int) -> None:
    """Python trusts its compiled file by size and whole seconds: a second change within one would go unseen."""
    now = file.stat().st_mtime_ns
    if now // _SECOND <= before // _SECOND:
        os.utime(file, ns=(now, before + _SECOND))
