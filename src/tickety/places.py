"""Where things are: the repository, its ticket store, and the user's state folder. Found without starting git."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tickety.core import errors


@dataclass(frozen=True, slots=True)
class Places:
    """``common`` is the repository's git folder, shared by its worktrees; ``checkout`` None in a bare repository."""

    common: str
    checkout: str | None
    state: str

    @property
    def store(self) -> str:
        """The ticket database."""
        return os.path.join(self.common, "tickety", "tickety.db")

    @property
    def runs(self) -> str:
        """The papers of every attempt."""
        return os.path.join(self.common, "tickety", "runs")

    @property
    def worktrees(self) -> str:
        """The worktrees of this repository's tickets."""
        return os.path.join(self.state, "worktrees", self._name)

    @property
    def trust(self) -> str:
        """What this user trusts in this repository."""
        return os.path.join(self.state, "trust", self._name + ".json")

    @property
    def _name(self) -> str:
        import hashlib

        home = os.path.dirname(self.common) if os.path.basename(self.common) == ".git" else self.common
        readable = "".join(
            letter if letter.isascii() and letter.isalnum() else "-" for letter in os.path.basename(home)
        )
        return f"{readable[:40]}-{hashlib.sha256(os.fsencode(self.common)).hexdigest()[:12]}"


def find(start: str, environ: Mapping[str, str]) -> Places:
    """The places for a folder; NotFound outside a repository."""
    state = environ.get("XDG_STATE_HOME") or ""
    if not os.path.isabs(state):  # the XDG specification: a relative path is to be ignored
        state = os.path.join(os.path.expanduser("~"), ".local", "state")
    folder = os.path.realpath(start)
    while True:
        if gitdir := _gitdir(folder):
            return Places(_common(gitdir), None if gitdir == folder else folder, os.path.join(state, "tickety"))
        parent = os.path.dirname(folder)
        if parent == folder:
            raise errors.NotFound(
                f"{start} is not in a git repository", "go to your project's folder, or make it one: git init"
            )
        folder = parent


def refuse_state_inside(found: Places) -> None:
    """Refuses a state folder below the checkout: worktrees in it would show up there."""
    if found.checkout and os.path.realpath(found.state).startswith(found.checkout + os.sep):
        raise errors.Refused(
            f"the state folder {found.state} lies in the checkout, which is never written to",
            "set XDG_STATE_HOME to a folder outside of it",
        )


def _gitdir(folder: str) -> str | None:
    dot_git = os.path.join(folder, ".git")
    if os.path.isfile(os.path.join(dot_git, "HEAD")):
        return dot_git
    if os.path.isfile(dot_git):
        return _pointed_to(dot_git, folder)
    is_bare = all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs"))
    return folder if is_bare else None


def _pointed_to(dot_git: str, folder: str) -> str | None:
    with open(dot_git, encoding="utf-8", errors="surrogateescape") as file:
        target = file.read().strip().removeprefix("gitdir:").strip()
    gitdir = os.path.realpath(os.path.join(folder, target))
    return gitdir if os.path.isdir(gitdir) else None


def _common(gitdir: str) -> str:
    try:
        with open(os.path.join(gitdir, "commondir"), encoding="utf-8", errors="surrogateescape") as file:
            return os.path.realpath(os.path.join(gitdir, file.read().strip()))
    except FileNotFoundError:
        return os.path.realpath(gitdir)
