"""A program's output on disk: its beginning and its end, whatever came in between cut out."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

_HEAD = 64 * 1024  # bytes of the beginning that are kept
_LONGEST_LINE = 4 * 1024  # bytes: as far as the cut is moved to begin with a whole line


class Transcript:
    """A private file that can be followed while it grows: twice ``limit`` bytes at most, ``limit`` at the end."""

    def __init__(self, path: Path, limit: int) -> None:
        # Made anew, so that a link left at its place is not followed.
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w+b", buffering=0)
        self._limit = limit
        self._head = min(_HEAD, limit // 8)
        self._size = 0
        self._cut = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()

    def write(self, data: bytes) -> None:
        """Add to the end."""
        self._file.write(data)
        self._size += len(data)
        if self._size > 2 * self._limit:
            self._keep_end(self._limit - self._head)

    def close(self) -> None:
        """Bring the file within its limit, with a line that says what was cut, and onto the disk."""
        try:
            if self._cut or self._size > self._limit:
                self._shorten()
            os.fsync(self._file)
        finally:
            self._file.close()

    def _shorten(self) -> None:
        room = self._limit - self._head
        tail = self._read_end(room - len(self._notice(self._cut + self._size)))
        line, end, rest = tail.partition(b"\n")
        if end and len(line) < _LONGEST_LINE:
            tail = rest
        self._replace_end(self._notice(self._cut + self._size - self._head - len(tail)) + tail)

    def _notice(self, cut: int) -> bytes:
        return f"\n[{cut} bytes of output were cut out here]\n".encode()

    def _keep_end(self, size: int) -> None:
        tail = self._read_end(size)
        self._cut += self._size - self._head - len(tail)
        self._replace_end(tail)

    def _read_end(self, size: int) -> bytes:
        size = max(0, min(size, self._size - self._head))
        return os.pread(self._file.fileno(), size, self._size - size)

    def _replace_end(self, tail: bytes) -> None:
        self._file.seek(self._head)
        self._file.write(tail)
        self._file.truncate()
        self._size = self._head + len(tail)
