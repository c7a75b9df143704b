"""Writing a file whole or not at all: beside its place first, flushed, then moved there."""

import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress

from tickety.core import errors


def write(path: str, pieces: Iterable[str]) -> None:
    """Put a text in place, readable as the user's umask says. What was there stays until the new one is whole.

    A pipe or a device is written to as it is. Usage when the path names no file; an OSError names it as it was given.
    """
    if not os.path.basename(path) or os.path.isdir(path):
        raise errors.Usage(f"{path!r} is not the name of a file", "name the file: --output tickets.json")
    if _is_door(path):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        return
    _replace(os.path.realpath(path), path, pieces)


def _replace(target: str, path: str, pieces: Iterable[str]) -> None:
    folder = os.open(os.path.dirname(target), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        write_at(folder, os.path.basename(target), pieces)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    finally:
        os.close(folder)


def _is_door(path: str) -> bool:
    """Whatever is there leads to somebody else: a pipe, a device, a place that only looks like a file."""
    leads_out = os.path.abspath(path).startswith(("/dev/", "/proc/"))
    return os.path.exists(path) and (leads_out or not stat.S_ISREG(os.stat(path).st_mode))


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
