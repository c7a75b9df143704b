"""Folders of Tickety's own: made private, taken down whatever was done to them."""

import contextlib
import errno
import os
import shutil
from pathlib import Path

PRIVATE_FILE = 0o600
_PRIVATE = 0o700
_TRIES = 5


def make_private(folder: Path) -> None:
    """Make a folder, and the ones above it, that only this user may look into."""
    try:
        folder.mkdir(mode=_PRIVATE, exist_ok=True)
    except FileNotFoundError:
        make_private(folder.parent)
        folder.mkdir(mode=_PRIVATE, exist_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a private file of ASCII text in a private folder."""
    for _ in range(_TRIES):
        # Whoever cleans up beside us may remove the folder as empty before our file is in it.
        with contextlib.suppress(FileNotFoundError):
            make_private(file.parent)
            _write(file, text)
            return
    raise FileNotFoundError(errno.ENOENT, "its folder is removed again and again", str(file))


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        os.fchmod(descriptor, PRIVATE_FILE)
        opened.write(text)


def remove(path: Path) -> None:
    """Remove whatever is at ``path``: nothing, a file, a link (never what it points to), a folder."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except PermissionError:
        unlock(path)
        shutil.rmtree(path)


def unlock(folder: Path) -> None:
    """Give this user back every right on a folder and the folders in it. Links are not followed."""
    if folder.is_symlink() or not folder.is_dir():
        return
    folder.chmod(_PRIVATE)
    for above, names, _ in os.walk(folder):
        for name in names:
            path = Path(above, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | _PRIVATE)


def remove_if_empty(folder: Path) -> None:
    """Remove a folder and the empty folders in it, as far as they are empty. Links are not followed."""
    for above, _, _ in os.walk(folder, topdown=False):
        with contextlib.suppress(OSError):
            Path(above).rmdir()
