"""How a project lets its crew work: how many side by side, how patiently, for how much, and who hears of trouble."""

from collections.abc import Mapping
from dataclasses import field

from tickety.core import budget, escalation, record, retries, sla, ticket

WORKERS = 4
LEASE = 60.0
STALL = 600.0
PROPOSALS = ("ask", "accept", "refuse")


@record.record(frozen=True, slots=True)
class Policy:
    """What ``tickety.toml`` may say of it; all times in seconds.

    ``workers`` attempts run side by side in one process, of a role at most as many as ``slots`` says over all
    processes. A claim lasts ``lease`` unless it is renewed; an agent that prints nothing for ``stall`` has stalled.
    ``proposals`` says what becomes of steps that a report proposes; ``limits`` is the budget. ``delays`` are the rules'
    (``escalation.DELAYS``); a rule in ``raise_priority`` makes its ticket more important by one, one in ``assign``
    gives it to somebody; ``owner`` answers for escalations, else the reporter does.
    """

    workers: int = WORKERS
    slots: Mapping[str, int] = field(default_factory=dict)
    lease: float = LEASE
    stall: float = STALL
    patience: retries.Patience = retries.USUAL
    proposals: str = "ask"
    limits: budget.Budget = budget.NONE
    delays: Mapping[str, float] = field(default_factory=lambda: dict(escalation.DELAYS))
    owner: str | None = None
    raise_priority: tuple[str, ...] = ()
    assign: Mapping[str, str] = field(default_factory=dict)
    sla: Mapping[ticket.Priority, str] = field(default_factory=lambda: dict(sla.BY_PRIORITY))
    sla_pauses: bool = True


USUAL = Policy()
"""What holds where a project has decided nothing."""


def usual() -> Policy:
    """``USUAL``, for those who ask for a policy again and again."""
    return USUAL
