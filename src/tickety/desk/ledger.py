"""The book of attempts: who began what under which claim, and what came of it. Each entry is part of one transaction.

Nothing here knows of worktrees or agents: the same entries are made for agents that are started, for those that pull
their work, and in simulations.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from tickety import store
from tickety.core import budget, errors, events, lifecycle, policy, record, ticket, verdict, workflow
from tickety.desk import finishing, spending

GONE = lifecycle.Release("lost", "its worker is gone")


@record.record(frozen=True, slots=True)
class Bid:
    """Who wants to begin an attempt: the agent's name, the worker, the attempt's secret.

    ``timeout`` is the most seconds that it may run; ``is_paid``: its runs may cost tokens and money.
    """

    agent: str
    worker: str
    secret: str
    now: datetime
    lease: float
    timeout: float = 1800.0
    is_paid: bool = False
    beginning: tuple[events.Draft, ...] = ()


def begin(transaction: store.Transaction, work: store.Work, bid: Bid, rules: policy.Policy) -> store.Claim | None:
    """Begin an attempt of a step that is free, under a claim; None when it cannot begin: somebody else was first.

    A dead worker's step is given back where its ticket is blocked, paused, or waits for others; a spent budget defers
    the step, or asks a person.
    """
    # What was found without a claim may have been claimed since, and one that lapsed renewed or taken over.
    if transaction.claim_on(work.ticket_uid, work.step) != work.claim:
        return None
    subject = transaction.load(work.ticket_uid)
    step = lifecycle.step_named(subject, work.step)
    if step.state is not ticket.State.RUNNING and not lifecycle.is_ready(subject, step):
        return None
    if step.state is ticket.State.RUNNING and _is_held(transaction, subject):
        _give_back(transaction, subject, step)
        return None
    reserved = budget.reservation(rules.limits, bid.timeout, is_paid=bid.is_paid)
    want = spending.Want(step, reserved or {}, bid.now, rules.limits, rules.owner)
    if reserved and (stopped := spending.stopped(transaction, subject, want)):
        is_gone = step.state is ticket.State.RUNNING
        transaction.append(_give_back(transaction, subject, step) if is_gone else subject, stopped)
        return None
    gone = step.attempt if step.state is ticket.State.RUNNING else None
    started = lifecycle.start_step(subject, step.name, lifecycle.Holder(bid.agent, bid.worker, reserved), gone)
    alerts = lifecycle.standby(subject) if bid.beginning else []
    transaction.append(subject, [*bid.beginning, *alerts, *started])
    claim = _claim(work, started[-1].attempt or 0, bid)
    transaction.claim(claim)
    return claim


def end(
    transaction: store.Transaction, uid: str, ended: verdict.End, now: datetime, rules: policy.Policy
) -> ticket.Ticket:
    """Record what an attempt came to: its report, its step, what follows for the others and the ticket.

    Refused, and nothing changed, for an attempt that is not the running one any more.
    """
    subject = transaction.load(uid)
    is_last = verdict.ends_the_plan(subject, ended)
    stands = finishing.standing(transaction, uid) if is_last else verdict.ALONE
    patience = replace(rules.patience, proposals=rules.proposals)
    drafts = verdict.follow(subject, ended, now, stands, patience)
    after = transaction.append(subject, drafts)
    transaction.drop_claim(uid, ended.update.step)
    _drop_overtaken(transaction, subject, drafts)
    if after.is_closed:
        finishing.follow(transaction, after)
    return after


def release(transaction: store.Transaction, claim: store.Claim, why: lifecycle.Release) -> None:
    """The attempt ends without a result. One that is not the running one any more changes nothing."""
    subject = transaction.load(claim.ticket_uid)
    try:
        drafts = lifecycle.release_step(subject, claim.step, claim.attempt, why)
    except errors.Refused:
        return
    transaction.append(subject, drafts)
    transaction.drop_claim(claim.ticket_uid, claim.step)


def digest(secret: str) -> str:
    """What the store keeps of an attempt's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_held(transaction: store.Transaction, subject: ticket.Ticket) -> bool:
    """Nothing more of the ticket may begin, though something of it was running."""
    return not workflow.begins(subject) or bool(transaction.unfinished(subject.uid))


def _give_back(transaction: store.Transaction, subject: ticket.Ticket, step: ticket.Step) -> ticket.Ticket:
    transaction.drop_claim(subject.uid, step.name)
    return transaction.append(subject, lifecycle.release_step(subject, step.name, step.attempt, GONE))


def _claim(work: store.Work, number: int, bid: Bid) -> store.Claim:
    lease_until = bid.now.timestamp() + bid.lease
    return store.Claim(work.ticket_uid, work.step, number, bid.worker, digest(bid.secret), lease_until)


def _drop_overtaken(transaction: store.Transaction, subject: ticket.Ticket, drafts: list[events.Draft]) -> None:
    for draft in drafts:
        if draft.type == "step.released":
            transaction.drop_claim(subject.uid, draft.data["step"])
