"""One writer at a time, across processes, in the order the kernel wakes them.

SQLite before 3.51.3 (and 3.50.7, 3.44.6) can lose a commit when a checkpoint that resets the log races with
another connection's write. A lock file around every write, checkpoint included, leaves nothing to race with,
and lets a writer that waits in vain say who it waited for.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tickety.core import errors

PATIENCE = 60.0
_PAUSES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)


@contextmanager
def held(path: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock; Refused, naming the holder, when it is not free within ``patience`` seconds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, patience)
        with suppress(OSError):  # on a full disk the lock holds all the same
            os.pwrite(descriptor, f"{os.getpid():<20}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, patience: float) -> None:
    give_up = time.monotonic() + patience
    for pause in _pauses():
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise _busy(descriptor, patience) from None
            time.sleep(pause)
        else:
            return


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


def _busy(descriptor: int, patience: float) -> errors.Refused:
    holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
    return errors.Refused(
        f"the ticket store has been held by process {holder} for {patience:.0f} s",
        f"see what it does (ps -p {holder}), then try again",
    )
