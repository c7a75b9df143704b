"""Running a program to its end: in a session of its own, on a time limit, output kept, nothing left behind."""

import asyncio
import errno
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from tickety import runner
from tickety.core import errors
from tickety.runners import groups, leftovers, transcript

_Ended = Literal["exited", "timed_out", "stalled"]
_DRAIN = 0.5  # seconds that a program outside the group may still hold the output open
_REASONS = {
    errno.ENOENT: "was not found, or the interpreter it names was not",
    errno.EACCES: "may not be executed",
    errno.E2BIG: "was given too many arguments, or too large an environment",
}


class ProcessRunner:
    """Programs as processes of this machine.

    ``patience``: seconds that a program which has to end gets to do so by itself.
    """

    def __init__(self, patience: float = 2.0) -> None:
        self._patience = patience

    async def run(self, command: runner.Command) -> runner.Exit:
        # A task of its own: a cancellation must not reach it before its group is dead.
        stop = asyncio.Event()
        life = asyncio.ensure_future(_live(command, stop, self._patience))
        cancelled: asyncio.CancelledError | None = None
        while not life.done():
            try:
                await asyncio.wait({life})
            except asyncio.CancelledError as error:
                stop.set()
                cancelled = error
        if cancelled is not None:
            raise cancelled
        return life.result()

    def is_running(self, folder: Path) -> bool:
        return leftovers.is_running(folder)

    def end_by_force(self, folder: Path) -> None:
        leftovers.end_by_force(folder)

    def end_leftovers(self, folder: Path) -> None:
        leftovers.end_all(folder)


class _Tee(asyncio.Protocol):
    """Writes what the pipe brings to the transcript. ``broken`` when that cannot be done, ``closed`` at the end."""

    def __init__(self, kept: transcript.Transcript) -> None:
        self._kept = kept
        self.broken = asyncio.Event()
        self.closed = asyncio.Event()
        self.fault: OSError | None = None
        self.last_heard = _now()

    def data_received(self, data: bytes) -> None:
        self.last_heard = _now()
        if self.fault is None:
            try:
                self._kept.write(data)
            except OSError as error:
                self.fault = error
                self.broken.set()

    def connection_lost(self, _: Exception | None) -> None:
        self.closed.set()


async def _live(command: runner.Command, stop: asyncio.Event, patience: float) -> runner.Exit:
    began = _now()
    mark = groups.new_mark()
    with _written_to(command.output), transcript.Transcript(command.output, command.output_limit) as kept:
        tee = _Tee(kept)
        try:
            process, pipe = await _start(command, tee, mark)
        except (OSError, ValueError) as error:
            return runner.Exit("not_started", None, 0.0, _reason(command, error))
        try:
            with leftovers.noted(command.output, process.pid, mark):
                ended = await _watch(process, command, tee, stop)
                seconds = _now() - began
                await groups.end(process.pid, patience, mark)
        except BaseException:
            # The loop itself is taken down, or the note could not be written.
            groups.kill(process.pid, mark)
            raise
        finally:
            await _drain(tee, pipe)
        if tee.fault is not None:
            raise tee.fault
        with suppress(TimeoutError):  # a process that the kernel holds back is not waited for
            await asyncio.wait_for(process.wait(), _DRAIN)
        return runner.Exit(ended, process.returncode if ended == "exited" else None, seconds, _why(ended, command))


async def _start(
    command: runner.Command, tee: _Tee, mark: str
) -> tuple[asyncio.subprocess.Process, asyncio.ReadTransport]:
    """The process, and the reading end of its output. A pipe of ours: asyncio would wait for whoever holds its own."""
    if not command.argv:
        raise ValueError("there is no program among them")
    reading, writing = os.pipe()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: tee, os.fdopen(reading, "rb", buffering=0))
    try:
        with _input(command.stdin) as standard_input:
            process = await asyncio.create_subprocess_exec(
                *command.argv,
                cwd=command.cwd,
                env={**command.env, groups.MARK: mark},
                stdin=standard_input,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
    except BaseException:
        pipe.close()
        raise
    finally:
        os.close(writing)
    return process, pipe


@contextmanager
def _input(path: Path | None) -> Iterator[int]:
    descriptor = os.open(path or os.devnull, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


async def _watch(
    process: asyncio.subprocess.Process, command: runner.Command, tee: _Tee, stop: asyncio.Event
) -> _Ended:
    """Wait for the end of the first process of the group, for an alarm, or for one of the limits."""
    until = _now() + command.timeout
    end = asyncio.ensure_future(process.wait())
    waited_for = {end, *(asyncio.ensure_future(alarm.wait()) for alarm in (stop, tee.broken))}
    try:
        while not any(one.done() for one in waited_for):
            limit = min(until, tee.last_heard + (command.stall or math.inf))
            if limit <= _now():
                return "timed_out" if limit == until else "stalled"
            await asyncio.wait(waited_for, timeout=limit - _now(), return_when=asyncio.FIRST_COMPLETED)
        return "exited" if end.done() else "timed_out"
    finally:
        for one in waited_for:
            one.cancel()


async def _drain(tee: _Tee, pipe: asyncio.ReadTransport) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(tee.closed.wait(), _DRAIN)
    pipe.close()
    await tee.closed.wait()


def _why(ended: _Ended, command: runner.Command) -> str:
    match ended:
        case "timed_out":
            return f"still running after {command.timeout:g} s"
        case "stalled":
            return f"without a word for {command.stall:g} s"
        case "exited":
            return ""


def _now() -> float:
    """The loop's clock: nobody sets it."""
    return asyncio.get_running_loop().time()


def _reason(command: runner.Command, error: OSError | ValueError) -> str:
    """Why a program could not be started, in a person's words."""
    if not command.cwd.is_dir():
        return f"the folder {command.cwd} does not exist"
    if command.stdin is not None and not command.stdin.exists():
        return f"its input {command.stdin} does not exist"
    if isinstance(error, ValueError):
        return f"its arguments cannot be passed on: {error}"
    about = _REASONS.get(error.errno or 0, f"could not be started: {error.strerror}")
    return f"{command.argv[0]} {about}"


@contextmanager
def _written_to(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise errors.Failed(
            f"the output could not be kept in {output}: {error.strerror}",
            hint="Make room on the disk, or check who may write there; then run it again.",
        ) from error
