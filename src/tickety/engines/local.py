"""The engine of one machine: durable on the store, no server, any number of processes side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from tickety import clock, engine, store
from tickety.engines import workers

A = TypeVar("A", bound=engine.Held)

LEASE = 60.0
"""Seconds that a claim lasts unless it is renewed."""


class LocalEngine:
    """Takes what is ready from the store, one step after the other."""

    def __init__(self, kept: store.Store, time: clock.Clock, lease: float = LEASE) -> None:
        self._store = kept
        self._clock = time
        self._lease = lease

    async def drain(
        self, take: Callable[[store.Work], A | None], perform: Callable[[A], Awaitable[None]], uid: str | None
    ) -> int:
        performed = 0
        while (held := self._take(take, uid)) is not None:
            await self._perform(held, perform)
            performed += 1
        return performed

    def _take(self, take: Callable[[store.Work], A | None], uid: str | None) -> A | None:
        free = (work for work in self._store.work(uid) if self.is_free(work))
        return next((held for work in free if (held := take(work)) is not None), None)

    def is_free(self, work: store.Work) -> bool:
        claim = work.claim
        return claim is None or claim.lease_until < self._now() or workers.is_gone(claim.worker)

    async def _perform(self, held: A, perform: Callable[[A], Awaitable[None]]) -> None:
        performing = asyncio.ensure_future(perform(held))
        renewing = asyncio.ensure_future(self._renew(held.claim))
        try:
            await asyncio.wait({performing, renewing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not performing.done():
                await _end(performing)
            await _end(renewing)
        if not performing.cancelled():
            performing.result()

    async def _renew(self, claim: store.Claim) -> None:
        """Prolong the claim again and again; returns when another worker has taken it over."""
        is_ours = True
        while is_ours:
            await asyncio.sleep(self._lease / 4)
            is_ours = self._store.renew(replace(claim, lease_until=self._now() + self._lease))

    def _now(self) -> float:
        return self._clock.now().timestamp()


async def _end(task: "asyncio.Future[None]") -> None:
    """Cancel a task and see it end. Waiting for it swallows no cancellation that is meant for us."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()
