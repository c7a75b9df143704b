"""Reading a workflow from a file that somebody named."""

import os
import stat
from typing import BinaryIO

from tickety.core import errors
from tickety.core.spelling import source

_MOST = source.LIMIT * 4
"""So many bytes a text of the longest length may have."""


def read(path: str) -> str:
    """The words of the file; NotFound when there is none, Usage when it is no text or far too long."""
    try:
        return _content(path).decode()
    except FileNotFoundError:
        raise errors.NotFound(
            f"there is no file {path[:200]}", "give a file, a line of words, or - for standard input"
        ) from None
    except UnicodeDecodeError:
        raise errors.Usage(f"{path[:200]} is not UTF-8 text", "save it as UTF-8") from None


def _content(path: str) -> bytes:
    """The bytes of a plain file. A pipe or a device is never waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        is_plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
        content = _read(os.fdopen(os.dup(descriptor), "rb")) if is_plain else b""
    finally:
        os.close(descriptor)
    if not is_plain or len(content) > _MOST:
        raise errors.Usage(
            f"{path[:200]} is no file of at most {source.LIMIT:,} characters", "keep in it what a workflow says"
        )
    return content


def _read(file: BinaryIO) -> bytes:
    with file:
        return file.read(_MOST + 1)
