"""A simulated week: a project, its tickets, its workers, its people, and what goes wrong. One seed is one week."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from tests.simulation import (
    agents,
    course,
    ends,
    memory_book,
    memory_store,
    people,
    plans,
    purse,
    schedule,
    witness,
    workers,
)
from tickety import store
from tickety.core import catalogue, dependency, errors, events, history, record, ticket, times, verdict, workflow
from tickety.core.policy import Policy
from tickety.desk import finishing, ledger, rules
from tickety.desk.memory import Memory

AFTERMATH = 1.5 * schedule.DAY
"""What is left is brought to its end: nothing is opened, nobody comes, nothing breaks."""

End = Callable[[store.Transaction, str, verdict.End, datetime, Policy], ticket.Ticket]

_STARTS = (
    datetime(2026, 3, 26, 1, tzinfo=UTC),  # summer time begins on Sunday
    datetime(2026, 10, 22, 22, tzinfo=UTC),  # and ends
    datetime(2026, 12, 28, 12, tzinfo=UTC),  # a year ends
    datetime(2028, 2, 26, 23, tzinfo=UTC),  # a leap day
    datetime(2026, 11, 22, 9, tzinfo=UTC),
)
_HOUR = 3600.0


@record.record(frozen=True, slots=True)
class Ways:
    """What a week is run by: the program's own rules, or planted faults."""

    apply: memory_book.Apply = history.apply
    end: End = ledger.end
    attend: Callable[[Memory], object] = rules.attend


OURS = Ways()


@dataclass(slots=True)
class Tally:
    """What happened in a week."""

    tickets: int = 0
    steps: int = 0
    attempts: int = 0
    events: int = 0
    fenced: int = 0
    faults: "Counter[str]" = field(default_factory=Counter)


class World:
    """One week. ``kept`` is an empty store; ``told`` hears its story, line by line."""

    def __init__(
        self, seed: int, ways: Ways = OURS, kept: store.Store | None = None, told: Callable[[str], None] | None = None
    ) -> None:
        self.seed = seed
        self.dice = Random(seed)  # noqa: S311 - chance that can be repeated is the point
        self.project = plans.project(self.dice)
        self.clock = schedule.SimulatedClock(self.dice.choice(_STARTS) + timedelta(seconds=self.dice.randrange(86400)))
        self.schedule = schedule.Schedule(self.clock)
        self.ways = ways
        self.kept: store.Store = kept or memory_store.MemoryStore(memory_book.Book(), ways.apply)  # type: ignore[assignment]
        self.told = told
        self.tally = Tally()
        self.uids: list[str] = []
        self.gone: set[str] = set()
        self.dead: set[str] = set()
        self.witness = witness.Witness(purse.Purse(self.project.policy.limits), self._is_live)
        self._claims: dict[tuple[str, str], store.Claim] = {}
        self._commands = 0
        self._is_stirred = False
        self._changed: set[str] = set()
        self._finished: set[str] = set()
        self.people = people.People(self)
        self.kept.subscribe(self._hear)
        self.workers = [workers.Worker(self, number) for number in range(self.project.processes)]
        self._desk = Memory(self.kept, self.clock, self.dice.randbytes, "agent:PM", _no_catalogue, self._policy)

    def run(self) -> Tally:
        """Live through the week and what is left of it; Violation when an invariant breaks."""
        course.Course(self).begin()
        self.schedule.run(course.WEEK)
        for one in self.workers:
            one.go_on()
            one.rise()
        self.people.are_gone = True
        until = course.WEEK + AFTERMATH
        self.schedule.run(until)
        while self.kept.running(None) and until < course.WEEK + 3 * AFTERMATH:
            until += schedule.DAY / 4  # the budget of another day let something begin late
            self.schedule.run(until)
        self.attend()
        ends.require(self.kept, self.witness, self.clock.now())
        return self.tally

    # What workers, agents and people need.

    def author(self, by: str) -> events.Author:
        """Somebody, now, in a command of its own."""
        self._commands += 1
        return events.Author(by, times.as_text(self.clock.now()), f"c{self._commands}")

    def manager(self) -> events.Author:
        """Tickety itself."""
        return self.author("agent:PM")

    def after(self, seconds: float) -> datetime:
        """The wall clock's time so much later."""
        return self.clock.now() + timedelta(seconds=seconds)

    def beginning(self, subject: ticket.Ticket) -> tuple[events.Draft, ...]:
        """What a ticket's first attempt begins with."""
        if subject.branch is not None:
            return ()
        return (events.Draft("ticket.started", {"branch": f"b/{subject.id}", "base": "c0", "target": "main"}),)

    def hold(self, claim: store.Claim) -> None:
        """A claim was taken or renewed."""
        self._claims[claim.ticket_uid, claim.step] = claim

    def lose(self, performance: schedule.Performance) -> None:
        """An attempt that nobody waits for any more: it ends, or goes on and reports all the same."""
        if workers.survives(self):
            self.fault("reported late")
            self.schedule.after(
                self.dice.uniform(0, _HOUR / 2), lambda: workers.run_alone(self, performance, self._told_late)
            )
        else:
            performance.close()

    def meet(self, fate: str, nonce: str) -> None:
        """An attempt came to that."""
        if fate in agents.FAULTS:
            self.fault(fate, nonce)

    def fault(self, kind: str, about: str = "") -> None:
        """Something went wrong."""
        self.tally.faults[kind] += 1
        self.note(f"fault: {kind} {about}")

    def tell_again(self, ended: agents.Ended, seconds: float) -> None:
        """The same report comes a second time."""
        self.schedule.after(seconds, lambda: self._told_late(ended))

    def record(self, transaction: store.Transaction, ended: agents.Ended) -> None:
        """Record an attempt's end; a report that must count is not turned away."""
        claim = ended.held.claim
        try:
            self.ways.end(
                transaction.by(self.manager()),
                claim.ticket_uid,
                verdict.End(ended.update, ended.outcome),
                self.clock.now(),
                self.project.policy,
            )
        except errors.Refused as refusal:
            if not agents.is_fence(refusal) or self.witness.is_running(claim.ticket_uid, claim.step, claim.attempt):
                raise witness.Violation(f"a report that counts was refused: {refusal}") from refusal
            self.tally.fenced += 1
            self.note(f"fenced off: {ended.held.nonce}")

    def tie(self, waiting: str, kind: ticket.Relationship, other: str) -> None:
        """Link two tickets."""

        def work(transaction: store.Transaction) -> None:
            one, two = transaction.load(waiting), transaction.load(other)
            for tie in dependency.ties(one.id, kind, two.id):
                uid = transaction.uid_of(tie.holder) or ""
                subject = transaction.load(uid)
                transaction.append(subject, dependency.link(subject, tie))

        self.kept.change(self.author(people.ADA), work)

    def attend(self) -> None:
        """Look after the rules, and close what only has to be closed."""
        self.ways.attend(self._desk)
        for uid in sorted(self._changed | self._finished):
            subject = self.kept.load(uid)
            self._finished.discard(uid)
            if subject.status is ticket.Status.IN_PROGRESS and workflow.is_finished(subject):
                self._finished.add(uid)
                finishing.close(self._desk, uid)  # type: ignore[arg-type]  # it needs no more of the desk
        self._changed.clear()

    def note(self, line: str) -> None:
        """Tell a line of the story."""
        if self.told:
            self.told(f"{times.as_text(self.clock.now())}  {line}")

    def _told_late(self, ended: agents.Ended) -> None:
        """A report that comes by itself, outside any turn."""
        self.kept.change(self.manager(), lambda transaction: self.record(transaction, ended))

    def _hear(self, event: events.Event) -> None:
        self.tally.events += 1
        if self.told:
            self._tell(event)
        self.witness.hear(event)
        self._changed.add(event.ticket_uid)
        self.people.hear(event)
        if event.type == "step.started":
            self.tally.attempts += 1
            self.tally.steps += event.attempt == 1
        if not self._is_stirred:
            self._is_stirred = True
            self.schedule.after(2 * self.dice.random(), self._stir_if_ready)

    def _stir_if_ready(self) -> None:
        """Something changed. Looks that would find nothing are leapt over."""
        self._is_stirred = False
        if self.kept.ready(store.Wanted(times.as_text(self.clock.now()), 1)):
            self.stir()

    def stir(self) -> None:
        """Whoever is free looks for work."""
        free = [one for one in self.workers if one.is_free]
        if free:
            self.dice.choice(free).wake(0.0)

    def _is_live(self, uid: str, step: str, attempt: int) -> bool:
        """The attempt's claim has not run out, and its worker is not known to be dead."""
        claim = self._claims.get((uid, step))
        if claim is None or claim.attempt != attempt:
            return False
        return claim.lease_until >= self.clock.now().timestamp() and claim.worker not in self.gone

    def _policy(self) -> Policy:
        return self.project.policy

    def _tell(self, event: events.Event) -> None:
        case = self.witness.cases.get(event.ticket_uid)
        name = case.id if case else event.data.get("id", "")
        shown = {key: value for key, value in event.data.items() if key not in _LONG}
        number = f" #{event.attempt}" if event.attempt else ""
        self.note(f"{name} {event.n}: {event.type}{number} {shown} by {event.by}")


_LONG = frozenset({"orchestration", "update", "description", "metadata", "tags", "origin"})


def _no_catalogue() -> catalogue.Catalogue:
    raise NotImplementedError("nothing is opened by its type's name")
