"""The engine port: delivers ready steps to a worker, one holder each. What follows from them it does not know."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from tickety import store
from tickety.core import errors, record

A = TypeVar("A", bound="Held")


class Held(Protocol):
    """An attempt that was begun, and the claim it is held under."""

    @property
    def claim(self) -> store.Claim:
        """The claim to be renewed while the attempt runs."""


class Ending(Protocol):
    """What an attempt came to, to be told to the store in one go with what others came to."""

    def record(self, transaction: store.Transaction) -> None:
        """Record it. Refused, with nothing changed, when it cannot be; an attempt that lost its claim is no error."""

    def give_up(self, transaction: store.Transaction, error: Exception) -> None:
        """It could not be recorded: give the step back."""


class Errand(Protocol[A]):
    """What is done with work: the desk's side of the engine."""

    def begin(self, transaction: store.Transaction, work: store.Work) -> A | None:
        """Begin an attempt under a claim; None when there is nothing to perform. Refused: another one was first."""

    async def perform(self, held: A) -> Ending | None:
        """Do it. None when it was ended otherwise. Cancelled when its claim is lost, or nobody waits any more."""

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        """A ticket cannot go on now, and why; the others do. Its step was given back."""

    def attend(self) -> None:
        """Look after the rules: called now and then, whether there is work or not."""


@record.record(frozen=True, slots=True)
class Wish:
    """Which step somebody wants to take: of a ticket, of that name, of these roles (full names, ``QA Agent``)."""

    uid: str | None = None
    step: str | None = None
    roles: tuple[str, ...] | None = None


class Engine(Protocol):
    """Gets work to workers.

    What goes wrong with a ticket stops that ticket (``Errand.stop``); what goes wrong with the machine, an error that
    is ``Failed`` or none of ours, ends the call with that error once all that ended is safe.
    """

    async def drain(self, errand: Errand[A], uids: tuple[str, ...] | None) -> int:
        """Deliver until nothing is ready, of some tickets or of all; how many attempts were performed.

        What waits for a moment that comes soon, another attempt after a pause for one, is waited for. A claim is
        renewed while its attempt is performed, and the performance cancelled when the claim is lost.
        """

    async def stay(self, errand: Errand[A], is_over: Callable[[], bool]) -> None:
        """The same, and stay for what comes, until it is over. A ticket that was stopped is tried again later."""

    def take(self, errand: Errand[A], wish: Wish) -> A | None:
        """Begin one attempt, the first in its turn, for somebody who performs it elsewhere; None when none is free.

        Nobody renews its claim but they. What goes wrong with the only steps there are is passed on.
        """

    async def carry(self, errand: Errand[A], held: A) -> None:
        """Perform an attempt that was taken before, and record what it came to; its claim is renewed meanwhile."""

    def is_free(self, work: store.Work) -> bool:
        """Nobody holds the step: it has no claim, its lease ran out, or its worker is gone for certain."""

    def is_gone(self, worker: str) -> bool:
        """The worker has ended for certain. A lease that ran out is no proof of that."""
