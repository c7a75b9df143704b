"""What happens by itself in a week: tickets arrive, people meddle, workers die and are stopped, the clock jumps."""

from typing import TYPE_CHECKING

from tests.simulation import people, plans, schedule, workers
from tickety import store
from tickety.core import ids, ticket, times

if TYPE_CHECKING:
    from tests.simulation import world

WEEK = 7 * schedule.DAY
_JUMPS = (3600.0, -3600.0, 60.0, -60.0, 86400.0, -86400.0, 0.5, -7200.0)
_GLANCE, _HOUR = 6 * 3600.0, 3600.0
_EPIC, _LINKED, _SEEN = 0.12, 0.15, 0.5


class Course:
    """The course of one week."""

    def __init__(self, place: "world.World") -> None:
        self._place = place

    def begin(self) -> None:
        """Plan what happens when."""
        for _ in range(self._place.dice.randint(10, 34)):
            self._place.schedule.after(self._place.dice.uniform(0, 0.8 * WEEK), self._arrive)
        for _ in range(self._place.dice.randint(2, 8)):
            self._place.schedule.after(self._place.dice.uniform(0, WEEK), self._place.people.meddle)
        for _ in range(round(self._place.dice.randint(0, 6) * self._place.project.trouble)):
            self._place.schedule.after(self._place.dice.uniform(0, WEEK), self._go_wrong)
        self._every(2 * _HOUR, self._place.attend)
        self._every(_GLANCE, self._glance)

    def _every(self, seconds: float, action: schedule.Action) -> None:
        def again() -> None:
            action()
            self._place.schedule.after(seconds, again)

        self._place.schedule.after(seconds, again)

    def _glance(self) -> None:
        for one in self._place.workers:
            one.wake(0.0)

    def _arrive(self) -> None:
        parts = self._place.dice.randint(2, 4) if self._place.dice.random() < _EPIC else 0
        uid = self._open(None)
        parent = self._place.kept.load(uid).id
        for number in range(parts):
            child = self._open(parent)
            if number == 0 and self._place.dice.random() < _EPIC:
                self._open(self._place.kept.load(child).id)
        older = [one for one in self._place.uids[:-1] if self._place.kept.load(one).parent is None]
        if not parts and older and self._place.dice.random() < _LINKED:
            kind = self._place.dice.choice((ticket.Relationship.BLOCKED_BY, ticket.Relationship.STARTS_WITH))
            self._place.tie(uid, kind, self._place.dice.choice(older))

    def _open(self, parent: str | None) -> str:
        kind = self._place.dice.choice(tuple(plans.PREFIXES))
        now = self._place.clock.now()
        uid = ids.uuid7(int(now.timestamp() * 1000), self._place.dice.randbytes(10))

        def work(transaction: store.Transaction) -> None:
            number = transaction.take_number(plans.PREFIXES[kind], now.year)
            name = ids.format_id(plans.PREFIXES[kind], now.year, number)
            transaction.open(uid, plans.opening(self._place.dice, name, kind, now, parent))

        self._place.kept.change(self._place.author(people.ADA), work)
        self._place.uids.append(uid)
        self._place.tally.tickets += 1
        return uid

    def _go_wrong(self) -> None:
        one = self._place.dice.choice(self._place.workers)
        self._place.dice.choice((self._kill, self._stop, self._jump))(one)

    def _kill(self, one: workers.Worker) -> None:
        if one.is_up:
            self._place.fault("worker died", one.name)
            one.die(is_seen=self._place.dice.random() < _SEEN)
            self._place.schedule.after(self._place.dice.uniform(60, 6 * _HOUR), one.rise)
            self._stir_when_leases_end()

    def _stop(self, one: workers.Worker) -> None:
        if one.is_up and not one.is_stopped:
            lease = self._place.project.policy.lease
            length = self._place.dice.choice(
                (self._place.dice.uniform(0.2, 3) * lease, lease + self._place.dice.uniform(0, _HOUR / 2))
            )
            self._place.fault("worker stopped", f"{one.name} for {times.in_words(length)}")
            one.stop()
            self._place.schedule.after(length, one.go_on)
            self._stir_when_leases_end()

    def _jump(self, one: workers.Worker) -> None:
        del one
        seconds = self._place.dice.choice(_JUMPS)
        self._place.fault("clock jumped", f"by {seconds:+} s")
        self._place.clock.jumped += seconds
        self._place.stir()

    def _stir_when_leases_end(self) -> None:
        self._place.stir()
        self._place.schedule.after(self._place.project.policy.lease + 1, self._place.stir)
