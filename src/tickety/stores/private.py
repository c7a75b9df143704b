"""Small files of the user's own, in folders of the user's own: whole or not at all, and for nobody else to read."""

import os
from contextlib import suppress


def write(path: str, words: str) -> None:
    """Put a text in place (0600), making its folders (0700)."""
    _make_private(os.path.dirname(path))
    fresh = f"{path}.{os.getpid()}"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _make_private(folder: str) -> None:
    """Make the folder and those above it; ``os.makedirs`` would leave those above to the umask."""
    if not os.path.isdir(folder):
        _make_private(os.path.dirname(folder))
        with suppress(FileExistsError):
            os.mkdir(folder, mode=0o700)
