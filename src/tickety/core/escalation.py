"""When a ticket needs more than its crew: the guide's three rules. Each cause is a sentence."""

from datetime import datetime, timedelta

from tickety.core import ticket, times

CRITICAL_OPEN = timedelta(hours=2)
FAILED_ATTEMPTS = 3


def causes(subject: ticket.Ticket, now: datetime) -> tuple[str, ...]:
    """Why a ticket should be escalated; empty when it should not."""
    if subject.is_closed:
        return ()
    open_for = now - times.as_moment(subject.created_at)
    found = []
    if subject.priority is ticket.Priority.CRITICAL and open_for > CRITICAL_OPEN:
        found.append(f"critical, and open for {times.in_words(open_for.total_seconds())}")
    if subject.status is ticket.Status.BLOCKED:
        found.append(f"blocked: {subject.blocker}")
    if (failed := failed_attempts(subject)) >= FAILED_ATTEMPTS:
        found.append(f"{failed} attempts failed")
    return tuple(found)


def failed_attempts(subject: ticket.Ticket) -> int:
    """How many of a ticket's reports were failures."""
    return sum(update.result == "failed" for update in subject.agent_updates)
