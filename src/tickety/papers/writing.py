"""Writing a file whole or not at all: beside its place first, flushed, then moved there."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress


def write(path: str, pieces: Iterable[str]) -> None:
    """Put a text in place, readable as the user's umask says. What was there stays until the new one is whole."""
    folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        write_at(folder, os.path.basename(path), pieces)
    finally:
        os.close(folder)


def write_at(folder: int, name: str, pieces: Iterable[str]) -> None:
    """The same in an open folder, wherever its path leads by now."""
    fresh = f".{name}.{secrets.token_hex(4)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(fresh, flags, 0o666, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(fresh, dir_fd=folder)
        raise
