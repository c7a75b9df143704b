"""Giving a step to whoever does it: an attempt is opened under a claim, with a token of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tickety import store
from tickety.core import events, ids, lifecycle, programs, record, reproduction, roster, settings
from tickety.core import ticket as tickets
from tickety.desk import branches, intake, ledger, ports, provenance, spending, trusting

NOBODY = "nobody"
"""Who works on a step whose role is not filled."""


@record.record(frozen=True, slots=True)
class Gone:
    """An attempt whose worker let it down. ``is_certain``: it has ended; else it may sleep, and wake up again."""

    number: int
    is_certain: bool


@record.record(frozen=True, slots=True)
class Attempt:
    """One running attempt. ``head`` is the commit it starts from; ``token`` the secret that only its agent knows.

    ``gone`` is the attempt that it takes over from; ``timeout`` is in seconds.
    """

    ticket: tickets.Ticket
    step: tickets.Step
    role: roster.Role
    claim: store.Claim
    token: str
    settings: settings.Settings
    base: str
    head: str
    folder: Path
    timeout: float
    gone: Gone | None = None

    @property
    def number(self) -> int:
        """The attempt's number: its fencing token."""
        return self.claim.attempt


def open_attempt(desk: ports.Ports, transaction: store.Transaction, work: store.Work) -> Attempt | None:
    """Begin an attempt of a step that is free; None when it cannot begin now. Refused: another worker was first."""
    ids.require_step_name(work.step)
    subject = provenance.load(transaction, work.ticket_uid)
    beginning = branches.begin(desk, subject)
    chosen = desk.settings_at(beginning.base)
    trusting.require(desk, chosen)
    bid = _bid(desk, subject, work, beginning, chosen)
    claim = ledger.begin(transaction.by(desk.author(by=intake.PM)), work, bid, desk.policy())
    if claim is None:
        return None
    now = provenance.load(transaction, work.ticket_uid)
    return replace(_attempt(desk, now, claim, chosen, bid), gone=_gone(desk, subject, work))


def holder(attempt: Attempt) -> str:
    """By what name the attempt holds worktrees: nobody else is ever called that."""
    return holder_name(attempt.step.name, attempt.number)


def holder_name(step: str, attempt: int) -> str:
    """The same, of any attempt."""
    return f"{step}-{attempt}"


def prepare(desk: ports.Ports, attempt: Attempt) -> None:
    """Make ready what the attempt needs on disk, and end what a dead worker left running."""
    if attempt.gone is not None:
        _clear_away(desk, attempt, attempt.gone)
    _make_private(attempt.folder)


@contextmanager
def lent(desk: ports.Ports, attempt: Attempt) -> Iterator[None]:
    """Worktrees are lent to the attempt, and handed back however it ends: nothing of its own runs in them by then."""
    try:
        yield
    finally:
        desk.workspaces.hand_back(branches.key(attempt.ticket), holder(attempt))


def release(desk: ports.Ports, attempt: Attempt, why: lifecycle.Release) -> None:
    """Give the step back without a result. An attempt that is not the running one any more changes nothing."""
    desk.store.change(desk.author(by=intake.PM), lambda transaction: ledger.release(transaction, attempt.claim, why))


def _gone(desk: ports.Ports, subject: tickets.Ticket, work: store.Work) -> Gone | None:
    """The attempt whose worker is gone. One that runs under no claim came with somebody else's store."""
    if work.claim:
        return Gone(work.claim.attempt, desk.engine.is_gone(work.claim.worker))
    step = subject.orchestration.step(work.step)
    return Gone(step.attempt, is_certain=False) if step.state is tickets.State.RUNNING else None


def _bid(
    desk: ports.Ports,
    subject: tickets.Ticket,
    work: store.Work,
    beginning: branches.Beginning,
    chosen: settings.Settings,
) -> ledger.Bid:
    filled = desk.fill(roster.role(work.role), chosen)
    return ledger.Bid(
        agent=filled.name if filled else NOBODY,
        worker=desk.worker,
        secret=desk.chance(16).hex(),
        now=desk.clock.now(),
        lease=desk.policy().lease,
        timeout=_timeout(desk, subject, subject.orchestration.step(work.step), chosen),
        is_paid=filled is not None and filled.is_paid,
        beginning=tuple(_beginning(desk, subject, beginning)),
    )


def _timeout(desk: ports.Ports, subject: tickets.Ticket, step: tickets.Step, chosen: settings.Settings) -> float:
    """The shortest of the role's, the step's, and what is left of the ticket's."""
    seat = chosen.roster.get(roster.role(step.agent).name, settings.Filling())
    left = spending.time_left(subject, desk.policy().limits)
    return min(limit for limit in (seat.timeout, step.timeout, left) if limit is not None)


def _beginning(desk: ports.Ports, subject: tickets.Ticket, beginning: branches.Beginning) -> list[events.Draft]:
    if subject.branch is not None:
        return []
    drafts = [events.Draft("ticket.started", asdict(beginning))]
    if reported := _reported_command(desk, subject, beginning.base):
        drafts.append(events.noted({"reported_command": reported}))
    return drafts


def _reported_command(desk: ports.Ports, subject: tickets.Ticket, base: str) -> dict[str, Any] | None:
    """The command that the ticket's words report, and whether it may be run: only if this user typed them."""
    own = programs.find(desk.workspaces.tree_at(base))
    found = reproduction.reported(subject.description, own)
    if found is None:
        return None
    if isinstance(found, reproduction.NotRun):
        return {"words": found.words, "run": False, "why_not": found.why}
    if subject.origin.get("description") != "user" or subject.reporter != desk.principal:
        return {"words": found.words, "run": False, "why_not": "its words were not typed by you"}
    argvs = {
        "installed": list(reproduction.argv(found, is_installed=True)),
        "direct": list(reproduction.argv(found, is_installed=False)),
    }
    return {"words": found.words, "run": True, "why_not": None, **argvs}


def _clear_away(desk: ports.Ports, attempt: Attempt, gone: Gone) -> None:
    """End what a dead worker left running, and give up its worktrees: their holder may have left anything.

    Those of a worker that may merely sleep are left alone: it goes on in them when it wakes up.
    """
    desk.runner.end_leftovers(run_folder(desk, attempt.ticket, attempt.step.name, gone.number))
    if gone.is_certain:
        desk.workspaces.retire(branches.key(attempt.ticket), holder_name(attempt.step.name, gone.number))


def _attempt(
    desk: ports.Ports,
    subject: tickets.Ticket,
    claim: store.Claim,
    chosen: settings.Settings,
    bid: ledger.Bid,
) -> Attempt:
    step = subject.orchestration.step(claim.step)
    return Attempt(
        ticket=subject,
        step=step,
        role=roster.role(step.agent),
        claim=claim,
        token=bid.secret,
        settings=chosen,
        base=subject.base or "",
        head=branches.reconcile(desk, subject, subject.branch or ""),
        folder=run_folder(desk, subject, step.name, claim.attempt),
        timeout=bid.timeout,
    )


def _make_private(folder: Path) -> None:
    """Every level closed to others: mkdir gives its mode to the last one only."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def run_folder(desk: ports.Ports, subject: tickets.Ticket, step: str, attempt: int) -> Path:
    """Where an attempt's papers are: its prompt, its report, what its commands printed."""
    return desk.runs / subject.id / step / str(attempt)
