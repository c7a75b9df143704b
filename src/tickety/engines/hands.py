"""What an engine holds at a time: attempts that are performed, their claims renewed, their endings collected."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from tickety import clock, engine, store

GLANCE = 1.0
"""Seconds between two looks whether a claim is still ours: what was cancelled has to end within five."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the performance of a ticket's attempt ended: with an ending to record, with an error, or with neither."""

    uid: str
    ending: engine.Ending | None
    error: Exception | None = None


class Hands:
    """Attempts by the task that performs each."""

    def __init__(self, kept: store.Store, time: clock.Clock, lease: float) -> None:
        self._store = kept
        self._clock = time
        self._lease = lease
        self._tasks: dict[asyncio.Task[engine.Ending | None], store.Claim] = {}
        self.faults: list[Exception] = []

    def __len__(self) -> int:
        return len(self._tasks)

    def perform(self, held: engine.Held, performance: Coroutine[Any, Any, engine.Ending | None]) -> None:
        """Let an attempt be performed."""
        self._tasks[asyncio.ensure_future(performance)] = held.claim

    def collect(self) -> list[Ended]:
        """How those ended that are done."""
        return [self._ended(task) for task in [*self._tasks] if task.done()]

    def fault(self, error: Exception | None) -> None:
        """Something went wrong with the machine: nothing more is begun, and in the end it is told."""
        self.faults += [error] if error else []

    def raise_faults(self) -> None:
        """The first fault, once there is one."""
        if self.faults:
            raise self.faults[0]

    async def any_done(self, within: float | None = None) -> None:
        """Wait until something that is performed is done; not for ever where ``within`` (seconds) is given."""
        if not self._tasks:
            return
        await asyncio.wait({*self._tasks, self.keeping}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if self.keeping.done():
            self.keeping.result()

    async def keep(self) -> None:
        """Renew the claims again and again; end the performance of one that is lost."""
        renewed_at = self._clock.monotonic()
        while True:
            await asyncio.sleep(min(GLANCE, self._lease / 4))
            self._let_go()
            if self._clock.monotonic() - renewed_at >= self._lease / 4:
                renewed_at = self._clock.monotonic()
                self._renew()

    async def end(self) -> None:
        """Cancel all of it, and see it end. Waiting for it swallows no cancellation that is meant for us."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    keeping: "asyncio.Task[None]"

    def _ended(self, task: "asyncio.Task[engine.Ending | None]") -> Ended:
        uid = self._tasks.pop(task).ticket_uid
        if task.cancelled():
            return Ended(uid, None)
        error = task.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        return Ended(uid, None if error else task.result(), error)

    def _let_go(self) -> None:
        for task, claim in self._tasks.items():
            held = self._store.claim_of(claim.token)
            if held is None or (held.ticket_uid, held.step, held.attempt) != (
                claim.ticket_uid,
                claim.step,
                claim.attempt,
            ):
                task.cancel()

    def _renew(self) -> None:
        until = self._clock.now().timestamp() + self._lease
        for task, claim in self._tasks.items():
            # A longer lease that somebody asked for is not made shorter.
            if not self._store.renew(replace(claim, lease_until=max(until, claim.lease_until))):
                task.cancel()


@asynccontextmanager
async def holding(kept: store.Store, time: clock.Clock, lease: float) -> AsyncIterator[Hands]:
    """Hands, and their claims kept; nothing is performed any more when this ends, however it does."""
    hands = Hands(kept, time, lease)
    hands.keeping = asyncio.ensure_future(hands.keep())
    try:
        yield hands
    finally:
        hands.keeping.cancel()
        await hands.end()
        await asyncio.wait({hands.keeping})
