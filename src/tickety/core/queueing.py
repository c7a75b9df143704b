"""Whose turn it is: by priority, then by age, and nobody waits for ever.

Ready work goes by its *turn*, a moment: when its ticket was opened, and the patience of its priority after that. Of
tickets opened at the same time the more important one is first; one that has waited longer by the difference of two
priorities' patience goes before a fresh one of the higher priority. A turn never changes while work waits, so that an
index keeps the order (aging by a static key: the order of two that age alike does not depend on when one looks).
"""

from functools import lru_cache

from tickety.core import ticket, times

PATIENCE = {
    ticket.Priority.CRITICAL: -30 * 86400.0,
    ticket.Priority.HIGH: 0.0,
    ticket.Priority.MEDIUM: 2 * 86400.0,
    ticket.Priority.LOW: 7 * 86400.0,
}
"""Seconds that are added to the time of opening."""


def turn(subject: ticket.Ticket) -> float:
    """The turn of a ticket's work, in seconds since 1970; the smallest is first."""
    return _opened(subject.created_at) + PATIENCE[subject.priority]


@lru_cache(maxsize=1024)
def _opened(created_at: str) -> float:
    """Asked for with every change of a ticket's work."""
    return times.as_moment(created_at).timestamp()
