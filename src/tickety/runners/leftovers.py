"""Programs that outlived a killed Tickety: noted while they run, so that the next one can end them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tickety.runners import groups

_ENDING = ".process"


@contextmanager
def noted(output: Path, leader: int, mark: str = "") -> Iterator[None]:
    """Keep ``<output>.process`` while a group runs: who it is, its mark, and which Tickety runs it."""
    note = output.with_name(output.name + _ENDING)
    _write(note, {"mark": mark, "group": _who(leader), "runner": _who(os.getpid())})
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def end_all(folder: Path) -> None:
    """End every group that a note below ``folder`` names and nobody runs any more."""
    for note in sorted(folder.rglob(f"*{_ENDING}")):
        end_leftover(note)


def is_running(folder: Path) -> bool:
    """Some group is alive that a note below ``folder`` names."""
    return any(_is_alive(written) for note in folder.rglob(f"*{_ENDING}") if (written := _read(note)))


def end_by_force(folder: Path) -> None:
    """End every group that a note below ``folder`` names, whoever runs it. Its notes are left to them."""
    for note in sorted(folder.rglob(f"*{_ENDING}")):
        if written := _read(note):
            _end(written["group"], str(written.get("mark") or ""))


def end_leftover(note: Path) -> bool:
    """End the group a note names, and remove the note; True when there was something to end.

    Nothing is ended, and the note stays, while the Tickety that wrote it runs. When the number belongs to somebody
    else by now, only those are ended who carry the group's mark.
    """
    written = _read(note)
    if written is not None and _is_running(written["runner"]):
        return False
    was_alive = written is not None and _end(written["group"], str(written.get("mark") or ""))
    note.unlink(missing_ok=True)
    return was_alive


def _is_alive(written: dict[str, Any]) -> bool:
    group, mark = written["group"], str(written.get("mark") or "")
    return groups.is_alive(group["pid"] if _is_still(group) else None, mark)


def _end(group: dict[str, Any], mark: str) -> bool:
    return groups.kill(group["pid"] if _is_still(group) else None, mark)


def _who(process: int) -> dict[str, Any]:
    return {"pid": process, "started": groups.identity(process), "here": groups.here()}


def _write(note: Path, content: dict[str, Any]) -> None:
    note.unlink(missing_ok=True)
    descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file)


def _read(note: Path) -> dict[str, Any] | None:
    """The note; None when it was cut off by a crash, or is somebody else's file."""
    try:
        content = json.loads(note.read_bytes())
        shape = [(type(content[side]["pid"]), content[side].keys()) for side in ("group", "runner")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    is_ours = all(kind is int and keys == {"pid", "started", "here"} for kind, keys in shape)
    return content if is_ours else None


def _is_running(who: dict[str, Any]) -> bool:
    return who["started"] is not None and groups.identity(who["pid"]) == who["started"]


def _is_still(who: dict[str, Any]) -> bool:
    """The group is the one that was noted.

    Its first process may have ended before the others: its number is then kept free, unless the machine was
    started anew.
    """
    found = groups.identity(who["pid"])
    return found == who["started"] if found else bool(who["here"]) and who["here"] == groups.here()
