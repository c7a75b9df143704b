"""The engine of one machine: durable on the store, no server, any number of processes side by side."""

from collections.abc import Callable
from typing import TypeVar

from tickety import clock, engine, store
from tickety.core import events, policy
from tickety.engines import hands, shift, turns, workers

A = TypeVar("A", bound=engine.Held)

SOON = 120.0
"""Seconds ahead that a moment is waited for before a drained engine goes home."""

_GLANCE = 2.0  # seconds between two looks of an engine that has nothing to do


class LocalEngine:
    """Takes turns, and waits between them for what is performed, or for what comes."""

    def __init__(
        self,
        kept: store.Store,
        time: clock.Clock,
        rules: Callable[[], policy.Policy] = policy.usual,
        author: Callable[[], events.Author] | None = None,
    ) -> None:
        self._store = kept
        self._clock = time
        self._rules = rules
        self._turns = turns.Turns(kept, time, rules, author)

    async def drain(self, errand: engine.Errand[A], uids: tuple[str, ...] | None) -> int:
        async with hands.holding(self._store, self._clock, self._rules().lease) as held:
            now = shift.Shift(errand, uids, held)
            while self._turns.take(now) or await self._waits(now):
                await held.any_done()
            return now.performed

    async def stay(self, errand: engine.Errand[A], is_over: Callable[[], bool]) -> None:
        async with hands.holding(self._store, self._clock, self._rules().lease) as held:
            now = shift.Shift(errand, None, held)
            while not is_over():
                if self._turns.take(now):
                    await held.any_done(within=_GLANCE)
                else:
                    await self._clock.sleep(_GLANCE)
                now.forgive(self._clock.monotonic())

    def take(self, errand: engine.Errand[A], wish: engine.Wish) -> A | None:
        return self._turns.grant(errand, wish)

    async def carry(self, errand: engine.Errand[A], held: A) -> None:
        async with hands.holding(self._store, self._clock, self._rules().lease) as holding:
            now = shift.Shift(errand, (), holding)
            holding.perform(held, errand.perform(held))
            while self._turns.take(now):
                await holding.any_done()

    def is_free(self, work: store.Work) -> bool:
        return self._turns.is_free(work)

    def is_gone(self, worker: str) -> bool:
        return workers.is_gone(worker)

    async def _waits(self, now: shift.Shift[A]) -> bool:
        """Wait for a moment that comes soon; False when there is none."""
        ahead = self._turns.ahead(now)
        if ahead is None or ahead > SOON:
            return False
        await self._clock.sleep(ahead)
        now.passed_over.clear()
        return True
