"""What the object database knows: trees, differences, and who changed what. No checkout is read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tickety import workspace
from tickety.core import change, errors
from tickety.workspaces import git

_LARGEST_TEXT = 1024 * 1024  # bytes
_MOST_HITS = 200
_LONGEST_LINE = 500  # characters of a hit: a minified file is one line
_MOST_OUTPUT = 1024 * 1024  # bytes
_PATIENCE = 20.0  # seconds: looking through a long past
_FILE_MODES = {"100644", "100755", "100664"}
_PAST = ("-z", "--format=%H%x1f%as%x1f%an%x1f%s", "--no-show-signature", "--no-notes")
_STATUSES = {"A": "added", "D": "deleted"}
_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color")


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one commit: path to object id. A link is listed, but has no text: it is never followed."""

    repository: git.Repository
    links: AbstractSet[str]
    objects: Mapping[str, str]

    @property
    def paths(self) -> AbstractSet[str]:
        """Every file's path."""
        return self.objects.keys()

    def text(self, path: str) -> str | None:
        """The file's text; None when it is absent, a link, larger than a mebibyte, or not UTF-8."""
        if path not in self.objects or path in self.links:
            return None
        return texts(self.repository, [self.objects[path]]).get(self.objects[path])


def tree_at(repository: git.Repository, commit: str) -> Files:
    """The files of a commit; submodules are none."""
    objects: dict[str, str] = {}
    links: set[str] = set()
    listing = repository.read("ls-tree", "-r", "-z", "--full-tree", resolve(repository, commit)).out
    for entry in filter(None, git.display(listing).split("\0")):
        about, _, path = entry.partition("\t")
        mode, kind, name = about.split(" ")
        if kind == "blob":
            objects[path] = name
        if mode not in _FILE_MODES:
            links.add(path)
    return Files(repository, links, objects)


def resolve(repository: git.Repository, name: str, kind: str = "commit") -> str:
    """The full object id; NotFound when there is no such commit or tree."""
    wanted = f"{name}^{{{kind}}}"
    answer = repository.read("rev-parse", "--verify", "--quiet", "--end-of-options", wanted, accept=(0, 1, 128))
    if answer.code != 0 or not answer.text:
        raise errors.NotFound(f"there is no {kind} {name} in the repository", hint="Try `git log --all --oneline`.")
    return answer.text


def merge_base(repository: git.Repository, one: str, other: str) -> str | None:
    """The best common ancestor of two commits; None when they have none."""
    commits = (resolve(repository, name) for name in (one, other))
    return repository.read("merge-base", *commits, accept=(0, 1)).text or None


def changes(repository: git.Repository, old: str, new: str) -> tuple[change.Change, ...]:
    """What differs, in the order of paths."""
    entries = list(_differences(repository, old, new))
    known = texts(repository, {name for entry in entries for name in (entry.old, entry.new) if name})
    return tuple(
        change.Change(
            path=entry.path,
            status=entry.status,
            old=known.get(entry.old or ""),
            new=known.get(entry.new or ""),
        )
        for entry in entries
    )


def diff(repository: git.Repository, old: str, new: str) -> str:
    """A patch for people, renames shown as such."""
    sides = (resolve(repository, old, "tree"), resolve(repository, new, "tree"))
    return git.display(repository.run("diff-tree", "-r", "-p", "-M", *_PLAIN, *sides, "--").out)


def grep(repository: git.Repository, commit: str, pattern: str) -> tuple[workspace.Hit, ...]:
    """Lines of text files that match an extended regular expression; the first 200."""
    found = resolve(repository, commit)
    options = ("-I", "-n", "-z", "-E", "--no-color", "--full-name", "--no-textconv", "--no-recurse-submodules")
    answer = repository.some("grep", *options, "-e", pattern, found, "--", size=_MOST_OUTPUT, seconds=_PATIENCE)
    if answer.code > 1:
        raise errors.Usage(f"{pattern!r} cannot be searched for", hint="Give an extended regular expression.")
    return tuple(hit for hit, _ in zip(_hits(answer.out, f"{found}:"), range(_MOST_HITS), strict=False))


def pickaxe(repository: git.Repository, commit: str, text: str) -> tuple[workspace.Past, ...]:
    """The newest five commits that changed how often a text occurs; those found in 20 seconds."""
    if not text or "\0" in text:
        return ()
    wanted = ("-5", f"-S{text}", *_PAST, *_PLAIN)
    answer = repository.some("log", *wanted, resolve(repository, commit), "--", size=_MOST_OUTPUT, seconds=_PATIENCE)
    return tuple(_pasts(git.display(answer.out)))


def commits(repository: git.Repository, old: str, new: str) -> tuple[workspace.Past, ...]:
    """The newest fifty commits that ``new`` has and ``old`` has not."""
    ends = (resolve(repository, new), f"^{resolve(repository, old)}")
    return tuple(_pasts(git.display(repository.run("log", "-50", *_PAST, *ends, "--").out)))


def texts(repository: git.Repository, names: Iterable[str]) -> dict[str, str]:
    """The texts of those objects that are small enough and UTF-8 without a zero byte."""
    wanted = "".join(f"{name}\n" for name in names).encode()
    sizes = repository.read("cat-file", "--batch-check", stdin=wanted).text if wanted else ""
    small = [line.split(" ")[0] for line in sizes.splitlines() if _is_small_text(line)]
    contents = (
        repository.read("cat-file", "--batch", stdin="".join(f"{n}\n" for n in small).encode()).out if small else b""
    )
    return {name: text for name, text in _contents(contents) if text is not None}


def _pasts(out: str) -> Iterator[workspace.Past]:
    for part in out.split("\0"):
        match part.split("\x1f", 3):
            case [commit, date, author, subject]:
                yield workspace.Past(commit, date, author, subject)
            case _:  # the end, or cut off at a limit
                return


@dataclass(frozen=True, slots=True)
class _Difference:
    path: str
    status: str
    old: str | None
    new: str | None


def _differences(repository: git.Repository, old: str, new: str) -> Iterator[_Difference]:
    sides = (resolve(repository, old, "tree"), resolve(repository, new, "tree"))
    listing = repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", *sides, "--").out
    fields = git.display(listing).split("\0")
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old_name, new_name, letter = about.removeprefix(":").split(" ")
        yield _Difference(
            path=path,
            status=_STATUSES.get(letter, "modified"),
            old=old_name if old_mode in _FILE_MODES else None,
            new=new_name if new_mode in _FILE_MODES else None,
        )


def _is_small_text(line: str) -> bool:
    match line.split(" "):
        case [_, "blob", size]:
            return int(size) <= _LARGEST_TEXT
        case [name, "missing"]:  # not the same as no text: what a file says must not be guessed
            raise errors.Failed(f"the repository lacks the object {name}", hint=git.INCOMPLETE)
        case _:
            return False


def _contents(batch: bytes) -> Iterator[tuple[str, str | None]]:
    """Each object of a ``cat-file --batch`` answer: ``<id> blob <size>``, a line end, the bytes, a line end."""
    at = 0
    while at < len(batch):
        head = batch.index(b"\n", at)
        name, _, size = batch[at:head].decode().split(" ")
        at = head + 1 + int(size) + 1
        yield name, _as_text(batch[head + 1 : at - 1])


def _as_text(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _hits(out: bytes, prefix: str) -> Iterator[workspace.Hit]:
    """Each hit is ``<commit>:<path>``, a zero byte, the line's number, a zero byte, the line; the last may be cut."""
    for found in re.finditer(re.escape(prefix) + r"([^\0]+)\0(\d+)\0([^\n]*)\n", git.display(out)):
        yield workspace.Hit(found[1], int(found[2]), found[3][:_LONGEST_LINE])
