"""Running tickets: everything that is ready is delivered and performed, until nothing is ready any more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tickety import store
from tickety.core import errors, record
from tickety.desk import clearing, dispatch, finishing, performance, ports, reporting, rules


@dataclass
class Errand:
    """What this desk does with work that an engine delivers.

    ``begun`` are the tickets that were worked on, in that order, ``stops`` those that could not go on, and why.
    """

    desk: ports.Ports
    begun: dict[str, None] = field(init=False, default_factory=dict)
    stops: dict[str, errors.TicketyError] = field(init=False, default_factory=dict)

    def begin(self, transaction: store.Transaction, work: store.Work) -> dispatch.Attempt | None:
        """Begin an attempt."""
        attempt = dispatch.open_attempt(self.desk, transaction, work)
        if attempt:
            self.begun[work.ticket_uid] = None
        return attempt

    async def perform(self, held: dispatch.Attempt) -> reporting.Ending:
        """Perform it."""
        return await performance.perform(self.desk, held)

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        """Keep why a ticket could not go on: whoever asked for it is told in the end."""
        self.stops[uid] = error

    def attend(self) -> None:
        """Tell what the rules find due, let people hear of it, and clear away what is over."""
        rules.attend(self.desk)
        self.desk.send()
        clearing.clear_away(self.desk)


@record.record(frozen=True, slots=True)
class Ran:
    """What became of a run: how many attempts it made, on which tickets, and which could not go on."""

    performed: int
    begun: tuple[str, ...]
    stops: Mapping[str, errors.TicketyError]


async def run(desk: ports.Ports, uids: tuple[str, ...] | None) -> Ran:
    """Work on tickets, or on all, side by side, as far as it goes without a person.

    What stops one does not stop the others. Nobody waits for what somebody else works on: a ticket that was named and
    has nothing else to do is stopped, too.
    """
    busy = {uid: stop for uid in uids or () if (stop := _held_elsewhere(desk, uid))}
    free = None if uids is None else tuple(uid for uid in uids if uid not in busy)
    errand = Errand(desk)
    performed = await desk.engine.drain(errand, free)
    for one in finishing.finished(desk.store) if free is None else free:
        finishing.close(desk, one)
    rules.attend(desk)
    desk.send()
    clearing.clear_away(desk)
    return Ran(performed, tuple(errand.begun), {**busy, **errand.stops})


async def run_one(desk: ports.Ports, uid: str) -> int:
    """The same for one ticket; how many attempts were made. What stops it is passed on."""
    ran = await run(desk, (uid,))
    for stop in ran.stops.values():
        raise stop
    return ran.performed


async def stay(desk: ports.Ports, is_over: Callable[[], bool]) -> None:
    """Work on all that is ready, and on what becomes ready, until it is over."""
    await desk.engine.stay(_Staying(desk), is_over)


@dataclass
class _Staying(Errand):
    """Who stays tells at once what stops a ticket: there is no end at which it could be told."""

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        before = self.stops.get(uid)
        super().stop(uid, error)
        if before is None or before.message != error.message:
            ticket_id = self.desk.store.load(uid).id
            self.desk.tell(ports.Notice(ticket_id, "", f"{ticket_id} cannot go on: {error.message} ({error.hint})"))


def _held_elsewhere(desk: ports.Ports, uid: str) -> errors.Refused | None:
    """Why a ticket is left alone: somebody works on it, and that is all there is to do on it."""
    work = desk.store.work(uid)
    busy = [entry.claim.worker for entry in work if entry.claim and not desk.engine.is_free(entry)]
    if not busy or len(busy) < len(work):
        return None
    ticket_id = desk.store.load(uid).id
    return errors.Refused(f"{ticket_id} is being worked on by {busy[0]}", f"see until when: tickety why {ticket_id}")
