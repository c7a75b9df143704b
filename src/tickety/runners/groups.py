"""Process groups: how all of one is ended, who is in it, and who it is.

A process that left the group and its session (a daemon) is known by the group's mark, a word in the environment that
every program passes on to those it starts. Only where there is a ``/proc`` can it be read.
"""

import asyncio
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LAST_WAIT = 5.0  # seconds for the kernel to take the dead away
_GLANCE = 0.02  # seconds between two looks
_PROC = Path("/proc")
_DEAD = {"Z", "X"}  # a zombie holds nothing but its number
MARK = "TICKETY_MARK"
"""The variable that holds a group's mark."""


def new_mark() -> str:
    """A mark that no other group has. The one that Tickety itself runs under, as an agent's child, is part of it."""
    return f"{os.environ.get(MARK, '')}.{secrets.token_hex(16)}".removeprefix(".")


async def end(leader: int, patience: float, mark: str = "") -> None:
    """End every process of the group, those that do not go within ``patience`` seconds by force."""
    if not is_alive(leader, mark):
        return
    send(leader, signal.SIGTERM, mark)
    await _gone(leader, patience, mark)
    until = time.monotonic() + _LAST_WAIT
    while is_alive(leader, mark) and time.monotonic() < until:
        send(leader, signal.SIGKILL, mark)
        await _gone(leader, _GLANCE, mark)


def kill(leader: int | None, mark: str = "") -> bool:
    """End every process of the group by force, and wait for it; False when none was alive."""
    was_alive = is_alive(leader, mark)
    until = time.monotonic() + _LAST_WAIT
    while is_alive(leader, mark) and time.monotonic() < until:
        send(leader, signal.SIGKILL, mark)
        time.sleep(_GLANCE)
    return was_alive


def send(leader: int | None, number: signal.Signals, mark: str = "") -> None:
    """Send a signal to the group, and to those who left it."""
    for member in members(leader, mark):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(member, number)
    # Together, for what was born meanwhile.
    with suppress(ProcessLookupError, PermissionError):
        if leader is not None:
            os.killpg(leader, number)


def is_alive(leader: int | None, mark: str = "") -> bool:
    """Some process of the group, of its session, or of its mark is alive."""
    return bool(members(leader, mark))


def members(leader: int | None, mark: str = "") -> list[int]:
    """The living processes of the group and its session, and those that carry its mark; without leader these only."""
    found = _from_proc() if _PROC.joinpath("self", "stat").exists() else _from_ps()
    living = ((process, homes) for process, state, homes in found if state not in _DEAD)
    return [process for process, homes in living if leader in homes or _carries(process, mark)]


def identity(process: int) -> str | None:
    """What tells a process from a later one of the same number; None when there is none."""
    if not _PROC.joinpath("self", "stat").exists():
        return _ask_ps("-o", "lstart=", "-p", str(process)).strip() or None
    fields = _fields(process)
    return f"{here()} {fields[19]}" if fields else None


def here() -> str:
    """What tells this start of this machine, or container, from all others; empty when that is not known."""
    try:
        boot = _PROC.joinpath("sys", "kernel", "random", "boot_id").read_text().strip()
        return f"{boot} {_PROC.joinpath('self', 'ns', 'pid').readlink()}"
    except OSError:
        return ""


async def _gone(leader: int, seconds: float, mark: str) -> None:
    until = time.monotonic() + seconds
    while is_alive(leader, mark) and time.monotonic() < until:  # noqa: ASYNC110  # the kernel rings no bell of ours
        await asyncio.sleep(_GLANCE)


def _carries(process: int, mark: str) -> bool:
    try:
        return bool(mark) and mark.encode() in _PROC.joinpath(str(process), "environ").read_bytes()
    except OSError:  # somebody else's, or gone
        return False


def _from_proc() -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Number, state, and (group, session) of every process."""
    for entry in _PROC.iterdir():
        fields = _fields(int(entry.name)) if entry.name.isdecimal() else []
        if fields:
            yield int(entry.name), fields[0], (int(fields[2]), int(fields[3]))


def _fields(process: int) -> list[str]:
    """The fields of ``/proc/<process>/stat`` from the third on: the second, the name, may contain anything."""
    try:
        return _PROC.joinpath(str(process), "stat").read_bytes().rpartition(b")")[2].decode().split()
    except OSError:
        return []


def _from_ps() -> Iterator[tuple[int, str, tuple[int, int]]]:
    for line in _ask_ps("-A", "-o", "pid=,pgid=,stat=").splitlines():
        process, group, state = line.split(maxsplit=2)
        yield int(process), state[:1], (int(group), int(group))


def _ask_ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, check=False, text=True).stdout
