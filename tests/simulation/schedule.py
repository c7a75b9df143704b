"""Simulated time: a clock that jumps where it is told to, and what happens when, in one order that a seed decides."""

import heapq
from collections.abc import Callable, Coroutine, Generator
from datetime import datetime, timedelta
from typing import Any

DAY = 86400.0

Action = Callable[[], None]


class SimulatedClock:
    """The wall clock of a simulated machine, which jumps, and its monotonic one, which never does."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._known = 0.0, start
        self.passed = 0.0
        self.jumped = 0.0

    def now(self) -> datetime:
        shown = self.passed + self.jumped
        if self._known[0] != shown:
            self._known = shown, self._start + timedelta(seconds=shown)
        return self._known[1]

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        await pause(seconds)


class Schedule:
    """What is to happen, by the monotonic clock; of two things at one moment the one that was planned first."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._planned: list[tuple[float, int, Action]] = []
        self._number = 0
        self.happened = 0

    def after(self, seconds: float, action: Action) -> None:
        """Something happens so many seconds from now."""
        self._number += 1
        heapq.heappush(self._planned, (self._clock.passed + max(seconds, 0.0), self._number, action))

    def run(self, until: float) -> None:
        """Let everything happen that is planned up to a moment."""
        while self._planned and self._planned[0][0] <= until:
            moment, _, action = heapq.heappop(self._planned)
            self._clock.passed = moment
            self.happened += 1
            action()
        self._clock.passed = until


class _Pause:
    """A wait, handed to whoever drives the coroutine."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __await__(self) -> Generator[float, None, None]:
        yield self._seconds


async def pause(seconds: float) -> None:
    """Let so many simulated seconds go by."""
    await _Pause(seconds)


Performance = Coroutine[Any, Any, Any]
"""What waits by ``pause`` alone: ``send(None)`` gives the seconds of its next wait."""
