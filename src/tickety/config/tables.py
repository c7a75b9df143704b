"""The tables of ``tickety.toml``, and of a user's own file, as they are written."""

import tomllib
from typing import Literal, TypeVar

import msgspec

from tickety import catalogue_files
from tickety.core import complaint, errors, outbox, policy, sla, ticket

T = TypeVar("T")

FILE = "tickety.toml"
REMEDY = f"mend {FILE}, commit it, and run it again"
_LIMIT = 32 * 1024  # tomllib keeps every beginning of a dotted key: a long one could fill the memory

Words = str | list[str]


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A table in which a name that is not known is a mistake."""


class Verification(Strict):
    """What judges the project."""

    command: Words | None = None
    timeout: str = "30 minutes"


class Workspace(Strict):
    """How a worktree is made ready."""

    setup: list[Words] | None = None
    copy: list[str] = []
    share: list[str] = []
    env: list[str] = []
    timeout: str = "30 minutes"


class Command(Strict):
    """A command in a role."""

    command: Words


class Seat(Strict):
    """Who fills a role."""

    agent: Command | str
    timeout: str = "30 minutes"


class Mirror(Strict):
    """Tickets as files of the checkout."""

    folder: str | None = None


class Engine(Strict):
    """How attempts are run."""

    workers: int = policy.WORKERS
    slots: dict[str, int] = {}
    lease: str = "1 minute"
    stall: str = "10 minutes"
    ticket_timeout: str | None = None
    retries: tuple[str, ...] = ("10 seconds", "1 minute")
    rework: int = 1
    proposals: Literal["ask", "accept", "refuse"] = "ask"


class Escalation(Strict):
    """When people are called."""

    critical_open: str = "2 hours"
    stalled: str = "1 hour"
    answer_overdue: str = "24 hours"
    owner: str | None = None
    raise_priority: list[str] = []
    assign: dict[str, str] = {}


class Sla(Strict):
    """How long a ticket of a priority may take."""

    critical: str = sla.BY_PRIORITY[ticket.Priority.CRITICAL]
    high: str = sla.BY_PRIORITY[ticket.Priority.HIGH]
    medium: str = sla.BY_PRIORITY[ticket.Priority.MEDIUM]
    low: str = sla.BY_PRIORITY[ticket.Priority.LOW]
    pause: bool = True


class Limits(Strict):
    """The most that may be used."""

    runs: int | None = None
    hours: float | None = None
    tokens: int | None = None
    usd: float | None = None


class Budget(Strict):
    """The limits, by what they are on."""

    step: Limits = msgspec.field(default_factory=Limits)
    ticket: Limits = msgspec.field(default_factory=Limits)
    epic: Limits = msgspec.field(default_factory=Limits)
    day: Limits = msgspec.field(default_factory=Limits)


class Notify(Strict):
    """Whom people are told by."""

    on: list[str] = msgspec.field(default_factory=lambda: list(outbox.DEFAULT))
    desktop: bool = False
    urls: list[str] = []
    webhook: str | None = None
    allow_private: bool = False


class Own(Strict):
    """A user's own file."""

    notify: Notify = msgspec.field(default_factory=Notify)


class File(Strict):
    """``tickety.toml``, table by table."""

    verification: Verification = msgspec.field(default_factory=Verification)
    workspace: Workspace = msgspec.field(default_factory=Workspace)
    roster: dict[str, Seat] = {}
    types: dict[str, dict[str, object]] = {}
    mirror: Mirror = msgspec.field(default_factory=Mirror)
    engine: Engine = msgspec.field(default_factory=Engine)
    escalation: Escalation = msgspec.field(default_factory=Escalation)
    sla: Sla = msgspec.field(default_factory=Sla)
    budget: Budget = msgspec.field(default_factory=Budget)
    notify: Notify = msgspec.field(default_factory=Notify)


def parse(text: str) -> File:
    """The tables of a ``tickety.toml``."""
    return converted(text, File, FILE)


def converted(text: str, kind: type[T], place: str) -> T:
    """A text as tables of a kind; Usage, naming the field, when it is not as it should be."""
    remedy = REMEDY if place == FILE else f"mend {place}, and run it again"
    if len(text) > _LIMIT:
        raise errors.Usage(f"{place} is longer than {_LIMIT:,} characters", "keep in it what Tickety reads")
    try:
        given = tomllib.loads(text)
        if place == FILE:
            catalogue_files.require_tables(given)
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise errors.Usage(f"{place}: {complaint.sentence(str(error))}", remedy) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise errors.Usage(f"{place}: {error}", remedy) from error
