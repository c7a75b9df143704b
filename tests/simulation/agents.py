"""Agents that pass, fail, ask, hang, crash, run into limits, report twice or too late; and what they leave behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.simulation import plans, schedule
from tickety import store
from tickety.core import errors, lifecycle, record, report, ticket, times, verdict
from tickety.desk import ledger

if TYPE_CHECKING:
    from tests.simulation import world

FAULTS = ("failed", "crashed", "hung", "limited", "told twice", "reported late")
"""The fates that are faults."""

_GIVEN_UP = ("crashed", "hung", "limited")  # what was started may live on, and report when another attempt runs

_WEIGHTS = {"failed": 3, "crashed": 3, "hung": 2, "limited": 2, "told twice": 3, "asks": 3, "wants a yes": 2}
_USUAL = 190
_MINUTE = 60.0
_HOUR = 3600.0
_HALF = 0.5


@record.record(frozen=True, slots=True)
class Held:
    """An attempt that was begun. ``timeout`` is in seconds; ``reserved`` what it may use."""

    claim: store.Claim
    timeout: float
    reserved: dict[str, float]

    @property
    def nonce(self) -> str:
        """What its report is known by: no other attempt may be told it."""
        return f"{self.claim.ticket_uid}/{self.claim.step}/{self.claim.attempt}"


@dataclass(frozen=True, slots=True)
class Ended:
    """What an attempt came to, as the engine records it."""

    place: "world.World"
    held: Held
    update: ticket.Update
    outcome: verdict.Outcome

    def record(self, transaction: store.Transaction) -> None:
        """Record it; the fence may turn it away."""
        self.place.record(transaction, self)

    def give_up(self, transaction: store.Transaction, error: Exception) -> None:
        """Give the step back."""
        ledger.release(transaction, self.held.claim, lifecycle.Release("interrupted", str(error)))


@dataclass(slots=True)
class Errand:
    """What a simulated worker does with work that an engine delivers: the real ledger, and agents made of chance."""

    place: "world.World"
    worker: Callable[[], str]
    _fates: tuple[str, ...] = field(default=(*_WEIGHTS, "passed"))

    def begin(self, transaction: store.Transaction, work: store.Work) -> Held | None:
        """Begin an attempt, as ``desk.dispatch`` does."""
        place = self.place
        step = transaction.load(work.ticket_uid).orchestration.step(work.step)
        bid = ledger.Bid(
            agent=step.agent,
            worker=self.worker(),
            secret=place.dice.randbytes(8).hex(),
            now=place.clock.now(),
            lease=place.project.policy.lease,
            timeout=min(2 * _HOUR, step.timeout or 2 * _HOUR),
            is_paid=True,
            beginning=place.beginning(transaction.load(work.ticket_uid)),
        )
        claim = ledger.begin(transaction.by(place.manager()), work, bid, place.project.policy)
        if claim is None:
            return None
        reserved = transaction.load(work.ticket_uid).orchestration.step(work.step).reserved
        return Held(claim, bid.timeout, dict(reserved or {}))

    async def perform(self, held: Held) -> Ended:
        """Take a while, and come to something."""
        dice, place = self.place.dice, self.place
        place.hold(held.claim)
        fate = _fate(dice, place.project)
        length = held.timeout if fate == "hung" else min(dice.expovariate(1 / (25 * _MINUTE)), held.timeout)
        await schedule.pause(length)
        place.meet(fate, held.nonce)
        ended = _ended(place, held, fate, length)
        if fate == "told twice":
            place.tell_again(ended, dice.uniform(0, 3 * _HOUR))
        if fate in _GIVEN_UP and dice.random() < _HALF:
            place.meet("reported late", held.nonce)
            place.tell_again(_ended(place, held, "passed", length), dice.uniform(0, 40 * _MINUTE))
        return ended

    def attend(self) -> None:
        """Look after the rules."""
        self.place.attend()

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        """No simulated ticket has anything against it that the rules do not know."""
        raise AssertionError(f"{uid} cannot go on: {error}")


def _fate(dice: Random, project: plans.Project) -> str:
    chance = dice.random() * _USUAL / project.trouble
    for fate, weight in _WEIGHTS.items():
        chance -= weight
        if chance < 0:
            return fate
    return "passed"


def _ended(place: "world.World", held: Held, fate: str, length: float) -> Ended:
    status, sentence = _SAID.get(fate, (report.Status.PASSED, "done"))
    kind = "approval" if fate == "wants a yes" else "question"
    until = times.as_text(place.after(place.dice.uniform(_MINUTE, _HOUR))) if place.dice.random() < _HALF else None
    outcome = verdict.Outcome(status, sentence, kind, until if fate == "limited" else None)
    return Ended(place, held, _update(place, held, outcome, length), outcome)


def _update(place: "world.World", held: Held, outcome: verdict.Outcome, length: float) -> ticket.Update:
    dice, claim = place.dice, held.claim
    signals = tuple(signal for signal in plans.SIGNALS if dice.random() < _HALF)
    usage = {
        "seconds": length,
        "tokens": dice.choice((None, dice.randint(0, int(held.reserved.get("tokens", 0))))),
        "cost_usd": dice.choice((None, held.reserved.get("cost_usd", 0) * dice.randint(0, 4) / 4)),
    }
    return ticket.Update(
        agent="agent",
        timestamp=times.as_text(place.clock.now()),
        result=outcome.status.value,
        details=outcome.sentence,
        step=claim.step,
        attempt=claim.attempt,
        signals=signals,
        outputs={"report": held.nonce},
        usage=usage,
    )


def is_fence(refusal: errors.Refused) -> bool:
    """The refusal is the fence's."""
    return "is not the running one any more" in refusal.message


_SAID = {
    "failed": (report.Status.FAILED, "it does not work"),
    "crashed": (report.Status.BROKEN, "the agent crashed"),
    "hung": (report.Status.BROKEN, "the agent said nothing for too long"),
    "limited": (report.Status.LIMITED, "a rate limit"),
    "asks": (report.Status.NEEDS_HUMAN, "which way?"),
    "wants a yes": (report.Status.NEEDS_HUMAN, "may it?"),
}
