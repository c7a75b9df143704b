"""What fits into a sprint, as the guide packs it: by priority, then by effort, as long as there are hours left."""

from collections.abc import Iterable, Sequence

from tickety.core import ticket

DEFAULT_HOURS = 8.0
"""What a ticket counts that nobody has estimated."""


def plan(tickets: Iterable[ticket.Ticket], available_hours: float) -> Sequence[ticket.Ticket]:
    """The tickets of a sprint of so many hours, in the order of work; one too large lets smaller ones in."""
    chosen, left = [], available_hours
    for subject in sorted(tickets, key=lambda one: (one.priority.rank, hours(one))):
        if hours(subject) <= left:
            chosen.append(subject)
            left -= hours(subject)
    return chosen


def hours(subject: ticket.Ticket) -> float:
    """The estimated hours of a ticket."""
    estimate = subject.metadata.get("estimated_hours")
    return float(estimate) if isinstance(estimate, (int, float)) else DEFAULT_HOURS
