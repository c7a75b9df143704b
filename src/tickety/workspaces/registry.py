"""How git knows a place: an entry below ``<common directory>/worktrees``, and the place's ``.git`` file.

An entry is found by the path it was made for, never by what the place's own ``.git`` says: an agent can write that.
"""

import os
from pathlib import Path

from tickety.core import errors
from tickety.workspaces import folders, git

# All else in an entry is a holder's: its index, locks, a half done merge.
_LASTING = {"HEAD", "commondir", "config.worktree", "gitdir", "info", "locked", "modules", "refs", "reftable"}
# The desk keeps notes on a place here: they go when its entry goes.
_OUR_NOTES = "tickety-"


def add(repository: git.Repository, path: Path, commit: str) -> Path:
    """Make a worktree without any file in it but ``.git``; returns its entry."""
    folders.make_private(path)
    with repository.alone():
        repository.run("worktree", "add", "--quiet", "--detach", "--no-checkout", "--", str(path), commit)
    entry = find(repository, path)
    if entry is None:
        raise errors.Failed(f"git did not keep the worktree {path}", hint="Try `git worktree list`.")
    return entry


def find(repository: git.Repository, path: Path) -> Path | None:
    """The entry of the worktree at ``path``."""
    for file in sorted(repository.common.glob("worktrees/*/gitdir")):
        if _is_for(file, path):
            return file.parent
    return None


def renew(repository: git.Repository, entry: Path, path: Path, commit: str) -> None:
    """Put an entry, and the link to it, back in order: detached at ``commit``, nothing left of the last holder."""
    for thing in entry.iterdir():
        if thing.name not in _LASTING and not thing.name.startswith(_OUR_NOTES):
            folders.remove(thing)
    repository.run("update-ref", "--no-deref", "HEAD", commit, gitdir=entry, tree=path)
    folders.remove(path / ".git")
    (path / ".git").write_bytes(b"gitdir: " + os.fsencode(entry) + b"\n")


def forget(repository: git.Repository, path: Path) -> None:
    """Remove the entry of the worktree at ``path``, and no other: the user's worktrees are not ours to prune."""
    while (entry := find(repository, path)) is not None:
        # First what makes it an entry: a git that looks meanwhile must not trip over half of one.
        (entry / "gitdir").unlink()
        folders.remove(entry)


def _is_for(file: Path, path: Path) -> bool:
    """By the file system where it can: it may spell a name in more than one way."""
    try:
        folder = Path(os.path.normpath(file.parent / os.fsdecode(file.read_bytes()).rstrip("\n"))).parent
        return folder == path or folder.samefile(path)
    except OSError:
        return False
