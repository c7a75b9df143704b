"""Giving a step to whoever does it: an attempt is opened under a claim, with a token of its own."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tickety import store
from tickety.core import errors, events, ids, lifecycle, programs, record, reproduction, roster, settings
from tickety.core import ticket as tickets
from tickety.desk import branches, intake, ports, provenance, trusting

NOBODY = "nobody"
"""Who works on a step whose role is not filled."""


@record.record(frozen=True, slots=True)
class Attempt:
    """One running attempt. ``head`` is the commit it starts from; ``token`` the secret that only its agent knows."""

    ticket: tickets.Ticket
    step: tickets.Step
    role: roster.Role
    claim: store.Claim
    token: str
    settings: settings.Settings
    base: str
    head: str
    folder: Path

    @property
    def number(self) -> int:
        """The attempt's number: its fencing token."""
        return self.claim.attempt


def open_attempt(desk: ports.Ports, work: store.Work) -> Attempt | None:
    """Begin an attempt of a step that is free; None when another worker was first."""
    ids.require_step_name(work.step)
    subject = provenance.load(desk.store, work.ticket_uid)
    beginning = branches.begin(desk, subject)
    chosen = desk.settings_at(beginning.base)
    trusting.require(desk, chosen)
    token = desk.chance(16).hex()
    gone = _gone(subject, work)
    started = _start(desk, work, beginning, token, gone)
    if started is None:
        return None
    subject, claim = started
    if gone is not None:
        _clear_away(desk, subject, work.step, gone)
    return _attempt(desk, subject, claim, chosen, token)


def release(desk: ports.Ports, attempt: Attempt, reason: str) -> None:
    """Give the step back without a result. An attempt that is not the running one any more changes nothing."""

    def work(transaction: store.Transaction) -> None:
        subject = transaction.load(attempt.ticket.uid)
        drafts = lifecycle.release_step(subject, attempt.step.name, attempt.number, reason)
        transaction.append(subject, drafts)
        transaction.drop_claim(subject.uid, attempt.step.name)

    try:
        desk.store.change(desk.author(by=intake.PM), work)
    except errors.Refused:
        return


def _gone(subject: tickets.Ticket, work: store.Work) -> int | None:
    """The attempt whose worker is gone. One that runs under no claim came with somebody else's store."""
    if work.claim:
        return work.claim.attempt
    step = subject.orchestration.step(work.step)
    return step.attempt if step.state is tickets.State.RUNNING else None


def _start(
    desk: ports.Ports, work: store.Work, beginning: branches.Beginning, token: str, gone: int | None
) -> tuple[tickets.Ticket, store.Claim] | None:
    agent = _agent_name(desk, work.role, beginning.base)

    def change(transaction: store.Transaction) -> tuple[tickets.Ticket, store.Claim]:
        _require_free(transaction, work)
        subject = transaction.load(work.ticket_uid)
        started = lifecycle.start_step(subject, work.step, agent, desk.worker, gone)
        claim = _claim(desk, work, started[-1].attempt or 0, token)
        transaction.claim(claim)
        begun = _beginning(desk, provenance.load(transaction, subject.uid), beginning)
        transaction.append(subject, [*begun, *started])
        return provenance.load(transaction, subject.uid), claim

    try:
        return desk.store.change(desk.author(by=intake.PM), change)
    except errors.Refused:
        return None


def _require_free(transaction: store.Transaction, work: store.Work) -> None:
    """What was found without a claim may have been claimed since."""
    if work.claim is None and transaction.claim_on(work.ticket_uid, work.step):
        raise errors.Refused(f"{work.step} was begun by another worker", "tickety list is:running")


def _claim(desk: ports.Ports, work: store.Work, number: int, token: str) -> store.Claim:
    digest = hashlib.sha256(token.encode()).hexdigest()
    lease_until = desk.clock.now().timestamp() + desk.lease
    return store.Claim(work.ticket_uid, work.step, number, desk.worker, digest, lease_until)


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


def _agent_name(desk: ports.Ports, role: str, base: str) -> str:
    filled = desk.fill(roster.role(role), desk.settings_at(base))
    return filled.name if filled else NOBODY


def _clear_away(desk: ports.Ports, subject: tickets.Ticket, step: str, gone: int) -> None:
    """End what a dead worker left running, and give up its worktrees: their holder may have left anything."""
    desk.runner.end_leftovers(run_folder(desk, subject, step, gone))
    for name in ("work", "verify"):
        desk.workspaces.retire(branches.key(subject), name)


def _attempt(
    desk: ports.Ports, subject: tickets.Ticket, claim: store.Claim, chosen: settings.Settings, token: str
) -> Attempt:
    step = subject.orchestration.step(claim.step)
    folder = run_folder(desk, subject, step.name, claim.attempt)
    _make_private(folder)
    head = branches.reconcile(desk, subject, subject.branch or "")
    return Attempt(subject, step, roster.role(step.agent), claim, token, chosen, subject.base or "", head, folder)


def _make_private(folder: Path) -> None:
    """Every level closed to others: mkdir gives its mode to the last one only."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def run_folder(desk: ports.Ports, subject: tickets.Ticket, step: str, attempt: int) -> Path:
    """Where an attempt's papers are: its prompt, its report, what its commands printed."""
    return desk.runs / subject.id / step / str(attempt)
