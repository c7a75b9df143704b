"""Reading a workflow from a file that somebody named."""

import os
import stat

from tickety.core import errors
from tickety.core.spelling import source


def read(path: str) -> str:
    """The words of the file; NotFound when there is none, Usage when it is no text or far too long.

    A pipe or a device is never waited for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise errors.NotFound(
            f"there is no file {path[:200]}", "give a file, a line of words, or - for standard input"
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        is_plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
        content = file.read(source.LIMIT * 4 + 1) if is_plain else b""
    if not is_plain or len(content) > source.LIMIT * 4:
        raise errors.Usage(
            f"{path[:200]} is no file of at most {source.LIMIT:,} characters", "keep in it what a workflow says"
        )
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise errors.Usage(f"{path[:200]} is not UTF-8 text", "save it as UTF-8") from None
