"""When a ticket should be done: by its priority, by the wall clock in UTC, unless its plan says otherwise."""

from datetime import UTC, datetime

from tickety.core import ticket, times

BY_PRIORITY = {
    ticket.Priority.CRITICAL: "4 hours",
    ticket.Priority.HIGH: "24 hours",
    ticket.Priority.MEDIUM: "48 hours",
    ticket.Priority.LOW: "120 hours",
}


def due_at(created: datetime, sla: str) -> str:
    """The moment by which a ticket that was opened at ``created`` should be closed; the calendar may end before."""
    try:
        return times.as_text(created + times.length(sla))
    except OverflowError:
        return times.as_text(datetime.max.replace(tzinfo=UTC))
