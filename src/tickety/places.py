"""Where things are: the repository, its ticket store, and the user's state folder. Found without starting git.

A repository keeps its store in its git folder: ``.git/tickety/tickety.db``. Outside of git it is the
``.tickety/tickety.db`` of the nearest folder above that has one. ``TICKETY_STORE=/path/to/tickety.db`` chooses a
store, whatever else is there. Two stores on the way up are refused: nobody could tell which one is meant.
"""

import os
from collections.abc import Iterator, Mapping

from tickety.core import errors, record

STORE = "TICKETY_STORE"
_FOLDER = ".tickety"
_FILE = "tickety.db"


@record.record(frozen=True, slots=True)
class Places:
    """``common`` is the repository's git folder, shared by its worktrees; ``checkout`` None in a bare repository.

    Outside of git ``common`` is the folder that holds the store, and there is no checkout. ``chosen`` is the store
    that the user named, if they did.
    """

    common: str
    checkout: str | None
    state: str
    is_git: bool = True
    chosen: str | None = None

    @property
    def store(self) -> str:
        """The ticket database."""
        return self.chosen or os.path.join(self.common, *(("tickety",) if self.is_git else ()), _FILE)

    @property
    def runs(self) -> str:
        """The papers of every attempt."""
        return os.path.join(os.path.dirname(self.store), "runs")

    @property
    def worktrees(self) -> str:
        """The worktrees of this repository's tickets."""
        return os.path.join(self.state, "worktrees", self.name)

    @property
    def trust(self) -> str:
        """What this user trusts in this repository."""
        return os.path.join(self.state, "trust", self.name + ".json")

    @property
    def projects(self) -> str:
        """The projects that this user keeps tickets in."""
        return os.path.join(self.state, "projects.json")

    @property
    def home(self) -> str:
        """The project's own folder: the main checkout, or the bare repository."""
        is_inside = os.path.basename(self.common) in {".git", _FOLDER}
        return os.path.dirname(self.common) if is_inside else self.common

    @property
    def name(self) -> str:
        """A name of the project that no other project of this machine has: letters, digits and hyphens."""
        import hashlib

        home = os.path.dirname(self.common) if os.path.basename(self.common) == ".git" else self.common
        readable = "".join(
            letter if letter.isascii() and letter.isalnum() else "-" for letter in os.path.basename(home)
        )
        return f"{readable[:40]}-{hashlib.sha256(os.fsencode(self.common)).hexdigest()[:12]}"


def find(start: str, environ: Mapping[str, str]) -> Places:
    """The places for a folder; NotFound where there is neither a repository nor a store."""
    folder, state = os.path.realpath(start), _state(environ)
    found = _in_git(folder, state)
    if chosen := environ.get(STORE):
        path = _checked(os.path.join(folder, os.path.expanduser(chosen)))
        if found:
            return Places(found.common, found.checkout, state, chosen=path)
        return Places(os.path.dirname(path), None, state, is_git=False, chosen=path)
    stores = list(_stores_above(folder))
    if found is None and not stores:
        raise errors.NotFound(
            f"{start} is not in a git repository, and no folder above it keeps tickets",
            "go to your project's folder, or make it one: git init; without git: tickety init",
        )
    _refuse_two(found, stores)
    return found or Places(os.path.dirname(stores[0]), None, state, is_git=False)


def outside(start: str, environ: Mapping[str, str]) -> Places:
    """The places of a store that is begun in a folder outside of git."""
    return Places(os.path.join(os.path.realpath(start), _FOLDER), None, _state(environ), is_git=False)


def require_git(found: Places) -> None:
    """Refuses to work on tickets outside of git: agents work in git's worktrees."""
    if not found.is_git:
        raise errors.Refused(
            f"agents work in git worktrees, and {os.path.dirname(found.common)} is no git repository",
            "git init, commit your files, then run it again",
        )


def refuse_state_inside(found: Places) -> None:
    """Refuses a state folder below the checkout: worktrees in it would show up there."""
    if found.checkout and os.path.realpath(found.state).startswith(found.checkout + os.sep):
        raise errors.Refused(
            f"the state folder {found.state} lies in the checkout, which is never written to",
            "set XDG_STATE_HOME to a folder outside of it",
        )


def projects(environ: Mapping[str, str]) -> str:
    """The projects that this user keeps tickets in, asked from anywhere."""
    return os.path.join(_state(environ), "projects.json")


def own_notify(environ: Mapping[str, str]) -> str:
    """The user's own file on messages, for all of their projects."""
    return os.path.join(_own("XDG_CONFIG_HOME", environ, ".config"), "notify.toml")


def _state(environ: Mapping[str, str]) -> str:
    return _own("XDG_STATE_HOME", environ, ".local", "state")


def _own(variable: str, environ: Mapping[str, str], *usual: str) -> str:
    """A folder of the user's own for Tickety."""
    folder = environ.get(variable) or ""
    if not os.path.isabs(folder):  # the XDG specification: a relative path is to be ignored
        folder = os.path.join(os.path.expanduser("~"), *usual)
    return os.path.join(folder, "tickety")


def _in_git(folder: str, state: str) -> Places | None:
    for place in _upwards(folder):
        if gitdir := _gitdir(place):
            return Places(_common(gitdir), None if gitdir == place else place, state)
    return None


def _stores_above(folder: str) -> Iterator[str]:
    for place in _upwards(folder):
        path = os.path.join(place, _FOLDER, _FILE)
        if os.path.lexists(path):
            yield path


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        yield folder


def _refuse_two(found: Places | None, stores: list[str]) -> None:
    """In a repository the git folder keeps the tickets; a file that came with a checkout is never taken for them."""
    both = ([found.store] if found else []) + stores
    if len(both) < 2:  # noqa: PLR2004 - two are too many
        return
    one, other = both[:2]
    if found and not os.path.exists(one):
        raise errors.Refused(
            f"{other} holds tickets, but this is a git repository, which keeps them in {one}",
            f"move them: mkdir -p -m 700 '{os.path.dirname(one)}' && mv '{other}'* '{os.path.dirname(one)}/'; "
            f"or choose: {STORE}='{other}'",
        )
    raise errors.Refused(
        f"there are two stores here, {one} and {other}",
        f"choose one ({STORE}='{one}'), or bring them together: export one, import it into the other, move it away",
    )


def _checked(path: str) -> str:
    if os.path.isdir(path):
        raise errors.Usage(f"{STORE} names a folder, {path}", f"name the file: {STORE}='{os.path.join(path, _FILE)}'")
    return os.path.realpath(path)


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
