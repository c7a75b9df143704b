"""Commits that Tickety makes: of a tree, and of two commits that grew side by side. No branch moves."""

import itertools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tickety import workspace
from tickety.core import errors
from tickety.workspaces import git, history

# Merging without a worktree came with this version.
_MERGES = (2, 38)
_ATTRIBUTES = ".gitattributes"


def make(repository: git.Repository, tree_id: str, parents: tuple[str, ...], message: str) -> str:
    """A durable commit of a tree on top of its parents."""
    words = message.replace("\0", "").encode("utf-8", "replace")
    given = itertools.chain.from_iterable(("-p", parent) for parent in parents)
    return repository.run("commit-tree", tree_id, *given, "-F", "-", stdin=words).text


def join(repository: git.Repository, ours: str, onto: str, message: str) -> str | workspace.Conflict:
    """The commit that joins two, or the files that contradict each other; one of the two if it holds the other."""
    mine, theirs = (history.resolve(repository, name) for name in (ours, onto))
    base = history.merge_base(repository, mine, theirs)
    if base is None:
        raise errors.Refused(
            f"{mine[:12]} and {theirs[:12]} have no commit in common", hint=f"Look at both: `git log {mine[:12]}`."
        )
    if base in {mine, theirs}:
        return theirs if base == mine else mine
    merged = _merge(repository, mine, theirs)
    return merged if isinstance(merged, workspace.Conflict) else make(repository, merged, (theirs, mine), message)


def _merge(repository: git.Repository, mine: str, theirs: str) -> str | workspace.Conflict:
    """The tree of both, or the files in the way.

    Git looks for attributes in the work tree, which says what must not be merged line by line. So it is given one that
    holds the newer head's attributes and nothing else: no checkout of anybody's has a say.
    """
    git.require(_MERGES, "join work that was done side by side")
    with tempfile.TemporaryDirectory(prefix="tickety-", ignore_cleanup_errors=True) as folder:
        tree = Path(folder)
        _put_attributes(repository, theirs, tree)
        sides = ("--write-tree", "-z", "--name-only", "--messages", theirs, mine)
        answer = repository.run("merge-tree", *sides, tree=tree, index=tree / "index", accept=(0, 1))
    fields = git.display(answer.out).split("\0")
    return fields[0] if answer.code == 0 else workspace.Conflict(tuple(sorted(_in_the_way(fields, mine, theirs))))


def _put_attributes(repository: git.Repository, commit: str, top: Path) -> None:
    files = history.tree_at(repository, commit)
    paths = [path for path in files.paths - files.links if PurePosixPath(path).name == _ATTRIBUTES]
    texts = history.texts(repository, {files.objects[path] for path in paths})
    for path in paths:
        # A tree that somebody made by hand may have any path in it.
        if {"", "..", ".git"}.isdisjoint(path.split("/")) and files.objects[path] in texts:
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_text(texts[files.objects[path]], encoding="utf-8", newline="")


def _in_the_way(fields: list[str], mine: str, theirs: str) -> set[str]:
    """The paths of a conflict: those of unmerged files, and those that only the messages name."""
    names = list(itertools.takewhile(bool, fields[1:]))
    told = _told(fields[len(names) + 2 :])
    # A file that stands where a folder has to be is put aside under a name with the commit in it.
    aside = re.compile(f"~(?:{mine}|{theirs})(?:_\\d+)?$")
    return {aside.sub("", path) for path in (*names, *told)} - {mine, theirs}


def _told(messages: list[str]) -> Iterator[str]:
    """The paths in messages on conflicts: each is a count, so many paths, its kind, and words for people."""
    at = 0
    while at + 1 < len(messages):
        end = at + 1 + int(messages[at])
        if messages[end].startswith("CONFLICT"):
            yield from messages[at + 1 : end]
        at = end + 2
