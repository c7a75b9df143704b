"""Whether there is enough left for another attempt; if not, what becomes of its step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tickety import store
from tickety.core import budget, escalation, events, record, shortage, ticket, times


@record.record(frozen=True, slots=True)
class Want:
    """What a step needs to begin now, what limits it, and whom the project chose to answer for escalations."""

    step: ticket.Step
    amount: budget.Amount
    now: datetime
    limits: budget.Budget
    owner: str | None = None


def stopped(transaction: store.Transaction, subject: ticket.Ticket, want: Want) -> list[events.Draft]:
    """The events of a step that cannot begin since a budget is spent; empty when there is enough of all.

    The budget of a day is there again tomorrow; on every other a person decides.
    """
    for scope, limits, spent in _scopes(transaction, subject, want):
        granted = shortage.grants(subject, scope, want.step.name)
        if resource := budget.exceeded(budget.times(limits, 1 + granted), spent, want.amount):
            short = shortage.Shortage(scope, resource, granted, escalation.owner(subject, want.owner))
            return shortage.out_of_budget(subject, want.step, short, times.as_text(times.day("tomorrow", want.now)))
    return []


def time_left(subject: ticket.Ticket, limits: budget.Budget) -> float | None:
    """The seconds that attempts of the ticket may still run; None where nothing limits them, or none are left.

    Where none are left, a person is asked before another begins.
    """
    granted = 1 + shortage.grants(subject, "ticket")
    limit = budget.times(limits.ticket, granted).seconds
    left = None if limit is None else limit - _on_the_ticket(subject).get("seconds", 0)
    return left if left and left > 0 else None


def _on_the_ticket(subject: ticket.Ticket) -> budget.Amount:
    """What the ticket has spent, and what is reserved for its running attempts."""
    reserved = (step.reserved for step in subject.orchestration.steps if step.reserved)
    return budget.total((*subject.spent.values(), *reserved))


def _scopes(
    transaction: store.Transaction, subject: ticket.Ticket, want: Want
) -> Iterator[tuple[str, budget.Limits, budget.Amount]]:
    """Each limit with what counts against it; what nobody limits is not looked up."""
    limits = want.limits
    if limits.step != budget.Limits():
        # What a gone attempt reserved will be charged when its step is given back.
        yield "step", limits.step, budget.added(want.step.spent, want.step.reserved or {})
    if limits.ticket != budget.Limits():
        yield "ticket", limits.ticket, _on_the_ticket(subject)
    if limits.epic != budget.Limits():
        yield from (("epic", limits.epic, transaction.spent_by(epic)) for epic in _epics(transaction, subject))
    if limits.day != budget.Limits():
        yield "day", limits.day, transaction.spent_on(times.as_text(want.now)[:10])


def _epics(transaction: store.Transaction, subject: ticket.Ticket) -> Iterator[str]:
    """The ids of what a ticket is a part of, at any height."""
    parent = subject.parent
    while parent:
        yield parent
        uid = transaction.uid_of(parent)
        parent = transaction.load(uid).parent if uid else None
