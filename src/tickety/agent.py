"""The agent port: whoever does a step's work, and what it is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from tickety.core import receipt, report
from tickety.core import ticket as tickets


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that was run in the attempt's place: exit code (None: killed) and output as text."""

    argv: tuple[str, ...]
    exit_code: int | None
    output: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A receipt together with the output it was made from."""

    receipt: receipt.Receipt
    output: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One attempt of one step.

    ``place`` is the worktree (a detached checkout of ``commit``), ``run_folder`` the only other folder the
    attempt may write to. ``run`` runs a command in the place, in the agent's own environment. ``timeout`` and
    ``stall``, how long it may say nothing, are in seconds.
    """

    ticket: tickets.Ticket
    step: tickets.Step
    role: str
    attempt: int
    place: Path
    commit: str
    run_folder: Path
    environment: Mapping[str, str]
    prompt: str
    evidence: tuple[Evidence, ...]
    timeout: float
    run: Callable[[tuple[str, ...]], Awaitable[Ran]]
    stall: float | None = None


@dataclass(frozen=True, slots=True)
class Broke:
    """The attempt ended without a verdict, and how: its report could not be read when it is ``malformed``."""

    reason: str
    kind: Literal["crashed", "stalled", "timed_out", "malformed"]


@dataclass(frozen=True, slots=True)
class NotLoggedIn:
    """The agent cannot work before a person lets it in: no failure, and not mended by trying again."""

    reason: str


Limited = report.Limited
Ending = report.Report | Broke | Limited | NotLoggedIn
"""How an attempt can end."""


class Agent(Protocol):
    """Does the work of a step, in the place it is given, and reports."""

    @property
    def name(self) -> str:
        """The name people see: ``investigator``, or a command's first word."""

    @property
    def is_paid(self) -> bool:
        """Its runs may cost tokens and money."""

    @property
    def runs_programs(self) -> bool:
        """Its place must be set up before it works: it runs the project, or may."""

    async def work(self, assignment: Assignment) -> Ending:
        """Do the work. Never raises for what the work itself may bring; cancellation ends it at once."""
