"""Process groups: how all of one is ended, who is in it, and who it is."""

import asyncio
import os
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


async def end(leader: int, patience: float) -> None:
    """End every process of the group, those that do not go within ``patience`` seconds by force."""
    if is_alive(leader):
        send(leader, signal.SIGTERM)
    await _gone(leader, patience)
    until = time.monotonic() + _LAST_WAIT
    while is_alive(leader) and time.monotonic() < until:
        send(leader, signal.SIGKILL)
        await _gone(leader, _GLANCE)


def kill(leader: int) -> bool:
    """End every process of the group by force, and wait for it; False when none was alive."""
    was_alive = is_alive(leader)
    until = time.monotonic() + _LAST_WAIT
    while is_alive(leader) and time.monotonic() < until:
        send(leader, signal.SIGKILL)
        time.sleep(_GLANCE)
    return was_alive


def send(leader: int, number: signal.Signals) -> None:
    """Send a signal to the group, and to those of its session that made themselves groups of their own."""
    for member in members(leader):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(member, number)
    # Together, for what was born meanwhile.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def is_alive(leader: int) -> bool:
    """Some process of the group, or of its session, is alive."""
    return bool(members(leader))


def members(leader: int) -> list[int]:
    """The living processes of the group and its session."""
    found = _from_proc() if _PROC.joinpath("self", "stat").exists() else _from_ps()
    return [process for process, state, homes in found if leader in homes and state not in _DEAD]


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


async def _gone(leader: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while is_alive(leader) and time.monotonic() < until:  # noqa: ASYNC110  # the kernel rings no bell of ours
        await asyncio.sleep(_GLANCE)


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
