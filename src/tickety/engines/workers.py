"""Workers by name: which process, on which machine, since when; and whether it is gone for certain."""

import os
import socket
import subprocess

_SEPARATOR = "/"


def own_name() -> str:
    """This process: ``host/pid-namespace/pid/start``."""
    return _SEPARATOR.join((*_machine(), str(os.getpid()), _started(os.getpid()) or "?"))


def is_gone(worker: str) -> bool:
    """The worker lived on this machine, and its process has ended. False for any other machine: a lease tells."""
    machine = _SEPARATOR.join(_machine()) + _SEPARATOR
    pid, _, started = worker.removeprefix(machine).partition(_SEPARATOR)
    if not worker.startswith(machine) or not pid.isdecimal():
        return False
    return _started(int(pid)) != started


def _machine() -> tuple[str, str]:
    try:
        namespace = os.readlink("/proc/self/ns/pid").removeprefix("pid:")
    except OSError:
        namespace = "-"
    return socket.gethostname().replace(_SEPARATOR, "-"), namespace


def _started(pid: int) -> str | None:
    """When a process began, in any form that never changes while it lives; None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except FileNotFoundError:
        return None if os.path.isdir("/proc/self") else _started_by_ps(pid)
    return None if fields[0] == "Z" else fields[19]


def _started_by_ps(pid: int) -> str | None:
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None
