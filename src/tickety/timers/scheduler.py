"""What the schedulers have in common: files of the user's own, and a program that is told of them."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tickety.core import record

Argv = tuple[str, ...]

_LIMIT = 30.0  # seconds


@record.record(frozen=True, slots=True)
class Plan:
    """A job in the words of one scheduler, ``kind``: the files by path, and the commands that it is told by.

    ``answers`` ends well where the scheduler can be spoken to at all, ``knows`` where it has the job. ``load`` and
    ``unload`` tell it of the job, ``forget`` that the files are gone.
    """

    kind: str
    files: Mapping[Path, str]
    answers: Argv
    knows: Argv
    load: tuple[Argv, ...]
    unload: tuple[Argv, ...]
    forget: tuple[Argv, ...] = ()


@record.record(frozen=True, slots=True)
class Outcome:
    """Which files changed, and what a person still has to run, since the scheduler does not answer here."""

    changed: tuple[Path, ...]
    left: tuple[Argv, ...]


def changes(plan: Plan) -> tuple[Path, ...]:
    """The files that are not as they should be."""
    return tuple(path for path, words in plan.files.items() if _content(path) != words)


def put_in(plan: Plan) -> Outcome:
    """Write the files and tell the scheduler. Doing the same again changes nothing."""
    changed = changes(plan)
    if not changed and _works(plan.knows):
        return Outcome((), ())
    if changed and found(plan):
        _tell(plan, plan.unload)
    for path in changed:
        _write(path, plan.files[path])
    return Outcome(changed, _tell(plan, plan.load))


def take_out(plan: Plan) -> Outcome:
    """Tell the scheduler, and take the files away; nothing to do where there are none."""
    there = found(plan)
    if not there:
        return Outcome((), ())
    left = _tell(plan, plan.unload)
    for path in there:
        path.unlink()
    return Outcome(there, (*left, *_tell(plan, plan.forget)))


def found(plan: Plan) -> tuple[Path, ...]:
    """The files that are there, as they are."""
    return tuple(path for path in plan.files if path.is_symlink() or path.exists())


def _tell(plan: Plan, commands: tuple[Argv, ...]) -> tuple[Argv, ...]:
    """Run the commands; what is left from the first that fails on: all of them where nobody answers."""
    if not commands or not _works(plan.answers):
        return commands
    done = next((number for number, argv in enumerate(commands) if not _works(argv)), len(commands))
    return commands[done:]


def _works(argv: Argv) -> bool:
    try:
        ended = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _content(path: Path) -> str | None:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8")
    return None


def _write(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(fresh, flags, 0o644), "w", encoding="utf-8") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
