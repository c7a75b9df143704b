"""Is everything as Tickety needs it? What was seen of a machine and a store, judged line by line."""

import re
from collections.abc import Iterable, Iterator

from tickety import store
from tickety.core import consistency, document, query, record
from tickety.desk import search

GIT = (2, 36)
"""The first git that knows ``core.fsync``: before it, a power cut may take a commit that a ticket names."""

_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
_ROOM = 200 * 1024 * 1024


@record.record(frozen=True, slots=True)
class Machine:
    """What was seen. ``git`` is what ``git --version`` says, None without git; ``free`` counts bytes.

    ``place`` says where the store is, or, when there is none, ``fault`` why, and ``remedy`` what to do.
    ``mount`` says why the store's disk will not do. ``backups`` and ``worktrees`` are paths.
    """

    python: tuple[int, int, int]
    sqlite: tuple[int, int, int]
    git: str | None
    place: str | None
    fault: str | None = None
    remedy: str = ""
    is_git: bool = True
    has_store: bool = False
    mount: str | None = None
    is_writable: bool = True
    free: int | None = None
    backups: tuple[str, ...] = ()
    worktrees: str | None = None


@record.record(frozen=True, slots=True)
class Line:
    """One thing that was looked at: ``subject``, whether it is well, and what there is to say."""

    subject: str
    is_ok: bool
    sentence: str
    hint: str = ""


def look(machine: Machine, findings: Iterable[store.Finding]) -> tuple[Line, ...]:
    """Every line of a check-up; all is well when all of them are."""
    lines = [_python(machine), _sqlite(machine), _git(machine), _store(machine)]
    if machine.has_store:
        lines += [*_disk(machine), *_content(findings), *_backups(machine)]
    if machine.worktrees:
        lines.append(Line("worktrees", is_ok=True, sentence=machine.worktrees))
    return tuple(lines)


def contradictions(kept: store.Store) -> Iterator[store.Finding]:
    """What the tickets say of each other that cannot be true. The log says it too, so no rebuilding mends it."""
    tickets = [document.to_ticket(one) for one in search.documents(kept, query.EVERYTHING)]
    for fault in consistency.faults(tickets):
        yield store.Finding(fault.sentence, is_mendable=False, remedy=fault.command)


def _python(machine: Machine) -> Line:
    return Line("python", machine.python >= (3, 11), _dotted(machine.python), "Tickety needs Python 3.11 or newer")


def _sqlite(machine: Machine) -> Line:
    """The releases in which a checkpoint that resets the log can lose another connection's commit."""
    version = machine.sqlite
    is_fixed = version >= _FIXED[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED)
    said = "" if is_fixed else " has the WAL-reset race; writers take turns at a lock file, so it is harmless here"
    return Line("sqlite", is_ok=True, sentence=_dotted(version) + said)


def _git(machine: Machine) -> Line:
    if machine.git is None:
        return Line("git", is_ok=False, sentence="is not installed", hint="install git: agents work in its worktrees")
    numbers = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", machine.git)
    version = tuple(int(number or 0) for number in numbers.groups()) if numbers else (0,)
    if version[:2] < GIT:
        said = f"{_dotted(version)} ignores core.fsync: a power cut may take a commit that a ticket names"
        return Line("git", is_ok=False, sentence=said, hint="upgrade git to 2.36 or newer")
    return Line("git", is_ok=True, sentence=_dotted(version))


def _store(machine: Machine) -> Line:
    if machine.place is None or machine.fault:
        return Line("store", is_ok=False, sentence=machine.fault or "none", hint=machine.remedy)
    if not machine.has_store:
        return Line("store", is_ok=True, sentence=f"{machine.place} will be made with the first ticket")
    return Line("store", is_ok=True, sentence=machine.place + ("" if machine.is_git else " (outside of git)"))


def _disk(machine: Machine) -> Iterator[Line]:
    yield Line("mount", machine.mount is None, machine.mount or "a local disk", "move the repository to a local disk")
    if not machine.is_writable:
        yield Line("writing", is_ok=False, sentence="the store can only be read", hint="make it yours: chown, chmod")
    if machine.free is not None:
        room = f"{machine.free / 1024 / 1024:,.0f} MiB free"
        yield Line("disk", machine.free >= _ROOM, room, "free some space: a full disk takes no change")


def _content(findings: Iterable[store.Finding]) -> Iterator[Line]:
    wrong = tuple(findings)
    for finding in wrong:
        hint = "tickety doctor --fix" if finding.is_mendable else finding.remedy
        yield Line("tickets", is_ok=False, sentence=finding.sentence, hint=hint)
    if not wrong:
        yield Line("tickets", is_ok=True, sentence="everything is what its log adds up to, and private")


def _backups(machine: Machine) -> Iterator[Line]:
    for path in machine.backups:
        yield Line("backup", is_ok=True, sentence=f"{path} can be removed once you miss nothing")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)
