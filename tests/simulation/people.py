"""People: they answer, approve, reject, try again, unblock, pause, cancel, link tickets, or never come."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from tickety import store
from tickety.core import answering, errors, events, lifecycle, moves, ticket, workflow

if TYPE_CHECKING:
    from tests.simulation import world

ADA = "user:ada"

_COMES, _SEES = 0.8, 0.3
_SAYS_YES = 0.7
_DAY = 86400.0
_HOUR = 3600.0

Rule = Callable[[ticket.Ticket], list[events.Draft]]


class People:
    """Those who own the tickets. They hear of what happens, and come after a while."""

    def __init__(self, place: "world.World") -> None:
        self.are_gone = False
        self._place = place

    def hear(self, event: events.Event) -> None:
        """Something happened that may need them."""
        react = self._REACTIONS.get(event.type)
        often = _SEES if event.type == "escalation.raised" else _COMES
        if react and self._place.dice.random() < often:
            delay = self._place.dice.expovariate(1 / self._place.project.patience)
            self._place.schedule.after(delay, lambda: react(self, event))

    def meddle(self) -> None:
        """Do something that nobody asked for."""
        open_ones = [uid for uid in self._place.uids if not self._place.kept.load(uid).is_closed]
        if open_ones:
            self._place.dice.choice(self._MEDDLING)(self, self._place.dice.choice(open_ones))

    def _answer(self, event: events.Event) -> None:
        """To the question, if it is still asked."""
        uid, name, kind = event.ticket_uid, event.data["id"], event.data["kind"]
        when = answering.When(self._place.clock.now(), ADA)
        is_yes = self._place.dice.random() < _SAYS_YES

        def rule(subject: ticket.Ticket) -> list[events.Draft]:
            if kind == "question":
                return answering.answer(subject, name, "that way", when)
            return answering.approve(subject, name, when) if is_yes else answering.reject(subject, name, "no", when)

        self._do(uid, rule)

    def _try_again(self, event: events.Event) -> None:
        def rule(subject: ticket.Ticket) -> list[events.Draft]:
            stuck = workflow.first_unfinished(subject.orchestration, ticket.State.FAILED, ticket.State.WAITING)
            return lifecycle.retry(subject, None) if stuck else moves.unblock(subject)

        self._do(event.ticket_uid, rule)

    def _acknowledge(self, event: events.Event) -> None:
        name = event.data["id"]
        self._do(event.ticket_uid, lambda _: [events.Draft("escalation.acknowledged", {"id": name})])

    def _pause(self, uid: str) -> None:
        at_once = self._place.dice.random() < 1 - _COMES
        self._do(uid, lambda subject: lifecycle.pause(subject, "not now", is_at_once=at_once))
        resumes = self._place.dice.random() < _COMES
        if resumes:
            self._place.schedule.after(self._place.dice.uniform(_HOUR, _DAY), lambda: self._do(uid, lifecycle.resume))

    def _cancel(self, uid: str) -> None:
        self._do(uid, lambda subject: lifecycle.cancel(subject, "nobody needs it"))

    def _block(self, uid: str) -> None:
        self._do(uid, lambda subject: moves.block(subject, "a person said so"))

    def _reopen_step(self, uid: str) -> None:
        """Have something done again that passed."""
        passed = [
            step.name for step in self._place.kept.load(uid).orchestration.steps if step.state is ticket.State.PASSED
        ]
        if passed:
            name = self._place.dice.choice(passed)
            self._do(uid, lambda subject: lifecycle.retry(subject, name))

    def _link(self, uid: str) -> None:
        """A ticket waits for an older one from now on: that way there is no circle."""
        place = self._place.uids.index(uid)
        older = [one for one in self._place.uids[:place] if self._place.kept.load(one).parent is None]
        if older and self._place.kept.load(uid).parent is None:
            kind = self._place.dice.choice((ticket.Relationship.BLOCKED_BY, ticket.Relationship.STARTS_WITH))
            self._place.tie(uid, kind, self._place.dice.choice(older))

    def _do(self, uid: str, rule: Rule) -> None:
        """What a person wants; a rule may refuse it."""

        def work(transaction: store.Transaction) -> None:
            subject = transaction.load(uid)
            self._release_claims(transaction, transaction.append(subject, rule(subject)), subject)

        if self.are_gone:
            return
        try:
            self._place.kept.change(self._place.author(ADA), work)
        except (errors.Refused, errors.NotFound, errors.Usage) as refusal:
            self._place.note(f"refused: {refusal}")

    @staticmethod
    def _release_claims(transaction: store.Transaction, after: ticket.Ticket, before: ticket.Ticket) -> None:
        """Nobody holds what was given back."""
        running = [step for step in before.orchestration.steps if step.state is ticket.State.RUNNING]
        for step in running:
            if after.orchestration.step(step.name).state is not ticket.State.RUNNING:
                transaction.drop_claim(after.uid, step.name)

    _REACTIONS: ClassVar[dict[str, Callable[["People", events.Event], None]]] = {
        "question.asked": _answer,
        "ticket.blocked": _try_again,
        "escalation.raised": _acknowledge,
    }
    _MEDDLING: ClassVar[tuple[Callable[["People", str], None], ...]] = (
        _pause, _pause, _cancel, _block, _reopen_step, _link, _link,
    )  # fmt: skip
