"""What the user's checkout lends to a place: copies of files, links to folders; never committed."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from tickety import workspace
from tickety.core import errors
from tickety.workspaces import files, folders, git, rooms


def furnish(
    repository: git.Repository, checkout: Path, place: workspace.Place, copy: Sequence[str], share: Sequence[str]
) -> None:
    """Copy and link into the place. What the checkout lacks, or the commit has itself, is left as it is."""
    tracked = files.tracked(repository, place)
    copied = [file for path in copy for file in _files(checkout, _tidy(path)) if file not in tracked]
    linked = [path for path in map(_tidy, share) if _can_link(checkout, path, tracked)]
    # Remembered first: a copy that was broken off must not be committed either.
    room = rooms.Room(place.path)
    rooms.remember(room, rooms.recall(room).furnished([*copied, *linked]))
    for path in copied:
        _copy(_inside(checkout, path), _target(place.path, path))
    for path in linked:
        _link(_inside(checkout, path), _target(place.path, path))


def _tidy(path: str) -> str:
    """The path in one spelling; Refused when it is none below a folder."""
    tidy = PurePosixPath(path)
    if tidy.is_absolute() or ".." in tidy.parts or not tidy.parts or "\0" in path:
        raise _refusal(path)
    return tidy.as_posix()


def _files(checkout: Path, path: str) -> Iterator[str]:
    source = _inside(checkout, path)
    if source.is_file():
        yield path
    for folder, _, names in os.walk(source):
        for name in names:
            file = Path(folder, name)
            if file.is_file() and not file.is_symlink():
                yield (PurePosixPath(path) / file.relative_to(source).as_posix()).as_posix()


def _can_link(checkout: Path, path: str, tracked: set[str]) -> bool:
    is_tracked = any(file == path or file.startswith(f"{path}/") for file in tracked)
    return _inside(checkout, path).exists() and not is_tracked


def _inside(top: Path, path: str) -> Path:
    """Where the path really is; Refused when links lead it out of ``top``."""
    full = (top / path).resolve()
    if not full.is_relative_to(top.resolve()):
        raise _refusal(path)
    return full


def _target(top: Path, path: str) -> Path:
    """Where the path is to be made; what is there itself is replaced, so only the folders above it count."""
    full = top / path
    _inside(top, PurePosixPath(path).parent.as_posix())
    full.parent.mkdir(parents=True, exist_ok=True)
    return full


def _copy(source: Path, target: Path) -> None:
    folders.remove(target)
    shutil.copy2(source, target)


def _link(source: Path, target: Path) -> None:
    if target.is_symlink() or not target.exists():
        folders.remove(target)
        target.symlink_to(source)


def _refusal(path: str) -> errors.Refused:
    return errors.Refused(
        f"{path!r} leads out of the checkout",
        hint="Under [workspace], copy and share take paths inside the checkout, not links that leave it.",
    )
