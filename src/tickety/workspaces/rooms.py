"""Where a place lies, and what is remembered of it outside of it, where its holder cannot reach.

<worktrees>/<key>/<name>/              the place itself: the folder an attempt works in
<worktrees>/<key>/.state/<name>.index  Tickety's own index of it: an agent's index is never believed
<worktrees>/<key>/.state/<name>.json   who holds it, whether it is set up, and which paths are never committed
<worktrees>/<key>/<name>.scratch/      the HOME and TMPDIR of what ran there, made by the desk
<worktrees>/<key>/<name>.set-up        what the place was set up with, noted by the desk

Where a name is wanted by several holders at a time, the second has ``<name>-2``, and so on.
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
    """Who holds the place (None: nobody), and paths from its top that are never committed; a folder's ends in a slash.

    ``left_out`` are kept for later holders; ``passing`` are what programs made for this holder, and go with it.
    ``start`` is the commit that the holder was given.
    """

    is_settled: bool = False
    left_out: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()
    holder: str | None = None
    start: str | None = None

    def begun_at(self, start: str) -> "Memory":
        """The same, with the commit that its holder was given."""
        return replace(self, start=start)

    def lent_to(self, holder: str | None) -> "Memory":
        """The same with another holder."""
        return replace(self, holder=holder)

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


def lend(worktrees: Path, key: str, name: str, holder: str) -> Room:
    """A room for a holder: theirs already, or the first that nobody holds. Others must not be lent one meanwhile."""
    room(worktrees, key, name)
    holders = {known.path.name: recall(known).holder for known in _known(worktrees, key)}
    names = (name, *(f"{name}-{number}" for number in range(2, len(holders) + 2)))
    own = (known for known, by in holders.items() if by == holder and is_one_of(known, name))
    chosen = room(worktrees, key, next(own, None) or next(free for free in names if holders.get(free) is None))
    # From now on the folders above the place are not empty, and nobody removes them.
    remember(chosen, recall(chosen).lent_to(holder))
    return chosen


def held(worktrees: Path, key: str, holder: str | None) -> list[Room]:
    """The rooms of a holder; those that nobody holds."""
    return [known for known in _known(worktrees, key) if recall(known).holder == holder]


def holders(worktrees: Path, key: str) -> tuple[str, ...]:
    """Who holds rooms of a key."""
    found = (recall(known).holder for known in _known(worktrees, key))
    return tuple(dict.fromkeys(holder for holder in found if holder))


def keys(worktrees: Path) -> tuple[str, ...]:
    """The keys that have rooms."""
    return tuple(sorted(state.parent.name for state in worktrees.glob("*/.state")))


def recall(of: Room) -> Memory:
    """What is remembered; nothing when there is no record that can be read."""
    try:
        kept = json.loads(of.record.read_text("ascii"))
        paths = (frozenset(kept["left_out"]), frozenset(kept.get("passing", ())))
        return Memory(bool(kept["settled"]), *paths, kept.get("holder"), kept.get("start"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def remember(of: Room, memory: Memory) -> None:
    """Write the record anew, at once or not at all."""
    paths = {"left_out": sorted(memory.left_out), "passing": sorted(memory.passing)}
    known = {"settled": memory.is_settled, "holder": memory.holder, "start": memory.start}
    folders.write_private(of.draft, json.dumps(known | paths))
    of.draft.replace(of.record)


def empty(of: Room) -> None:
    """Remove the place, and what lies beside it and is remembered of it; only who holds it stays."""
    # Told first what lasts: at no moment does the room look as if nobody held it.
    remember(of, Memory(holder=recall(of).holder))
    _strip(of)


def clear(of: Room) -> None:
    """Remove all of a room, and its key's folder if it was the last there."""
    _strip(of)
    for path in (of.draft, of.record):
        folders.remove(path)
    for folder in (of.record.parent, of.path.parent):
        with contextlib.suppress(OSError):  # another place is there
            folder.rmdir()


def _strip(of: Room) -> None:
    lock = of.index.with_name(f"{of.index.name}.lock")
    for path in (of.path, of.scratch, of.mark, of.index, lock):
        folders.remove(path)


def _known(worktrees: Path, key: str) -> list[Room]:
    """The rooms of a key that something is remembered of."""
    return [Room(worktrees / key / record.stem) for record in sorted((worktrees / key / ".state").glob("*.json"))]


def is_one_of(room_name: str, name: str) -> bool:
    """The room is the name's first, or a further one of it."""
    first, _, number = room_name.rpartition("-")
    return room_name == name or (first == name and number.isdecimal())
