"""The rules that run by themselves, as a simulated machine runs them: what is due is raised, what is over resolved."""

from datetime import datetime

from tickety import store
from tickety.core import escalation, events, ticket
from tickety.desk import memory

_AT_MOST = 500


def attend(desk: memory.Memory) -> None:
    """Raise what is due."""
    now = desk.clock.now()
    if desk.store.due(now.timestamp(), 1):
        desk.store.change(desk.author(), lambda transaction: _tick(transaction, now))


def _tick(transaction: store.Transaction, now: datetime) -> None:
    for due in transaction.due(now.timestamp(), _AT_MOST):
        subject = transaction.load(due.ticket_uid)
        raised = _raised(subject, due.rule, now, escalation.DELAYS[due.rule])
        transaction.append(subject, [*raised, *_resolved(subject)])


def _raised(subject: ticket.Ticket, rule: str, now: datetime, delay: float) -> list[events.Draft]:
    return [
        events.Draft(
            "escalation.raised",
            {
                "id": alarm.id,
                "rule": rule,
                "cause": alarm.cause,
                "owner": subject.reporter,
                "sentence": escalation.sentence(subject, rule, now),
            },
        )
        for alarm in escalation.alarms(subject)
        if alarm.rule == rule and alarm.anchor <= now.timestamp() - delay
    ]


def _resolved(subject: ticket.Ticket) -> list[events.Draft]:
    open_ones = (one for one in subject.escalations if one.resolved_at is None)
    return [
        events.Draft("escalation.resolved", {"id": one.id}) for one in open_ones if escalation.is_over(subject, one)
    ]
