"""The engine of one machine: durable on the store, no server, any number of processes side by side.

A turn is one transaction: what ended is recorded and the next attempts are begun in it, of as many tickets as there
are. So a commit is shared, and with many ready tickets there are fewer commits than tickets.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

from tickety import clock, engine, store
from tickety.core import errors, events, policy, roster, times
from tickety.engines import hands, workers

A = TypeVar("A", bound=engine.Held)
Source = store.Transaction | store.Store

SOON = 120.0
"""Seconds ahead that a moment is waited for before a drained engine goes home."""

_GLANCE = 2.0  # seconds between two looks of an engine that has nothing to do
_ATTENDS = 5.0  # seconds between two looks after the rules
_LOOK_AHEAD = 16  # how many more steps than workers are looked at: some cannot begin


class LocalEngine:
    """Takes what is ready from the store, as much side by side as the policy allows."""

    def __init__(
        self,
        kept: store.Store,
        time: clock.Clock,
        rules: Callable[[], policy.Policy] = lambda: policy.USUAL,
        author: Callable[[], events.Author] | None = None,
    ) -> None:
        self._store = kept
        self._clock = time
        self._rules = rules
        self._author = author or self._plain_author

    async def drain(self, errand: engine.Errand[A], uid: str | None) -> int:
        async with hands.holding(self._store, self._clock, self._rules().lease) as held:
            shift = _Shift(errand, uid, held)
            while self._turn(shift) or await self._waits(shift):
                await held.any_done()
            return shift.performed

    async def stay(self, errand: engine.Errand[A], is_over: Callable[[], bool]) -> None:
        async with hands.holding(self._store, self._clock, self._rules().lease) as held:
            shift = _Shift(errand, None, held)
            while not is_over():
                if self._turn(shift):
                    await held.any_done(within=_GLANCE)
                else:
                    await self._clock.sleep(_GLANCE)

    def is_free(self, work: store.Work) -> bool:
        claim = work.claim
        return claim is None or claim.lease_until < self._now().timestamp() or self.is_gone(claim.worker)

    def is_gone(self, worker: str) -> bool:
        return workers.is_gone(worker)

    def _turn(self, shift: "_Shift[A]") -> bool:
        """Record what ended, begin what can; whether anything is being performed now."""
        self._attend(shift)
        ended = shift.held.collect()
        if ended or self._could_begin(shift):
            begun = self._store.change(self._author(), lambda transaction: self._write(transaction, shift, ended))
            for one in begun:
                shift.held.perform(one, shift.errand.perform(one))
            shift.performed += len(begun)
        shift.held.raise_faults()
        return bool(shift.held)

    def _write(self, transaction: store.Transaction, shift: "_Shift[A]", ended: list[engine.Ending]) -> list[A]:
        for ending in ended:
            shift.held.fault(_record(transaction, ending))
        return [] if shift.held.faults else self._begin(transaction, shift)

    def _begin(self, transaction: store.Transaction, shift: "_Shift[A]") -> list[A]:
        begun: list[A] = []
        room = self._room(shift)
        for work in self._candidates(transaction, shift, room):
            if len(begun) < room and (one := shift.begin(transaction, work)) is not None:
                begun.append(one)
        return begun

    def _could_begin(self, shift: "_Shift[A]") -> bool:
        """Read only: most looks of an idle engine end here."""
        room = self._room(shift)
        if room and not self._store.ready(self._wanted(self._store, shift, 1)):
            self._look_for_the_gone(shift)
        return room > 0 and bool(self._candidates(self._store, shift, 1))

    def _candidates(self, source: Source, shift: "_Shift[A]", room: int) -> list[store.Work]:
        """Steps of workers that are gone, then steps that are ready, within the slots of their roles."""
        ready = source.ready(self._wanted(source, shift, room + _LOOK_AHEAD))
        return [work for work in (*shift.gone, *ready) if work not in shift.passed_over]

    def _wanted(self, source: Source, shift: "_Shift[A]", limit: int) -> store.Wanted:
        slots = self._rules().slots
        left = _left(slots, (work for work in source.running(None) if not self.is_free(work))) if slots else {}
        return store.Wanted(times.as_text(self._now()), limit, left, shift.uid)

    def _look_for_the_gone(self, shift: "_Shift[A]") -> None:
        """Steps whose worker has died, or slept past its lease."""
        shift.gone = [work for work in self._store.running(shift.uid) if self.is_free(work)]

    def _room(self, shift: "_Shift[A]") -> int:
        return self._rules().workers - len(shift.held)

    async def _waits(self, shift: "_Shift[A]") -> bool:
        """Wait for a moment that comes soon; False when there is none."""
        moment = self._store.next_moment(times.as_text(self._now()), shift.uid)
        ahead = (times.as_moment(moment) - self._now()).total_seconds() if moment else SOON + 1
        if ahead > SOON:
            return False
        await self._clock.sleep(max(ahead, 0.0))
        shift.passed_over.clear()
        return True

    def _attend(self, shift: "_Shift[A]") -> None:
        now = self._clock.monotonic()
        if now >= shift.attends_at:
            shift.attends_at = now + _ATTENDS
            shift.passed_over.clear()
            self._look_for_the_gone(shift)
            shift.errand.attend()

    def _now(self) -> datetime:
        return self._clock.now()

    def _plain_author(self) -> events.Author:
        return events.Author("agent:PM", times.as_text(self._now()), "engine")


class _Shift(Generic[A]):
    """One call of the engine: its errand, what it holds, and the work that could not begin in it."""

    def __init__(self, errand: engine.Errand[A], uid: str | None, held: hands.Hands) -> None:
        self.errand = errand
        self.uid = uid
        self.held = held
        self.performed = 0
        self.attends_at = 0.0
        self.gone: list[store.Work] = []
        self.passed_over: set[store.Work] = set()

    def begin(self, transaction: store.Transaction, work: store.Work) -> A | None:
        """An attempt of the work; None, and not tried again for a while, when it cannot begin.

        What goes wrong is told once all that ended is safe.
        """
        try:
            begun = transaction.tried(lambda: self.errand.begin(transaction, work))
        except errors.TicketyError as error:
            self.held.fault(error)
            begun = None
        if begun is None:
            self.passed_over.add(work)
        return begun


def _left(slots: Mapping[str, int], running: Iterable[store.Work]) -> dict[str, int]:
    """How many more of each role may run. Slots are named as people do: ``QA``; work by the whole name."""
    left = {roster.role(name).agent: number for name, number in slots.items()}
    for work in running:
        if work.role in left:
            left[work.role] = max(left[work.role] - 1, 0)
    return left


def _record(transaction: store.Transaction, ending: engine.Ending) -> Exception | None:
    """Record an ending; what went wrong with it, after its step was given back. The others' endings stand."""
    try:
        transaction.tried(lambda: ending.record(transaction))
    except errors.TicketyError as error:
        fault = error
    else:
        return None
    transaction.tried(lambda: ending.give_up(transaction, fault))
    return fault
