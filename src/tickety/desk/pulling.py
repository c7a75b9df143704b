"""Pull mode: an agent that Tickety did not start takes a step, works in the worktree it is given, and reports.

What it says is weighed like the report of one that Tickety started: the same checks, the same receipts.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tickety import agent, engine, store
from tickety.core import errors, lifecycle, prompt, puller, record, roster, ticket, times, workflow
from tickety.desk import (
    absence,
    assignment,
    bench,
    branches,
    dispatch,
    holding,
    intake,
    performance,
    ports,
    proof,
    provenance,
    reporting,
    run,
)


@record.record(frozen=True, slots=True)
class Taken:
    """A step that was taken. ``token`` is shown once: the store keeps its digest. ``variables`` name the papers."""

    attempt: dispatch.Attempt
    token: str
    place: Path
    variables: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The same for scripts and agents."""
        attempt = self.attempt
        return {
            "ticket": attempt.ticket.id,
            "title": attempt.ticket.title,
            "step": attempt.step.name,
            "attempt": attempt.number,
            "agent": attempt.role.agent,
            "task": attempt.step.task,
            "writes": attempt.step.writes,
            "prompt": self.variables["TICKETY_PROMPT_PATH"],
            "ticket_path": self.variables["TICKETY_TICKET_PATH"],
            "worktree": str(self.place),
            "lease_until": times.from_unix(attempt.claim.lease_until),
            "token": self.token,
        }


async def take(desk: ports.Ports, wish: engine.Wish, lease: float = holding.LEASE) -> Taken:
    """Take a step, and make its worktree ready. NotFound when none is free, Refused when the one meant is not.

    Waits, and the ticket says so, when a person has to do something first.
    """
    errand = _Taking(desk, lease)
    attempt = desk.engine.take(errand, wish)
    if attempt is None:
        raise absence.explained(desk, wish)
    try:
        return await _hand_out(desk, attempt, lease)
    except bench.NeedsPersonError as stop:
        _record(desk, performance.needs_person(desk, attempt, stop))
        raise errors.Waits(
            f"{attempt.ticket.id} waits for a person: {stop.sentence}", f"tickety show {attempt.ticket.id}"
        ) from None
    except BaseException as error:
        dispatch.release(desk, attempt, lifecycle.Release("interrupted", f"it could not be handed out: {error}"))
        raise


async def hand_in(desk: ports.Ports, token: str, said: agent.Ending) -> ticket.Ticket:
    """Record a report on the step that was taken; the ticket after what follows from it.

    Evidence counts as always: what Tickety runs now, and what it finds in the worktree, not the words. Cut off in
    between, nothing is recorded and the step stays taken. Refused when the attempt is not the running one any more.
    """
    attempt = _taken_up(desk, holding.held_by(desk, token), token)
    errand = _Reporting(desk, said)
    await desk.engine.carry(errand, attempt)
    if errand.stopped:
        raise errand.stopped
    subject = desk.store.load(attempt.ticket.uid)
    if not _is_recorded(subject, attempt):
        raise holding.nobodys(desk, token)
    desk.workspaces.hand_back(branches.key(subject), dispatch.holder(attempt))
    return subject


@dataclass
class _Taking(run.Errand):
    """An attempt is begun in somebody else's name."""

    lease: float

    def begin(self, transaction: store.Transaction, work: store.Work) -> dispatch.Attempt | None:
        role = roster.role(work.role)
        subject = provenance.load(transaction, work.ticket_uid)
        if subject.orchestration.step(work.step).by_hand:
            return None  # a person's commits are taken as its work: that is for an engine to find
        name = puller.named(role.name, self.desk.principal, self.desk.chance(2).hex())
        rules = replace(self.desk.policy(), lease=self.lease)
        theirs = replace(self.desk, worker=name, policy=lambda: rules, fill=lambda _role, _chosen: _Outside(role.agent))
        return dispatch.open_attempt(theirs, transaction, work)


@record.record(frozen=True, slots=True)
class _Outside:
    """Who fills the seat of a step that was taken: Tickety starts nobody."""

    name: str
    runs_programs: bool = True
    is_paid: bool = False

    async def work(self, assignment: agent.Assignment) -> agent.Ending:
        """Nobody is asked to: the work is done elsewhere."""
        raise NotImplementedError(assignment.step.name)


@dataclass
class _Reporting(run.Errand):
    """The end of an attempt that somebody took: proof is made, and their words are weighed."""

    said: agent.Ending
    stopped: errors.TicketyError | None = None

    async def perform(self, held: dispatch.Attempt) -> reporting.Ending:
        # However it is cut off, the step stays theirs: they may report again.
        return await performance.judge(self.desk, held, self._work)

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        del uid
        self.stopped = error

    async def _work(
        self, desk: ports.Ports, attempt: dispatch.Attempt, shown: tuple[agent.Evidence, ...]
    ) -> assignment.Done:
        del shown
        place = desk.workspaces.held(branches.key(attempt.ticket), bench.WORK, dispatch.holder(attempt))
        if place is None:
            raise _without_place(attempt.ticket, attempt.step.name)
        scratch = place.path.with_name(f"{place.path.name}.scratch")
        laid = bench.Bench(place, scratch, desk.workspaces.tree_id(place.start))
        done = assignment.told(attempt, _Outside(attempt.role.agent), laid, self.said)
        return replace(done, usage=_usage(desk, attempt))


async def _hand_out(desk: ports.Ports, attempt: dispatch.Attempt, lease: float) -> Taken:
    """Whatever stops a person's agent in the end stops it before it begins: its time is not ours to waste."""
    dispatch.prepare(desk, attempt)
    assignment.require_approval(attempt)
    assignment.require_own_branch(attempt)
    assignment.require_free_branch(desk, attempt)
    _require_verification(attempt)
    laid = await bench.lay_out(desk, attempt, bench.WORK, attempt.head)
    variables = assignment.papers(desk, attempt, prompt.BY_COMMAND)
    held = replace(attempt.claim, lease_until=desk.clock.now().timestamp() + lease)
    if not desk.store.renew(held):
        raise errors.Refused(f"{_where(attempt)} was taken by somebody else meanwhile", "tickety claim --next")
    token = f"{attempt.ticket.id}/{attempt.step.name}/{attempt.number}/{attempt.token}"
    return Taken(replace(attempt, claim=held), token, laid.place.path, {**variables, "TICKETY_TOKEN": token})


def _require_verification(attempt: dispatch.Attempt) -> None:
    is_needed = any(workflow.verifies(step) for step in attempt.ticket.orchestration.steps)
    if is_needed and not proof.verification_of(attempt.ticket, attempt.settings):
        raise bench.NeedsPersonError(proof.NO_VERIFICATION.format(id=attempt.ticket.id))


def _taken_up(desk: ports.Ports, claim: store.Claim, token: str) -> dispatch.Attempt:
    """The attempt as it was when it was taken, whichever process reads it."""
    subject = provenance.load(desk.store, claim.ticket_uid)
    lifecycle.require_running(subject, claim.step, claim.attempt)
    step = subject.orchestration.step(claim.step)
    place = desk.workspaces.held(branches.key(subject), bench.WORK, dispatch.holder_name(claim.step, claim.attempt))
    if place is None:
        raise _without_place(subject, claim.step)
    return dispatch.Attempt(
        ticket=subject,
        step=step,
        role=roster.role(step.agent),
        claim=claim,
        token=token,
        settings=desk.settings_at(subject.base or ""),
        base=subject.base or "",
        head=place.start,
        folder=dispatch.run_folder(desk, subject, step.name, claim.attempt),
        timeout=holding.LEASE,
    )


def _record(desk: ports.Ports, ending: reporting.Ending) -> None:
    desk.store.change(desk.author(by=intake.PM), ending.record)


def _usage(desk: ports.Ports, attempt: dispatch.Attempt) -> dict[str, float | None]:
    """Nobody told what it cost; how long it took is known."""
    began = attempt.step.started_at
    seconds = (desk.clock.now() - times.as_moment(began)).total_seconds() if began else None
    return {**ticket.UNKNOWN_USAGE, "seconds": max(seconds, 0.0) if seconds is not None else None}


def _is_recorded(subject: ticket.Ticket, attempt: dispatch.Attempt) -> bool:
    said = {(update.step, update.attempt) for update in subject.agent_updates}
    return (attempt.step.name, attempt.number) in said


def _without_place(subject: ticket.Ticket, step: str) -> errors.Refused:
    return errors.Refused(
        f"the worktree of {subject.id}/{step} is gone, and what was done in it", "give the step back: tickety release"
    )


def _where(attempt: dispatch.Attempt) -> str:
    return f"{attempt.ticket.id}/{attempt.step.name}"
