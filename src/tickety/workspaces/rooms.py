"""Where a place lies, and what is remembered of it outside of it, where its holder cannot reach.

<worktrees>/<key>/<name>/              the place itself: the folder an attempt works in
<worktrees>/<key>/.state/<name>.index  Tickety's own index of it: an agent's index is never believed
<worktrees>/<key>/.state/<name>.json   whether it is set up, and which paths are never committed
<worktrees>/<key>/<name>.scratch/      the HOME and TMPDIR of what ran there, made by the desk
<worktrees>/<key>/<name>.set-up        what the place was set up with, noted by the desk
"""

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tickety.core import errors
from tickety.workspaces import folders

_LONGEST_NAME = 100  # bytes: file systems take 255, and git adds endings of its own


@dataclass(frozen=True, slots=True)
class Room:
    """The paths of one place."""

    path: Path

    @property
    def index(self) -> Path:
        """Tickety's own index file."""
        return self._state / f"{self.path.name}.index"

    @property
    def record(self) -> Path:
        """What is remembered of the place."""
        return self._state / f"{self.path.name}.json"

    @property
    def draft(self) -> Path:
        """The record while it is written."""
        return self._state / f"{self.path.name}.draft"

    @property
    def scratch(self) -> Path:
        """The folder of the holder's own beside the place."""
        return self.path.with_name(f"{self.path.name}.scratch")

    @property
    def mark(self) -> Path:
        """The desk's note on the set-up."""
        return self.path.with_name(f"{self.path.name}.set-up")

    @property
    def _state(self) -> Path:
        return self.path.parent / ".state"


@dataclass(frozen=True, slots=True)
class Memory:
    """Paths from the place's top that are never committed; a folder's ends in a slash.

    ``left_out`` are kept for later holders; ``passing`` are what programs made for this holder, and go with it.
    """

    is_settled: bool = False
    left_out: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()

    def settled(self, paths: Iterable[str]) -> "Memory":
        """The same after a set-up that made these paths."""
        return replace(self, is_settled=True, left_out=self.left_out | set(paths))

    def furnished(self, paths: Iterable[str]) -> "Memory":
        """The same with more paths, of files or links."""
        return replace(self, left_out=self.left_out | set(paths))

    def disregarding(self, paths: Iterable[str]) -> "Memory":
        """The same after a program made these paths for the holder."""
        return replace(self, passing=self.passing | set(paths))

    def handed_on(self) -> "Memory":
        """The same for the next holder."""
        return replace(self, passing=frozenset())

    def keeps(self, path: str) -> bool:
        """The path, or a folder above it, stays for later holders."""
        return _covers(self.left_out, path)

    def leaves_out(self, path: str) -> bool:
        """The path, or a folder above it, is never committed."""
        return _covers(self.left_out | self.passing, path)


def _covers(paths: frozenset[str], path: str) -> bool:
    parts = path.rstrip("/").split("/")
    above = {"/".join(parts[:n]) + "/" for n in range(1, len(parts))}
    return path in paths or not above.isdisjoint(paths)


def room(worktrees: Path, key: str, name: str) -> Room:
    """The room of a key and a name; Refused when one of them cannot name a folder."""
    for word in (key, name):
        if not word or word.startswith(".") or "/" in word or "\0" in word or len(word.encode()) > _LONGEST_NAME:
            raise errors.Refused(
                f"{word!r} cannot name a worktree", hint="Use a shorter name without slashes or a leading dot."
            )
    return Room(worktrees / key / name)


def recall(of: Room) -> Memory:
    """What is remembered; nothing when there is no record that can be read."""
    try:
        kept = json.loads(of.record.read_text("ascii"))
        return Memory(bool(kept["settled"]), frozenset(kept["left_out"]), frozenset(kept.get("passing", ())))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def remember(of: Room, memory: Memory) -> None:
    """Write the record anew, at once or not at all."""
    paths = {"left_out": sorted(memory.left_out), "passing": sorted(memory.passing)}
    folders.write_private(of.draft, json.dumps({"settled": memory.is_settled} | paths))
    of.draft.replace(of.record)


def clear(of: Room) -> None:
    """Remove the place, what lies beside it and is remembered of it, and its key's folder if it was the last there."""
    lock = of.index.with_name(f"{of.index.name}.lock")
    for path in (of.path, of.scratch, of.mark, of.index, lock, of.draft, of.record):
        folders.remove(path)
    for folder in (of.record.parent, of.path.parent):
        with contextlib.suppress(OSError):  # another place is there
            folder.rmdir()
