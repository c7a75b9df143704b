"""What must be true when a week is over: every ticket has ended, or waits for something that has a name."""

from datetime import datetime

from tests.simulation import witness
from tickety import store
from tickety.core import ticket, times

_AT_MOST = 1


def require(kept: store.Store, seen: witness.Witness, now: datetime) -> None:
    """A Violation names the first ticket of which it is not true."""
    for work in kept.ready(store.Wanted(times.as_text(now), _AT_MOST)):
        raise witness.Violation(f"{kept.load(work.ticket_uid).id}/{work.step} is ready, and nobody takes it")
    for work in kept.running(None):
        raise witness.Violation(f"{kept.load(work.ticket_uid).id}/{work.step} runs for ever")
    for due in kept.due(now.timestamp(), _AT_MOST):
        raise witness.Violation(f"{kept.load(due.ticket_uid).id}: {due.rule} is due, and nobody is told")
    for uid in seen.cases:
        _require_a_reason(kept.load(uid), seen)


def _require_a_reason(subject: ticket.Ticket, seen: witness.Witness) -> None:
    case = seen.cases[subject.uid]
    if subject.is_closed or subject.waiting_for or seen.holders(case):
        return
    if subject.status is not ticket.Status.BLOCKED or not subject.blocker:
        raise witness.Violation(f"{subject.id} neither ended nor waits for anything: it is {subject.status}")
    if f"blocked since {case.blocked_since}" not in case.told:
        raise witness.Violation(f"{subject.id} is blocked, and nobody was told")
