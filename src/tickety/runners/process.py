"""Running a program to its end: in a session of its own, on a time limit, output kept, nothing left behind."""

import asyncio
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from tickety import runner
from tickety.core import errors
from tickety.runners import groups, leftovers, transcript

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

    def end_leftovers(self, folder: Path) -> None:
        leftovers.end_all(folder)


class _Tee(asyncio.Protocol):
    """Writes what the pipe brings to the transcript. ``broken`` when that cannot be done, ``closed`` at the end."""

    def __init__(self, kept: transcript.Transcript) -> None:
        self._kept = kept
        self.broken = asyncio.Event()
        self.closed = asyncio.Event()
        self.fault: OSError | None = None

    def data_received(self, data: bytes) -> None:
        if self.fault is None:
            try:
                self._kept.write(data)
            except OSError as error:
                self.fault = error
                self.broken.set()

    def connection_lost(self, _: Exception | None) -> None:
        self.closed.set()


async def _live(command: runner.Command, stop: asyncio.Event, patience: float) -> runner.Exit:
    began = asyncio.get_running_loop().time()
    with _written_to(command.output), transcript.Transcript(command.output, command.output_limit) as kept:
        tee = _Tee(kept)
        try:
            process, pipe = await _start(command, tee)
        except (OSError, ValueError) as error:
            return runner.Exit("not_started", None, 0.0, _reason(command, error))
        try:
            with leftovers.noted(command.output, process.pid):
                ended = await _watch(process, command.timeout, (stop, tee.broken))
                seconds = asyncio.get_running_loop().time() - began
                await groups.end(process.pid, patience)
        finally:
            # Reached with the group alive only when the loop itself is taken down.
            groups.kill(process.pid)
            await _drain(tee, pipe)
        if tee.fault is not None:
            raise tee.fault
        with suppress(TimeoutError):  # a process that the kernel holds back is not waited for
            await asyncio.wait_for(process.wait(), _DRAIN)
        return _exit(ended, process.returncode, seconds, command.timeout)


async def _start(command: runner.Command, tee: _Tee) -> tuple[asyncio.subprocess.Process, asyncio.ReadTransport]:
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
                env=dict(command.env),
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
    process: asyncio.subprocess.Process, limit: float, alarms: tuple[asyncio.Event, ...]
) -> Literal["exited", "timed_out"]:
    """Wait for the end of the first process of the group, for an alarm, or for the time to be up."""
    end = asyncio.ensure_future(process.wait())
    rung = [asyncio.ensure_future(alarm.wait()) for alarm in alarms]
    try:
        await asyncio.wait({end, *rung}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        return "exited" if end.done() else "timed_out"
    finally:
        for each in (end, *rung):
            each.cancel()


async def _drain(tee: _Tee, pipe: asyncio.ReadTransport) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(tee.closed.wait(), _DRAIN)
    pipe.close()
    await tee.closed.wait()


def _exit(ended: Literal["exited", "timed_out"], code: int | None, seconds: float, timeout: float) -> runner.Exit:
    if ended == "timed_out":
        return runner.Exit(ended, None, seconds, f"still running after {timeout:g} s")
    return runner.Exit(ended, code, seconds)


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
