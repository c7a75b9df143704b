"""Running tickets: everything that is ready is delivered and performed, until nothing is ready any more."""

from collections.abc import Callable
from dataclasses import dataclass

from tickety import store
from tickety.core import errors
from tickety.desk import clearing, dispatch, finishing, performance, ports, reporting, rules


@dataclass
class Errand:
    """What this desk does with work that an engine delivers."""

    desk: ports.Ports

    def begin(self, transaction: store.Transaction, work: store.Work) -> dispatch.Attempt | None:
        """Begin an attempt."""
        return dispatch.open_attempt(self.desk, transaction, work)

    async def perform(self, held: dispatch.Attempt) -> reporting.Ending:
        """Perform it."""
        return await performance.perform(self.desk, held)

    def attend(self) -> None:
        """Tell what the rules find due, let people hear of it, and clear away what is over."""
        rules.attend(self.desk)
        self.desk.send()
        clearing.clear_away(self.desk)


async def run(desk: ports.Ports, uid: str | None) -> int:
    """Work on one ticket, or on all, as far as it goes without a person; how many attempts were made.

    Refused when the ticket is being worked on elsewhere, so that nobody waits for nothing.
    """
    if uid and (holder := _holder(desk, uid)):
        ticket_id = desk.store.load(uid).id
        raise errors.Refused(f"{ticket_id} is being worked on by {holder}", f"see until when: tickety why {ticket_id}")
    made = await desk.engine.drain(Errand(desk), uid)
    for one in (uid,) if uid else finishing.finished(desk.store):
        finishing.close(desk, one)
    rules.attend(desk)
    desk.send()
    clearing.clear_away(desk)
    return made


async def stay(desk: ports.Ports, is_over: Callable[[], bool]) -> None:
    """Work on all that is ready, and on what becomes ready, until it is over."""
    await desk.engine.stay(Errand(desk), is_over)


def _holder(desk: ports.Ports, uid: str) -> str | None:
    """Who works on the ticket, when that is all there is to do on it."""
    work = desk.store.work(uid)
    busy = [entry.claim.worker for entry in work if entry.claim and not desk.engine.is_free(entry)]
    return busy[0] if busy and len(busy) == len(work) else None
