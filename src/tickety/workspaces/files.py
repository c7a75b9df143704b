"""The files of a place: put at a commit, cleaned of strays, and read back as a tree.

Only plumbing is used. ``git add`` and ``git status`` start git once more inside nested repositories, where an
agent's own settings would be in force; ``ls-files`` and ``update-index`` never do.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from tickety import workspace
from tickety.core import errors
from tickety.workspaces import folders, git, rooms

# What tools leave behind wherever they run; a tracked file of such a name is still committed.
_CACHES = {
    ".cache", ".coverage", ".eggs", ".hypothesis", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".tox",
    ".venv", "__pycache__", "node_modules",
}  # fmt: skip
_CACHE_ENDINGS = (".egg-info", ".pyc")
_GITLINK = "160000"


def reset(repository: git.Repository, place: workspace.Place) -> None:
    """Make the place's files those of its start; ignored files, and those a set-up made, stay."""
    room = rooms.Room(place.path)
    folders.remove(room.scratch)
    folders.remove(room.index.with_name(f"{room.index.name}.lock"))
    _restore(repository, place)
    memory = rooms.recall(room)
    _remove_strays(repository, place, memory)
    rooms.remember(room, memory.handed_on())


def settle(repository: git.Repository, place: workspace.Place) -> None:
    """Restore tracked files, and remember everything untracked as made by a set-up."""
    room = rooms.Room(place.path)
    _restore(repository, place)
    rooms.remember(room, rooms.recall(room).settled(_made(repository, place)))


def disregard(repository: git.Repository, place: workspace.Place) -> None:
    """Remember everything untracked as made by a program; what a snapshot held is in the index by now."""
    room = rooms.Room(place.path)
    rooms.remember(room, rooms.recall(room).disregarding(_made(repository, place)))


def snapshot(repository: git.Repository, place: workspace.Place) -> str:
    """The id of the tree that the place's files make; Failed when there is a nested repository among them."""
    memory = rooms.recall(rooms.Room(place.path))
    strays = [path for path in _strays(repository, place) if not (_is_cache(path) or memory.leaves_out(path))]
    _refuse_nested(strays)
    # What a set-up put into a submodule is no change of the submodule.
    set_up = memory.left_out | memory.passing
    changed = [path for path in _list(repository, place, "--modified") if f"{path}/" not in set_up]
    there = {path for path in changed if _is_there(place.path, path)}
    _update(repository, place, ("--force-remove",), (path for path in changed if path not in there))
    _update(repository, place, ("--add", "--remove"), (*there, *strays))
    return _write(repository, place, "write-tree").text


def tracked(repository: git.Repository, place: workspace.Place) -> set[str]:
    """Every path in the place's index."""
    return set(_list(repository, place, "--cached"))


def any_in(folder: Path) -> bool:
    """There is something in a real folder at this path."""
    return not folder.is_symlink() and folder.is_dir() and next(folder.iterdir(), None) is not None


def _restore(repository: git.Repository, place: workspace.Place) -> None:
    _write(repository, place, "read-tree", "--reset", "-u", place.start)
    # The holder gets an index of the same time stamp: git compares by content what changed at or after it.
    shutil.copy2(rooms.Room(place.path).index, place.gitdir / "index")


def _made(repository: git.Repository, place: workspace.Place) -> list[str]:
    made = _list(repository, place, "--others", "--exclude-standard", "--directory", "--no-empty-directory")
    return [*made, *(f"{path}/" for path in _submodules(repository, place) if any_in(place.path / path))]


def _remove_strays(repository: git.Repository, place: workspace.Place, memory: rooms.Memory) -> None:
    for path in _strays(repository, place):
        if not memory.keeps(path):
            folders.remove(place.path / path)
    for path in _list(repository, place, "--others", "--exclude-standard", "--directory"):
        if path.endswith("/") and not memory.keeps(path):
            folders.remove_if_empty(place.path / path)
    _remove_nested(repository, place, memory)


def _remove_nested(repository: git.Repository, place: workspace.Place, memory: rooms.Memory) -> None:
    """Git lists neither a ``.git`` among tracked files nor what lies in a submodule that is not set up."""
    for folder in {PurePath(path).parent for path in tracked(repository, place)} - {PurePath()}:
        folders.remove(place.path / folder / ".git")
    for path in _submodules(repository, place):
        if not memory.keeps(f"{path}/") and any_in(place.path / path):
            folders.remove(place.path / path)
            (place.path / path).mkdir()


def _refuse_nested(strays: Iterable[str]) -> None:
    for path in strays:
        if path.endswith("/"):
            raise errors.Failed(
                f"the folder {path!r} is a git repository of its own, and cannot become part of the commit",
                hint="Remove its .git folder, or ignore the folder.",
            )


def _is_there(top: Path, path: str) -> bool:
    """A file or link is at the path itself, and not behind a link that stands where a folder was."""
    here = top / path
    behind_link = any((top / above).is_symlink() for above in Path(path).parents)
    return not behind_link and (here.is_symlink() or here.is_file() or here.is_dir())


def _is_cache(path: str) -> bool:
    parts = path.rstrip("/").split("/")
    return any(part in _CACHES or part.endswith(_CACHE_ENDINGS) for part in parts) or parts[-1].startswith(".coverage.")


def _strays(repository: git.Repository, place: workspace.Place) -> list[str]:
    """Untracked files that are not ignored; a nested repository is one entry that ends in a slash."""
    return _list(repository, place, "--others", "--exclude-standard")


def _submodules(repository: git.Repository, place: workspace.Place) -> list[str]:
    entries = _list(repository, place, "--stage")
    return [entry.partition("\t")[2] for entry in entries if entry.startswith(_GITLINK)]


def _list(repository: git.Repository, place: workspace.Place, *options: str) -> list[str]:
    index = rooms.Room(place.path).index
    return repository.run("ls-files", "-z", *options, gitdir=place.gitdir, tree=place.path, index=index).parts


def _update(repository: git.Repository, place: workspace.Place, options: Sequence[str], paths: Iterable[str]) -> None:
    given = b"".join(os.fsencode(path) + b"\0" for path in paths)
    if given:
        _write(repository, place, "update-index", *options, "--replace", "-z", "--stdin", stdin=given)


def _write(repository: git.Repository, place: workspace.Place, *arguments: str, stdin: bytes = b"") -> git.Answer:
    """Run a command that writes Tickety's index.

    Git makes the file anew with the user's umask. A stricter one would also hide objects and files of the place,
    which others may have to read.
    """
    index = rooms.Room(place.path).index
    answer = repository.run(*arguments, gitdir=place.gitdir, tree=place.path, index=index, stdin=stdin)
    index.chmod(folders.PRIVATE_FILE)
    return answer
