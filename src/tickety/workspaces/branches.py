"""Where branches point, and how Tickety moves its own: only from where it believed them to be."""

import os
from pathlib import Path

from tickety import workspace
from tickety.core import errors
from tickety.workspaces import git

_HEADS = "refs/heads/"
_OURS = "refs/tickety/"


def head(repository: git.Repository, checkout: Path | None) -> workspace.Head:
    """Where the checkout stands, or a bare repository's HEAD; Refused when there is no commit yet."""
    gitdir = _gitdir(repository, checkout)
    commit = repository.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", gitdir=gitdir, accept=(0, 1)).text
    if not commit:
        raise errors.Refused(
            "the repository has no commit yet", hint="Make the first one: `git add . && git commit -m start`."
        )
    name = repository.run("symbolic-ref", "--quiet", "HEAD", gitdir=gitdir, accept=(0, 1)).text
    is_dirty = checkout is not None and _is_dirty(repository, gitdir, checkout, commit)
    return workspace.Head(commit, name.removeprefix(_HEADS) or None, is_dirty)


def branch_head(repository: git.Repository, branch: str) -> str | None:
    """The commit a branch points to."""
    return _look_up(repository, _HEADS + branch, "objectname")


def checked_out_at(repository: git.Repository, checkout: Path | None, ours: Path, branch: str) -> Path | None:
    """The user's worktree in which a branch is checked out: none below ``ours``, none in a bare repository."""
    with repository.alone():
        found = _look_up(repository, _HEADS + branch, "worktreepath")
    if not found:
        return None
    place = Path(found)
    if place == repository.common:  # bare, or git does not know where the checkout of this folder is
        return checkout if checkout and _gitdir(repository, checkout).resolve() == repository.common else None
    return None if place.is_relative_to(ours) else place


def create(repository: git.Repository, branch: str, commit: str) -> None:
    """Make a branch; Refused when it is there already, cannot be a name, or another name stands in its way."""
    ref = _checked(repository, _HEADS + branch)
    answer = repository.run("update-ref", "--no-deref", "-m", "tickety: created", ref, commit, "", accept=(0, 1, 128))
    if answer.code != 0:
        raise _refused_creation(repository, branch, answer)


def refuse_checked_out(branch: str, place: Path | None) -> None:
    """Refused when a branch is checked out at ``place``: its files there would no longer be the branch's."""
    if place is not None:
        raise errors.Refused(
            f"the branch {branch} is checked out in {place}", hint=f"Leave it there first: `git -C '{place}' switch -`."
        )


def move(repository: git.Repository, branch: str, new: str, old: str) -> None:
    """Move a branch by compare-and-swap; a move that was done before is done."""
    ref = _checked(repository, _HEADS + branch)
    answer = repository.run("update-ref", "--no-deref", "-m", "tickety: moved", ref, new, old, accept=(0, 1, 128))
    stands = branch_head(repository, branch)
    if answer.code != 0 and stands != new:
        raise git.failure("update-ref", answer) if stands == old else _moved(branch, stands, old)


def keep(repository: git.Repository, ref: str, commit: str) -> None:
    """Point ``refs/tickety/<ref>`` to a commit."""
    repository.run("update-ref", "--no-deref", _checked(repository, _OURS + ref), commit)


def kept(repository: git.Repository, ref: str) -> str | None:
    """The commit under ``refs/tickety/<ref>``."""
    return _look_up(repository, _OURS + ref, "objectname")


def _gitdir(repository: git.Repository, checkout: Path | None) -> Path:
    """The checkout's own git directory; it is the user's, so its ``.git`` may be believed."""
    link = checkout / ".git" if checkout else repository.common
    if link.is_file():
        return link.parent / link.read_text("utf-8", "surrogateescape").removeprefix("gitdir:").strip()
    return link if link.is_dir() else repository.common


def _is_dirty(repository: git.Repository, gitdir: Path, checkout: Path, commit: str) -> bool:
    """There is something in the checkout that the commit lacks: staged, changed, or new."""
    staged = repository.run(
        "diff-index", "--cached", "--quiet", commit, "--", gitdir=gitdir, tree=checkout, accept=(0, 1)
    )
    options = ("-z", "--modified", "--others", "--exclude-standard", "--directory", "--no-empty-directory")
    return staged.code == 1 or bool(repository.run("ls-files", *options, gitdir=gitdir, tree=checkout).out)


def _look_up(repository: git.Repository, ref: str, field: str) -> str | None:
    """A field of a ref; None when there is no such ref."""
    listing = os.fsdecode(repository.run("for-each-ref", f"--format=%(refname)%00%({field})%00", "--", ref).out)
    # The refs below a folder of that name are listed, too.
    records = (record.split("\0") for record in listing.split("\0\n")[:-1])
    return next((value for name, value in records if name == ref), None)


def _checked(repository: git.Repository, ref: str) -> str:
    is_name = repository.run("check-ref-format", ref, accept=(0, 1)).code == 0
    if not is_name or ref.removeprefix(_HEADS).startswith("-"):
        raise errors.Refused(f"{ref!r} cannot be the name of a branch", hint="See `git help check-ref-format`.")
    return ref


def _refused_creation(repository: git.Repository, branch: str, answer: git.Answer) -> errors.TicketyError:
    if branch_head(repository, branch) is not None:
        return errors.Refused(f"the branch {branch} exists already", hint=f"Look at it: `git log {branch}`.")
    if "exists; cannot create" in answer.err:
        return errors.Refused(
            f"another branch stands in the way of {branch}", hint="Rename that one with `git branch -m`."
        )
    return git.failure("update-ref", answer)


def _moved(branch: str, stands: str | None, old: str) -> errors.Refused:
    where = f"is at {stands[:12]}" if stands else "is gone"
    return errors.Refused(
        f"the branch {branch} {where}, not at {old[:12]} where it was left",
        hint="Somebody else changed it: look at it with `git log`, then try again.",
    )
