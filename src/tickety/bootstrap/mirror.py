"""The mirror of a project that asks for one: it follows within every command that changes tickets."""

import os
import sys
from collections.abc import Callable

from tickety import places, store
from tickety.core import errors

Follow = Callable[[int], None]
"""Called after a change, with the number of its event."""


def follower(found: places.Places, kept: store.Store) -> Follow:
    """What keeps the mirror; nothing to do where ``tickety.toml`` asks for none."""
    try:
        folder = _wanted(found)
    except errors.Usage as error:
        _complain(error.message)
        folder = None
    return (lambda _seq: None) if folder is None else _follow(found, kept, folder)


def _follow(found: places.Places, kept: store.Store, folder: str) -> Follow:
    from tickety.desk import mirror
    from tickety.papers import mirror_folder

    record = os.path.join(os.path.dirname(found.store), "mirror.json")
    target = mirror_folder.MirrorFolder(_checkout(found) or "", folder, record)
    shown = 0

    def follow(seq: int) -> None:
        nonlocal shown
        if seq <= shown:
            return
        try:
            shown = mirror.follow(kept, target)
        except OSError as error:
            # What was acknowledged is in the store; the next command writes what is missing here.
            shown = seq
            _complain(f"the mirror {folder} does not follow: {error.strerror}")

    return follow


def _complain(sentence: str) -> None:
    """Say it, and go on: the change itself was made."""
    sys.stderr.write(f"tickety: {sentence}\n")


def _wanted(found: places.Places) -> str | None:
    checkout = _checkout(found)
    text = _text(os.path.join(checkout, "tickety.toml")) if checkout else ""
    if "mirror" not in text:
        return None
    from tickety import config

    return config.mirror(text)


def _checkout(found: places.Places) -> str | None:
    """The main checkout: the mirror is not in every worktree."""
    is_bare = os.path.basename(found.common) != ".git"
    return None if is_bare else os.path.dirname(found.common)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(64 * 1024)
    except (OSError, UnicodeDecodeError):
        return ""
