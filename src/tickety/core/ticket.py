"""What a ticket is. The fields and their names are public: they are the ticket's JSON."""

from dataclasses import field
from enum import StrEnum
from typing import Any

from tickety.core import receipt, record

UNKNOWN_USAGE = {"tokens": None, "cost_usd": None, "seconds": None}
"""What an attempt used, before anybody says it."""

COMMANDS = ("reproduction", "verification", "reported_command")
"""The entries of a ticket's metadata that name what may be run."""


class Status(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    CLOSED = "closed"


class Resolution(StrEnum):
    """How a closed ticket ended."""

    FIXED = "fixed"
    DONE = "done"
    WONT_FIX = "wont_fix"
    DUPLICATE = "duplicate"
    CANNOT_REPRODUCE = "cannot_reproduce"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How much it matters, the most important first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical to 3 for low: the order of work."""
        return _RANKS[self]


_RANKS = {priority: place for place, priority in enumerate(Priority)}


class Relationship(StrEnum):
    """How a ticket is linked to another. ``blocks`` and ``blocked_by`` are one link seen from its two ends."""

    BLOCKS = "blocks"
    BLOCKED_BY = "blocked_by"  # may start when the other is closed
    STARTS_WITH = "starts_with"  # may start when the other has started
    RELATED_TO = "related_to"
    DUPLICATE_OF = "duplicate_of"


class State(StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    READY = "ready"
    STANDBY = "standby"
    RUNNING = "running"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Nothing more happens to the step, and what needs it may go on."""
        return self is State.PASSED or self is State.SKIPPED


@record.record(frozen=True, slots=True)
class Step:
    """One piece of a plan: who does what, after which other steps, and how far it is.

    ``agent`` is the role's full name ("QA Agent"); ``attempt`` counts the attempts made, and is the fencing
    token of the running one; ``commit`` is the accepted commit of a step that writes. ``by_hand`` is a commit that a
    person put on the branch as the step's work, ``approved`` what they said yes to in it.

    ``attempts`` is how many may break in a row, ``breaks`` how many have; ``reworks`` how often a judge sent the step
    back. Nothing begins before ``not_before``. ``timeout`` is in seconds, ``receipts`` are commands of its own that
    have to pass. ``reserved`` is what the running attempt may spend, ``spent`` what the ended ones did (see
    ``core.budget``).
    """

    name: str
    agent: str
    task: str
    needs: tuple[str, ...] = ()
    writes: bool = False
    starts_with: tuple[str, ...] = ()
    when: dict[str, Any] | None = None
    mode: str = "normal"
    phase: str | None = None
    state: State = State.PENDING
    attempt: int = 0
    reason: str | None = None
    claimed_by: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    commit: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    signals: tuple[str, ...] = ()
    by_hand: str | None = None
    approved: tuple[str, ...] = ()
    attempts: int = 3
    timeout: float | None = None
    receipts: tuple[tuple[str, ...], ...] = ()
    not_before: str | None = None
    breaks: int = 0
    reworks: int = 0
    alerted_at: str | None = None
    reserved: dict[str, Any] | None = None
    spent: dict[str, Any] = field(default_factory=dict)


@record.record(frozen=True, slots=True)
class Plan:
    """The orchestration: the crew, the workflow in the spelling it was given in, and its steps."""

    agents_required: tuple[str, ...]
    workflow: str
    sla: str
    steps: tuple[Step, ...]
    success_criteria: tuple[str, ...] = ()
    phases: tuple[dict[str, Any], ...] = ()

    def step(self, name: str) -> Step:
        """The step of that name; KeyError when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)


@record.record(frozen=True, slots=True)
class Update:
    """One report of one attempt, with the receipts Tickety made for it.

    ``usage`` holds ``tokens``, ``cost_usd`` and ``seconds``: what is not known is null, never 0.
    """

    agent: str
    timestamp: str
    result: str
    details: str
    step: str
    attempt: int
    error: str | None = None
    signals: tuple[str, ...] = ()
    outputs: dict[str, Any] = field(default_factory=dict)
    stop_reason: str = "finished"
    receipts: tuple[receipt.Receipt, ...] = ()
    usage: dict[str, Any] = field(default_factory=lambda: dict(UNKNOWN_USAGE))


@record.record(frozen=True, slots=True)
class Escalation:
    """A rule that a ticket broke, told once for each cause: the event that made it true, ``ticket.blocked@17``."""

    id: str
    rule: str
    cause: str
    owner: str
    sentence: str
    raised_at: str
    acknowledged_by: str | None = None
    resolved_at: str | None = None


@record.record(frozen=True, slots=True)
class Question:
    """What a person is asked: an answer, or a yes to something that needs one, to further ``steps`` for instance."""

    id: str
    step: str
    attempt: int
    kind: str  # "question" | "approval"
    text: str
    asked_at: str
    answer: str | None = None
    answered_by: str | None = None
    steps: tuple[dict[str, Any], ...] = ()


@record.record(frozen=True, slots=True)
class Link:
    """A tie to another ticket, as it is seen from the ticket that holds it."""

    ticket_id: str
    relationship: Relationship


@record.record(frozen=True, slots=True)
class Comment:
    """What somebody said about a ticket. ``origin`` tells whose words they are, as the ticket's own origin does."""

    id: str
    by: str
    at: str
    text: str
    origin: str


@record.record(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. Times are UTC, ``2026-11-22T09:00:00Z``; principals ``user:``, ``agent:``, ``system:``.

    ``head`` is the commit that its branch was left at, ``milestone`` the highest one told (25, 50 or 75 %), ``spent``
    what its ended attempts used, by day (see ``core.budget``). ``marks`` tell since when something holds that may
    need more than its crew (see ``core.escalation``).
    """

    uid: str
    id: str
    version: int
    type: str
    title: str
    description: str
    status: Status
    priority: Priority
    reporter: str
    created_at: str
    updated_at: str
    due_at: str
    orchestration: Plan
    origin: dict[str, str]
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    waiting_for: str | None = None
    blocker: str | None = None
    resolution: Resolution | None = None
    closed_at: str | None = None
    closed_by: str | None = None
    branch: str | None = None
    base: str | None = None
    target: str | None = None
    parent: str | None = None
    sprint: str | None = None
    archived: bool = False
    linked_tickets: tuple[Link, ...] = ()
    comments: tuple[Comment, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    agent_updates: tuple[Update, ...] = ()
    questions: tuple[Question, ...] = ()
    head: str | None = None
    paused_by: str | None = None
    milestone: int = 0
    spent: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def is_closed(self) -> bool:
        """Nothing more is to be done."""
        return self.status is Status.CLOSED

    @property
    def has_started(self) -> bool:
        """Somebody has worked on it, or it is over."""
        return self.status in {Status.IN_PROGRESS, Status.CLOSED} or any(
            step.attempt for step in self.orchestration.steps
        )
