"""The clock port: time is handed in, so that every rule can be tested without waiting."""

from datetime import UTC, datetime
from time import monotonic
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The wall clock, in UTC. It may jump."""

    def monotonic(self) -> float:
        """Seconds from a fixed point in the past. It never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds go by."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(seconds)
