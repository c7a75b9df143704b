"""The runner port: the one way in which Tickety starts a program (set-up, verification, agents)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run: an argument list, never a shell line.

    ``env`` is the whole environment, but for a mark by which a runner may know what the program started. Standard
    output and error go to ``output`` together, cut at ``output_limit`` bytes (the end is kept: that is where errors
    stand). ``timeout`` is in seconds, and so is ``stall``: how long it may say nothing at all. Both are measured by a
    clock that nobody sets.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    output: Path
    timeout: float
    stdin: Path | None = None
    output_limit: int = 8 * 1024 * 1024
    stall: float | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """How a program ended. ``code`` is None unless it ended by itself; a signal's number is negative."""

    ended: Literal["exited", "timed_out", "stalled", "not_started"]
    code: int | None
    seconds: float
    reason: str = ""


class Runner(Protocol):
    """Runs one program in a process group of its own, and leaves nothing of it behind, be it in the group or not."""

    async def run(self, command: Command) -> Exit:
        """Run to the end. When cancelled, all of it is dead before the cancellation is passed on: in under 5 s."""

    def is_running(self, folder: Path) -> bool:
        """Some program runs on this machine whose output lies in ``folder``, whichever Tickety started it."""

    def end_by_force(self, folder: Path) -> None:
        """End every such program, and all that it started, whichever Tickety runs it: it gets no time to tidy up."""

    def end_leftovers(self, folder: Path) -> None:
        """End what a Tickety that was killed left running, by the notes it kept beside outputs in ``folder``.

        Programs of a Tickety that still runs are left alone.
        """
