"""The engine of one machine: durable on the store, no server, any number of processes side by side.

A turn is one transaction: what ended is recorded and the next attempts are begun in it, of as many tickets as there
are. So a commit is shared, and with many ready tickets there are fewer commits than tickets.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from tickety import clock, engine, store
from tickety.core import errors, events, policy, times
from tickety.engines import hands, supply, workers

A = TypeVar("A", bound=engine.Held)

SOON = 120.0
"""Seconds ahead that a moment is waited for before a drained engine goes home."""

_GLANCE = 2.0  # seconds between two looks of an engine that has nothing to do
_ATTENDS = 5.0  # seconds between two looks after the rules
_FORGIVES = 60.0  # seconds until an engine that stays tries a ticket again that could not go on
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

    async def drain(self, errand: engine.Errand[A], uids: tuple[str, ...] | None) -> int:
        async with hands.holding(self._store, self._clock, self._rules().lease) as held:
            shift = _Shift(errand, uids, held)
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
                shift.forgive(self._clock.monotonic())

    def take(self, errand: engine.Errand[A], wish: engine.Wish) -> A | None:
        return self._store.change(self._author(), lambda transaction: self._take(transaction, errand, wish))

    async def carry(self, errand: engine.Errand[A], held: A) -> None:
        async with hands.holding(self._store, self._clock, self._rules().lease) as held_now:
            shift = _Shift(errand, (), held_now)
            held_now.perform(held, errand.perform(held))
            while self._turn(shift):
                await held_now.any_done()

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

    def _write(self, transaction: store.Transaction, shift: "_Shift[A]", ended: list[hands.Ended]) -> list[A]:
        for one in ended:
            shift.fault(one.uid, one.error or _record(transaction, one.ending))
        return [] if shift.held.faults else self._begin(transaction, shift)

    def _begin(self, transaction: store.Transaction, shift: "_Shift[A]") -> list[A]:
        begun: list[A] = []
        room = self._room(shift)
        for work in self._candidates(transaction, shift, room):
            if len(begun) < room and (one := shift.begin(transaction, work)) is not None:
                begun.append(one)
        return begun

    def _take(self, transaction: store.Transaction, errand: engine.Errand[A], wish: engine.Wish) -> A | None:
        faults: list[errors.TicketyError] = []
        for work in self._wished_for(transaction, wish):
            begun = _tried(transaction, errand, work)
            if isinstance(begun, errors.TicketyError):
                faults.append(begun)
            elif begun is not None:
                return begun
        if faults:
            raise faults[0]
        return None

    def _wished_for(self, transaction: store.Transaction, wish: engine.Wish) -> list[store.Work]:
        gone = [work for work in transaction.running(wish.uid) if self.is_free(work)]
        left = supply.left(self._rules().slots, transaction, self.is_free)
        wanted = store.Wanted(times.as_text(self._now()), _LOOK_AHEAD, left, wish.uid, wish.roles)
        found = [*gone, *transaction.ready(wanted)]
        return [
            work for work in found if wish.step in {None, work.step} and (not wish.roles or work.role in wish.roles)
        ]

    def _could_begin(self, shift: "_Shift[A]") -> bool:
        """Read only: most looks of an idle engine end here."""
        room = self._room(shift)
        if room <= 0 or shift.uids == ():
            return False
        if not supply.ready(self._store, self._wanted(self._store, 1), shift.uids):
            self._look_for_the_gone(shift)
        return bool(self._candidates(self._store, shift, 1))

    def _candidates(self, source: supply.Source, shift: "_Shift[A]", room: int) -> list[store.Work]:
        """Steps of workers that are gone, then steps that are ready, within the slots of their roles."""
        wanted = self._wanted(source, room + _LOOK_AHEAD + shift.put_aside)
        return [work for work in (*shift.gone, *supply.ready(source, wanted, shift.uids)) if shift.wants(work)]

    def _wanted(self, source: supply.Source, limit: int) -> store.Wanted:
        left = supply.left(self._rules().slots, source, self.is_free)
        return store.Wanted(times.as_text(self._now()), limit, left)

    def _look_for_the_gone(self, shift: "_Shift[A]") -> None:
        """Steps whose worker has died, or slept past its lease."""
        shift.gone = [work for work in supply.running(self._store, shift.uids) if self.is_free(work)]

    def _room(self, shift: "_Shift[A]") -> int:
        return self._rules().workers - len(shift.held)

    async def _waits(self, shift: "_Shift[A]") -> bool:
        """Wait for a moment that comes soon; False when there is none."""
        moment = supply.next_moment(self._store, times.as_text(self._now()), shift.uids)
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
    """One call of the engine: its errand, what it holds, and the work that could not begin in it.

    ``stopped`` are tickets that cannot go on: nothing of them is begun until that is forgiven.
    """

    def __init__(self, errand: engine.Errand[A], uids: tuple[str, ...] | None, held: hands.Hands) -> None:
        self.errand = errand
        self.uids = uids
        self.held = held
        self.performed = 0
        self.attends_at = 0.0
        self.forgives_at: float | None = None
        self.gone: list[store.Work] = []
        self.passed_over: set[store.Work] = set()
        self.stopped: set[str] = set()

    def begin(self, transaction: store.Transaction, work: store.Work) -> A | None:
        """An attempt of the work; None, and not tried again for a while, when it cannot begin."""
        begun = None if work.ticket_uid in self.stopped else _tried(transaction, self.errand, work)
        if isinstance(begun, errors.TicketyError):
            self.fault(work.ticket_uid, begun)
            begun = None
        if begun is None:
            self.passed_over.add(work)
        return begun

    def fault(self, uid: str, error: Exception | None) -> None:
        """Something went wrong. With a ticket: it is told, and the others go on. With the machine: all is ended."""
        if isinstance(error, errors.TicketyError) and not isinstance(error, errors.Failed):
            self.stopped.add(uid)
            self.errand.stop(uid, error)
        else:
            self.held.fault(error)

    def wants(self, work: store.Work) -> bool:
        """It was not put aside."""
        return work not in self.passed_over and work.ticket_uid not in self.stopped

    @property
    def put_aside(self) -> int:
        """How much of the work that is ready may be in the way of the rest."""
        return len(self.passed_over) + len(self.stopped)

    def forgive(self, now: float) -> None:
        """Let tickets be tried again that could not go on a while ago."""
        if not self.stopped or self.forgives_at is None:
            self.forgives_at = now + _FORGIVES
        elif now >= self.forgives_at:
            self.stopped.clear()


def _tried(
    transaction: store.Transaction, errand: engine.Errand[A], work: store.Work
) -> A | errors.TicketyError | None:
    """An attempt of the work, or what stands against it: the rest of the transaction stands."""
    try:
        return transaction.tried(lambda: errand.begin(transaction, work))
    except errors.TicketyError as error:
        return error


def _record(transaction: store.Transaction, ending: engine.Ending | None) -> Exception | None:
    """Record an ending; what went wrong with it, after its step was given back. The others' endings stand."""
    if ending is None:
        return None
    try:
        transaction.tried(lambda: ending.record(transaction))
    except errors.TicketyError as error:
        fault = error
    else:
        return None
    transaction.tried(lambda: ending.give_up(transaction, fault))
    return fault
