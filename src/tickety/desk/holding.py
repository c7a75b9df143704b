"""Claims of agents outside, by their tokens: held, held longer, given back."""

from dataclasses import replace

from tickety import store
from tickety.core import errors, ids, lifecycle, puller, ticket
from tickety.desk import branches, dispatch, intake, ledger, ports

LEASE = 1800.0
"""Seconds that a claim lasts unless somebody says otherwise: nobody renews it for a person's agent."""


def held_by(desk: ports.Ports, token: str) -> store.Claim:
    """The claim of a token; Refused, and it says why, when it is nobody's any more, or was not taken but given."""
    claim = desk.store.claim_of(ledger.digest(token.rpartition("/")[2]))
    if claim is None or not _is_its_name(desk, token, claim):
        raise nobodys(desk, token)
    if not puller.is_one(claim.worker):
        raise errors.Refused(
            "this attempt was started by Tickety, which waits for its report", "write it to the file in TICKETY_REPORT"
        )
    return claim


def renew(desk: ports.Ports, token: str, lease: float = LEASE) -> store.Claim:
    """Hold the step longer, counted from now."""
    claim = replace(held_by(desk, token), lease_until=desk.clock.now().timestamp() + lease)
    if not desk.store.renew(claim):
        raise nobodys(desk, token)
    return claim


def release(desk: ports.Ports, token: str, reason: str) -> ticket.Ticket:
    """Give the step back without a result: it is ready for somebody else."""
    claim = held_by(desk, token)
    why = lifecycle.Release("released", reason)
    desk.store.change(desk.author(by=intake.PM), lambda transaction: ledger.release(transaction, claim, why))
    subject = desk.store.load(claim.ticket_uid)
    desk.workspaces.hand_back(branches.key(subject), dispatch.holder_name(claim.step, claim.attempt))
    return subject


def nobodys(desk: ports.Ports, token: str) -> errors.Refused:
    """What became of the attempt, when its token tells which one it was."""
    named, _, _ = token.rpartition("/")
    ticket_id, _, rest = named.partition("/")
    step_name, _, number = rest.partition("/")
    try:
        ((uid, _),) = desk.store.find(ids.parse_reference(ticket_id), desk.clock.now().year)
        subject = desk.store.load(uid)
        step = subject.orchestration.step(step_name)
    except (errors.TicketyError, ValueError, KeyError):
        return errors.Refused("the token belongs to no running attempt; nothing was changed", "tickety claim --next")
    stands = f"{subject.id} is closed" if subject.is_closed else f"{step.name} is {step.state}, attempt {step.attempt}"
    return errors.Refused(
        f"attempt {number} of {subject.id}/{step.name} is not the running one any more: {stands}; nothing was changed",
        f"tickety show {subject.id}",
    )


def _is_its_name(desk: ports.Ports, token: str, claim: store.Claim) -> bool:
    """What stands in front of the secret is for people; where it is there, it says the truth."""
    named = token.rpartition("/")[0]
    return not named or named == f"{desk.store.load(claim.ticket_uid).id}/{claim.step}/{claim.attempt}"
