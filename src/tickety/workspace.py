"""The workspace port: where attempts work, and how what they did becomes a commit.

The user's checkout is never touched. A place is a git worktree of Tickety's own, detached; only Tickety
commits, and it moves a ticket's branch by compare-and-swap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tickety.core import change, tree


@dataclass(frozen=True, slots=True)
class Head:
    """Where the user's checkout stands. ``branch`` is None when detached."""

    commit: str
    branch: str | None
    is_dirty: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A worktree that one holder works in.

    ``start`` is the commit it was made from or moved to. ``is_settled``: it was set up for an earlier holder, and
    what that made is still there.
    """

    path: Path
    gitdir: Path
    start: str
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One line found in a tree."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Past:
    """One commit of the past."""

    commit: str
    date: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two commits that cannot be joined: the files, by path, in which one contradicts the other."""

    paths: tuple[str, ...]


class Workspaces(Protocol):
    """The repository, seen from the desk."""

    def head(self) -> Head:
        """Where the user stands; refuses when there is no commit yet."""

    def tree_at(self, commit: str) -> tree.Tree:
        """The files of a commit, read from the object database, never from a checkout."""

    def tree_id(self, commit: str) -> str:
        """The id of a commit's tree."""

    def branch_head(self, branch: str) -> str | None:
        """The commit a branch points to; None when there is no such branch."""

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits; None when they have none."""

    def create_branch(self, branch: str, commit: str) -> None:
        """Make a branch; refuses when it is there already."""

    def checked_out_at(self, branch: str) -> Path | None:
        """The worktree of the user's in which a branch is checked out."""

    def take(self, key: str, name: str, commit: str, holder: str) -> Place:
        """A clean worktree at ``commit``, which the holder has alone until it is handed back or retired.

        It is the holder's own of that key and name, or one that was handed back (ignored files kept), or a new one.
        """

    def held(self, key: str, name: str, holder: str) -> Place | None:
        """The worktree that the holder took and still has, as they left it; None when they have none."""

    def hand_back(self, key: str, holder: str) -> None:
        """Let a holder's worktrees be handed on: they are done, and nothing of theirs runs any more."""

    def retire(self, key: str, holder: str) -> None:
        """Remove the worktrees of a holder who is gone and did not hand them back, with all that lies beside them.

        Not while the holder may still live: whoever comes next may be given a worktree at the same path.
        """

    def keys(self) -> tuple[str, ...]:
        """The keys of which there are worktrees."""

    def holders(self, key: str) -> tuple[str, ...]:
        """Who has worktrees of a key."""

    def clear(self, key: str) -> None:
        """Remove the worktrees of a key that were handed back: nobody needs them any more."""

    def furnish(self, place: Place, copy: Sequence[str], share: Sequence[str]) -> None:
        """Copy files, and link folders, of the user's checkout into a place; they are never committed."""

    def settle(self, place: Place) -> None:
        """After set-up: restore tracked files that it changed, and leave what it made out of every later snapshot."""

    def disregard(self, place: Place) -> None:
        """After a program that ran for the holder: leave what is untracked now out of every later snapshot of theirs.

        Tracked files stay as they are, and so does what a snapshot held already: take one before the program runs.
        The next holder finds none of what was left out.
        """

    def snapshot(self, place: Place) -> str:
        """The id of the tree that the place's files make now, without ignored files and caches."""

    def commit(self, place: Place, tree_id: str, message: str) -> str:
        """Make a durable commit of a snapshot on top of the place's start; no branch moves."""

    def join(self, ours: str, onto: str, message: str) -> str | Conflict:
        """Join a commit with a newer head that grew beside it: a durable commit of both; no branch moves.

        It is one of the two where that one holds the other already. Refused when they have no commit in common.
        """

    def move_branch(self, branch: str, new: str, old: str) -> None:
        """Move a branch from ``old`` to ``new``; refuses when it is elsewhere by now."""

    def keep(self, ref: str, commit: str) -> None:
        """Keep a commit that was not accepted under ``refs/tickety/<ref>``, so that nothing is lost."""

    def kept(self, ref: str) -> str | None:
        """The commit that ``keep`` put under ``refs/tickety/<ref>``; None when there is none."""

    def commits(self, old: str, new: str) -> tuple[Past, ...]:
        """The commits that ``new`` has and ``old`` has not, newest first; at most 50."""

    def changes(self, old: str, new: str) -> tuple[change.Change, ...]:
        """What differs between two commits or trees."""

    def diff(self, old: str, new: str) -> str:
        """The same as a patch for people."""

    def grep(self, commit: str, pattern: str) -> tuple[Hit, ...]:
        """Lines of a commit's text files that match an extended regular expression; at most 200."""

    def pickaxe(self, commit: str, text: str) -> tuple[Past, ...]:
        """The newest five commits, seen from ``commit``, that changed how often ``text`` occurs."""
