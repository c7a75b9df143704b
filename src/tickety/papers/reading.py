"""Reading what is to be imported. Nothing outside of what was named is read, whatever a link says."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tickety.core import errors
from tickety.core.exchange import paper

LIMIT = 64 * 1024 * 1024
_KNOWN = ("tasks", "tickets", ".claude-pm/tickets", ".beads")
_OTHER = ("deletions.jsonl", "interactions.jsonl", "metadata.json", "config.json")
"""What Beads keeps beside its issues."""


def read(source: str) -> Iterator[paper.Paper]:
    """The papers of a file, of a folder, or of standard input (``-``); NotFound when there is nothing of that name."""
    if source == "-":
        yield _read("standard input", sys.stdin.buffer)
        return
    path = Path(source)
    if path.is_dir():
        yield from _folder(path)
    elif path.exists():
        yield _file(path, source)
    else:
        raise errors.NotFound(f"there is no {source}", "name a file, a folder, or - for standard input")


def _folder(folder: Path) -> Iterator[paper.Paper]:
    """Of a project the folders that are known to hold tickets; of any other folder everything below it."""
    places = [folder / name for name in _KNOWN if (folder / name).is_dir() and not (folder / name).is_symlink()]
    for place in places or [folder]:
        for above, below, names in os.walk(place):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                path = Path(above, name)
                if path.suffix.lower() in paper.ACCEPTED and not (path.parent.name == ".beads" and name in _OTHER):
                    yield _inside(path, folder)


def _inside(path: Path, folder: Path) -> paper.Paper:
    place = str(path)
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return paper.Paper(place, fault="it is a link that leads out of the folder")
    return _file(path, place)


def _file(path: Path, place: str) -> paper.Paper:
    try:
        # Opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return paper.Paper(place, fault="it is no file")
            return _read(place, file)
    except OSError as error:
        return paper.Paper(place, fault=f"it cannot be read: {error.strerror}")


def _read(place: str, file: BinaryIO) -> paper.Paper:
    content = file.read(LIMIT + 1)
    if len(content) > LIMIT:
        return paper.Paper(place, fault=f"it is larger than {LIMIT // 1024 // 1024} MiB")
    if b"\x00" in content:
        return paper.Paper(place, fault="it is binary, not text")
    try:
        return paper.Paper(place, content.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return paper.Paper(place, fault=f"line {line} is not UTF-8")
