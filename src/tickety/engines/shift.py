"""One call of an engine: its errand, what it holds, and the work that could not begin in it."""

from collections.abc import Coroutine
from typing import Any, Generic, Protocol, TypeVar

from tickety import engine, store
from tickety.core import errors
from tickety.engines import hands

A = TypeVar("A", bound=engine.Held)

_FORGIVES = 60.0  # seconds until an engine that stays tries a ticket again that could not go on


class Hands(Protocol):
    """What an engine holds at a time: the attempts that are performed, and what went wrong with the machine."""

    faults: list[Exception]

    def __len__(self) -> int:
        """How many attempts are performed now."""

    def perform(self, held: engine.Held, performance: Coroutine[Any, Any, engine.Ending | None]) -> None:
        """Let an attempt be performed."""

    def collect(self) -> list[hands.Ended]:
        """How those ended that are done."""

    def fault(self, error: Exception | None) -> None:
        """Something went wrong with the machine: nothing more is begun, and in the end it is told."""

    def raise_faults(self) -> None:
        """The first fault, once there is one."""


class Shift(Generic[A]):
    """``stopped`` are tickets that cannot go on: nothing of them is begun until that is forgiven."""

    def __init__(self, errand: engine.Errand[A], uids: tuple[str, ...] | None, held: Hands) -> None:
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
        begun = None if work.ticket_uid in self.stopped else tried(transaction, self.errand, work)
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


def tried(transaction: store.Transaction, errand: engine.Errand[A], work: store.Work) -> A | errors.TicketyError | None:
    """An attempt of the work, or what stands against it: the rest of the transaction stands."""
    try:
        return transaction.tried(lambda: errand.begin(transaction, work))
    except errors.TicketyError as error:
        return error
