"""Whether there is enough left for another attempt; if not, what becomes of its step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tickety import store
from tickety.core import budget, events, record, shortage, ticket, times


@record.record(frozen=True, slots=True)
class Want:
    """What a step needs to begin now, and what limits it."""

    step: ticket.Step
    amount: budget.Amount
    now: datetime
    limits: budget.Budget


def stopped(transaction: store.Transaction, subject: ticket.Ticket, want: Want) -> list[events.Draft]:
    """The events of a step that cannot begin since a budget is spent; empty when there is enough of all.

    The budget of a day is there again tomorrow; on every other a person decides.
    """
    for scope, limits, spent in _scopes(transaction, subject, want):
        granted = shortage.grants(subject, scope)
        if resource := budget.exceeded(budget.times(limits, 1 + granted), spent, want.amount):
            short = shortage.Shortage(scope, resource, granted)
            return shortage.out_of_budget(subject, want.step, short, times.as_text(times.day("tomorrow", want.now)))
    return []


def _scopes(
    transaction: store.Transaction, subject: ticket.Ticket, want: Want
) -> Iterator[tuple[str, budget.Limits, budget.Amount]]:
    """Each limit with what counts against it; what nobody limits is not looked up."""
    limits = want.limits
    if limits.step != budget.Limits():
        yield "step", limits.step, budget.added({}, want.step.spent)
    if limits.ticket != budget.Limits():
        reserved = (other.reserved for other in subject.orchestration.steps if other.reserved)
        yield "ticket", limits.ticket, budget.total((*subject.spent.values(), *reserved))
    if limits.epic != budget.Limits() and subject.parent:
        yield "epic", limits.epic, transaction.spent_by(subject.parent)
    if limits.day != budget.Limits():
        yield "day", limits.day, transaction.spent_on(times.as_text(want.now)[:10])
