"""An engine's turns, without a wait in them: what ended is recorded, what can begin is begun, the gone are looked for.

A turn is one transaction, of as many tickets as there are. So a commit is shared, and with many ready tickets there
are fewer commits than tickets. How time goes by between two turns is the engine's; a simulation has its own way.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from tickety import clock, engine, store
from tickety.core import errors, events, policy, times
from tickety.engines import hands, shift, supply, workers

A = TypeVar("A", bound=engine.Held)

_ATTENDS = 5.0  # seconds between two looks after the rules
_LOOK_AHEAD = 16  # how many more steps than workers are looked at: some cannot begin


class Turns:
    """Takes what is ready from the store, as much side by side as the policy allows.

    ``is_gone`` says of a worker, by its name, that it has ended for certain.
    """

    def __init__(
        self,
        kept: store.Store,
        time: clock.Clock,
        rules: Callable[[], policy.Policy] = policy.usual,
        author: Callable[[], events.Author] | None = None,
        is_gone: Callable[[str], bool] = workers.is_gone,
    ) -> None:
        self._store = kept
        self._clock = time
        self._rules = rules
        self._author = author or self._plain_author
        self._is_gone = is_gone

    def take(self, now: shift.Shift[A]) -> bool:
        """Record what ended, begin what can; whether anything is being performed now."""
        self._attend(now)
        ended = now.held.collect()
        if ended or self._could_begin(now):
            begun = self._store.change(self._author(), lambda transaction: self._write(transaction, now, ended))
            for one in begun:
                now.held.perform(one, now.errand.perform(one))
            now.performed += len(begun)
        now.held.raise_faults()
        return bool(now.held)

    def grant(self, errand: engine.Errand[A], wish: engine.Wish) -> A | None:
        """Begin one attempt of what somebody wishes for; None when there is nothing of it."""
        return self._store.change(self._author(), lambda transaction: self._grant(transaction, errand, wish))

    def is_free(self, work: store.Work) -> bool:
        """Nobody holds the step: it has no claim, its lease ran out, or its worker is gone for certain."""
        return self._is_free(work, self._now().timestamp())

    def ahead(self, now: shift.Shift[A]) -> float | None:
        """Seconds until the first step that waits for a moment may begin; None when none waits."""
        moment = supply.next_moment(self._store, times.as_text(self._now()), now.uids)
        return max((times.as_moment(moment) - self._now()).total_seconds(), 0.0) if moment else None

    def _write(self, transaction: store.Transaction, now: shift.Shift[A], ended: list[hands.Ended]) -> list[A]:
        for one in ended:
            now.fault(one.uid, one.error or _record(transaction, one.ending))
        return [] if now.held.faults else self._begin(transaction, now)

    def _begin(self, transaction: store.Transaction, now: shift.Shift[A]) -> list[A]:
        begun: list[A] = []
        room = self._room(now)
        for work in self._candidates(transaction, now, room):
            if len(begun) < room and (one := now.begin(transaction, work)) is not None:
                begun.append(one)
        return begun

    def _grant(self, transaction: store.Transaction, errand: engine.Errand[A], wish: engine.Wish) -> A | None:
        faults: list[errors.TicketyError] = []
        for work in self._wished_for(transaction, wish):
            begun = shift.tried(transaction, errand, work)
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

    def _could_begin(self, now: shift.Shift[A]) -> bool:
        """Read only: most looks of an idle engine end here."""
        if self._room(now) < 1 or now.uids == ():
            return False
        ready = self._ready(self._store, now, 1)
        if not ready:
            self._look_for_the_gone(now)
        return any(now.wants(work) for work in (*now.gone, *ready))

    def _candidates(self, transaction: store.Transaction, now: shift.Shift[A], room: int) -> list[store.Work]:
        """Steps of workers that are gone, then steps that are ready, within the slots of their roles."""
        return [work for work in (*now.gone, *self._ready(transaction, now, room)) if now.wants(work)]

    def _ready(self, source: supply.Source, now: shift.Shift[A], room: int) -> list[store.Work]:
        left = supply.left(self._rules().slots, source, self.is_free)
        wanted = store.Wanted(times.as_text(self._now()), room + _LOOK_AHEAD + now.put_aside, left)
        return supply.ready(source, wanted, now.uids)

    def _look_for_the_gone(self, now: shift.Shift[A]) -> None:
        """Steps whose worker has died, or slept past its lease."""
        moment = self._now().timestamp()
        now.gone = [work for work in supply.running(self._store, now.uids) if self._is_free(work, moment)]

    def _is_free(self, work: store.Work, moment: float) -> bool:
        claim = work.claim
        return claim is None or claim.lease_until < moment or self._is_gone(claim.worker)

    def _room(self, now: shift.Shift[A]) -> int:
        return self._rules().workers - len(now.held)

    def _attend(self, now: shift.Shift[A]) -> None:
        moment = self._clock.monotonic()
        if moment >= now.attends_at:
            now.attends_at = moment + _ATTENDS
            now.passed_over.clear()
            self._look_for_the_gone(now)
            now.errand.attend()

    def _now(self) -> datetime:
        return self._clock.now()

    def _plain_author(self) -> events.Author:
        return events.Author("agent:PM", times.as_text(self._now()), "engine")


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
