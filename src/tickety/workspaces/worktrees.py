"""Workspaces on git worktrees: the port, told with the modules beside this one."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tickety import workspace
from tickety.core import change, errors, tree
from tickety.workspaces import branches, commits, files, folders, furnish, git, history, registry, rooms


class GitWorkspaces:
    """The repository of ``common_dir``, with places below ``worktrees``; ``checkout`` is None when it is bare."""

    def __init__(self, common_dir: Path, checkout: Path | None, worktrees: Path) -> None:
        # Resolved, as git records them: a place is known by its path.
        self._repository = git.Repository(common_dir.resolve())
        self._checkout = checkout.resolve() if checkout else None
        self._worktrees = worktrees.resolve()

    def head(self) -> workspace.Head:
        return branches.head(self._repository, self._checkout)

    def tree_at(self, commit: str) -> tree.Tree:
        return history.tree_at(self._repository, commit)

    def tree_id(self, commit: str) -> str:
        return history.resolve(self._repository, commit, "tree")

    def branch_head(self, branch: str) -> str | None:
        return branches.branch_head(self._repository, branch)

    def merge_base(self, one: str, other: str) -> str | None:
        return history.merge_base(self._repository, one, other)

    def create_branch(self, branch: str, commit: str) -> None:
        branches.create(self._repository, branch, history.resolve(self._repository, commit))

    def checked_out_at(self, branch: str) -> Path | None:
        return branches.checked_out_at(self._repository, self._checkout, self._worktrees, branch)

    def take(self, key: str, name: str, commit: str, holder: str) -> workspace.Place:
        start = history.resolve(self._repository, commit)
        with _told_plainly():
            with self._repository.alone():
                room = rooms.lend(self._worktrees, key, name, holder)
            place = self._handed_on(room, start) or self._made(room, start)
            rooms.remember(room, rooms.recall(room).begun_at(start))
            return place

    def held(self, key: str, name: str, holder: str) -> workspace.Place | None:
        own = (room for room in rooms.held(self._worktrees, key, holder) if rooms.is_one_of(room.path.name, name))
        room = next(own, None)
        known = rooms.recall(room) if room else None
        entry = registry.find(self._repository, room.path) if room else None
        if not (room and known and known.start and entry and room.path.is_dir() and not room.path.is_symlink()):
            return None
        return workspace.Place(room.path, entry, known.start, known.is_settled)

    def hand_back(self, key: str, holder: str) -> None:
        with _told_plainly():
            for room in rooms.held(self._worktrees, key, holder):
                rooms.remember(room, rooms.recall(room).lent_to(None))

    def retire(self, key: str, holder: str) -> None:
        with _told_plainly():
            self._remove(rooms.held(self._worktrees, key, holder))

    def keys(self) -> tuple[str, ...]:
        return rooms.keys(self._worktrees)

    def holders(self, key: str) -> tuple[str, ...]:
        return rooms.holders(self._worktrees, key)

    def clear(self, key: str) -> None:
        # Nobody may be lent one that is half gone.
        with _told_plainly(), self._repository.alone():
            self._remove(rooms.held(self._worktrees, key, None))

    def furnish(self, place: workspace.Place, copy: Sequence[str], share: Sequence[str]) -> None:
        if self._checkout is not None and (copy or share):
            with _told_plainly():
                furnish.furnish(self._repository, self._checkout, place, copy, share)

    def settle(self, place: workspace.Place) -> None:
        with _told_plainly():
            files.settle(self._repository, place)

    def disregard(self, place: workspace.Place) -> None:
        with _told_plainly():
            files.disregard(self._repository, place)

    def snapshot(self, place: workspace.Place) -> str:
        with _told_plainly():
            return files.snapshot(self._repository, place)

    def commit(self, place: workspace.Place, tree_id: str, message: str) -> str:
        return commits.make(self._repository, tree_id, (place.start,), message)

    def join(self, ours: str, onto: str, message: str) -> str | workspace.Conflict:
        with _told_plainly():
            return commits.join(self._repository, ours, onto, message)

    def move_branch(self, branch: str, new: str, old: str) -> None:
        branches.refuse_checked_out(branch, self.checked_out_at(branch))
        branches.move(self._repository, branch, new, old)

    def keep(self, ref: str, commit: str) -> None:
        branches.keep(self._repository, ref, history.resolve(self._repository, commit))

    def kept(self, ref: str) -> str | None:
        return branches.kept(self._repository, ref)

    def commits(self, old: str, new: str) -> tuple[workspace.Past, ...]:
        return history.commits(self._repository, old, new)

    def changes(self, old: str, new: str) -> tuple[change.Change, ...]:
        return history.changes(self._repository, old, new)

    def diff(self, old: str, new: str) -> str:
        return history.diff(self._repository, old, new)

    def grep(self, commit: str, pattern: str) -> tuple[workspace.Hit, ...]:
        return history.grep(self._repository, commit, pattern)

    def pickaxe(self, commit: str, text: str) -> tuple[workspace.Past, ...]:
        return history.pickaxe(self._repository, commit, text)

    def _remove(self, several: Sequence[rooms.Room]) -> None:
        for room in several:
            registry.forget(self._repository, room.path)
            rooms.clear(room)

    def _handed_on(self, room: rooms.Room, start: str) -> workspace.Place | None:
        """The place there is, put in order; None when there is none or it cannot be put in order."""
        entry = registry.find(self._repository, room.path)
        if entry is None or room.path.is_symlink() or not room.path.is_dir() or not room.index.exists():
            return None
        place = workspace.Place(room.path, entry, start, rooms.recall(room).is_settled)
        for mend in (_leave, folders.unlock):
            with contextlib.suppress(errors.Failed, OSError):
                mend(room.path)
                registry.renew(self._repository, entry, room.path, start)
                files.reset(self._repository, place)
                return place
        return None

    def _made(self, room: rooms.Room, start: str) -> workspace.Place:
        registry.forget(self._repository, room.path)
        rooms.empty(room)
        place = workspace.Place(room.path, registry.add(self._repository, room.path, start), start)
        files.reset(self._repository, place)
        return place


def _leave(_: Path) -> None:
    """Most places need no mending."""


@contextlib.contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise errors.Failed(
            f"a worktree could not be made ready: {error.strerror}: {error.filename}",
            hint="Check the free space and who may write to Tickety's state folder.",
        ) from error
