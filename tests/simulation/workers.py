"""Worker processes: the engine's own turns, in simulated time. They die, are stopped past their leases, come again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from tests.simulation import agents, schedule
from tickety import engine, store
from tickety.core.record import replace
from tickety.engines import hands, shift, turns

if TYPE_CHECKING:
    from tests.simulation import world

_HALF = 0.5
_SURVIVES = 0.3


class Hands:
    """The attempts that a simulated process performs: coroutines that wait in simulated time."""

    faults: list[Exception]

    def __init__(self, place: "world.World", worker: "Worker") -> None:
        self.faults = []
        self._place = place
        self._worker = worker
        self._going: dict[int, tuple[store.Claim, schedule.Performance]] = {}
        self._done: list[hands.Ended] = []
        self._stopped: list[int] = []
        self._number = 0

    def __len__(self) -> int:
        return len(self._going) + len(self._done)

    def perform(self, held: engine.Held, performance: schedule.Performance) -> None:
        self._number += 1
        self._going[self._number] = held.claim, performance
        self._go_on(self._number)
        self._worker.keep()

    def collect(self) -> list[hands.Ended]:
        done, self._done = self._done, []
        return done

    def fault(self, error: Exception | None) -> None:
        self.faults += [error] if error else []

    def raise_faults(self) -> None:
        if self.faults:
            raise self.faults[0]

    def keep(self) -> None:
        """Renew the claims; give up what is performed under one that is lost."""
        until = self._place.clock.now().timestamp() + self._place.project.policy.lease
        for number, (claim, performance) in list(self._going.items()):
            renewed = replace(claim, lease_until=until)
            if self._place.kept.renew(renewed):
                self._place.hold(renewed)
            else:
                del self._going[number]
                self._place.lose(performance)

    def resume(self) -> None:
        """Go on with what was stopped."""
        stopped, self._stopped = self._stopped, []
        for number in stopped:
            self._go_on(number)

    def end(self) -> None:
        """The process is gone; what it started may live on, and report when nobody expects it."""
        for _, performance in self._going.values():
            self._place.lose(performance)
        self._going.clear()

    def _go_on(self, number: int) -> None:
        if number not in self._going:
            return
        if self._worker.is_stopped:
            self._stopped.append(number)
            return
        try:
            seconds = self._going[number][1].send(None)
        except StopIteration as done:
            claim, _ = self._going.pop(number)
            self._done.append(hands.Ended(claim.ticket_uid, cast("engine.Ending", done.value)))
            self._worker.wake(0.0)
        else:
            self._place.schedule.after(seconds, lambda: self._go_on(number))


class Worker:
    """One process, from its start to its end, and its successors: each has a name of its own."""

    def __init__(self, place: "world.World", number: int) -> None:
        self.is_up = True
        self.is_stopped = False
        self._place = place
        self._number = number
        self._life = 0
        self._wakes_at: float | None = None
        self._keeps = False
        self._turns = turns.Turns(
            place.kept, place.clock, lambda: place.project.policy, place.manager, place.gone.__contains__
        )
        self._begin()

    @property
    def name(self) -> str:
        """The process's name."""
        return f"worker-{self._number}.{self._life}"

    @property
    def is_free(self) -> bool:
        """It runs, and could begin something."""
        return self.is_up and not self.is_stopped and len(self._hands) < self._place.project.policy.workers

    def wake(self, seconds: float) -> None:
        """Take a turn so many seconds from now, if none comes earlier."""
        at = self._place.clock.passed + max(seconds, 0.0)
        if self._wakes_at is None or at < self._wakes_at:
            self._wakes_at = at
            self._place.schedule.after(seconds, self._woken)

    def keep(self) -> None:
        """Renew every quarter of a lease, while something is held."""
        if not self._keeps:
            self._keeps = True
            self._place.schedule.after(self._place.project.policy.lease / 4, self._look_after)

    def die(self, *, is_seen: bool) -> None:
        """kill -9. ``is_seen``: whoever looks on this machine knows at once; else only the lease tells."""
        self.is_up = self.is_stopped = False
        if is_seen:
            self._place.gone.add(self.name)
        self._place.dead.add(self.name)
        self._hands.end()

    def rise(self) -> None:
        """Another process takes its place."""
        if not self.is_up:
            self._life += 1
            self.is_up = True
            self._begin()
            self.wake(0.0)

    def stop(self) -> None:
        """SIGSTOP."""
        self.is_stopped = True

    def go_on(self) -> None:
        """SIGCONT: what it was about to do comes first, or the look at its claims does."""
        if not self.is_stopped:
            return
        self.is_stopped = False
        if self._place.dice.random() < _HALF:
            self._hands.keep()
        self._hands.resume()
        self.keep()
        self.wake(0.0)

    def _begin(self) -> None:
        life = self.name
        self._hands = Hands(self._place, self)
        errand = agents.Errand(self._place, lambda: life)
        self._shift: shift.Shift[agents.Held] = shift.Shift(errand, None, self._hands)

    def _woken(self) -> None:
        if self._wakes_at is None or self._wakes_at > self._place.clock.passed:
            return
        self._wakes_at = None
        if self.is_up and not self.is_stopped:
            self._turns.take(self._shift)
            ahead = self._turns.ahead(self._shift)
            if ahead is not None:
                self.wake(ahead + 1)

    def _look_after(self) -> None:
        self._keeps = False
        if self.is_up and not self.is_stopped and len(self._hands):
            self._hands.keep()
            self.keep()


def run_alone(place: "world.World", performance: schedule.Performance, told: Callable[[Any], None]) -> None:
    """Drive what nobody waits for any more to its end."""
    try:
        seconds = performance.send(None)
    except StopIteration as done:
        told(done.value)
    else:
        place.schedule.after(seconds, lambda: run_alone(place, performance, told))


def survives(place: "world.World") -> bool:
    """What a process started lives on when it is gone."""
    return place.dice.random() < _SURVIVES
