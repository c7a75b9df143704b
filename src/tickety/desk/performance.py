"""Performing an attempt: prove the fault, let the agent work, collect, prove the result, weigh."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from tickety import agent, workspace
from tickety.core import evidence, lifecycle, recipes, record, report, verdict, workflow
from tickety.desk import assignment, bench, delivery, dispatch, joining, ports, proof, reporting

Work = Callable[[ports.Ports, dispatch.Attempt, tuple[agent.Evidence, ...]], Awaitable[assignment.Done]]
"""How the work of an attempt is done, shown what commands said before."""


async def perform(desk: ports.Ports, attempt: dispatch.Attempt) -> reporting.Ending:
    """Bring an attempt to its end, whatever that is; cut off before, its step is ready again."""
    try:
        dispatch.prepare(desk, attempt)
        with dispatch.lent(desk, attempt):
            return await judge(desk, attempt, assignment.carry_out)
    except asyncio.CancelledError:
        dispatch.release(desk, attempt, lifecycle.Release("interrupted", "interrupted"))
        raise
    except BaseException as error:
        dispatch.release(desk, attempt, lifecycle.Release("interrupted", f"it could not go on: {error}"))
        raise


async def judge(desk: ports.Ports, attempt: dispatch.Attempt, work: Work) -> reporting.Ending:
    """What an attempt comes to, with the proof that Tickety makes itself, whoever does the work; it is not recorded."""
    began = desk.clock.monotonic()
    try:
        return await _perform(desk, attempt, work, began)
    except bench.NeedsPersonError as stop:
        return needs_person(desk, attempt, stop, _seconds(desk, began))


def needs_person(
    desk: ports.Ports, attempt: dispatch.Attempt, stop: bench.NeedsPersonError, seconds: float = 0.0
) -> reporting.Ending:
    """The ending of an attempt that could not go on without a person."""
    outcome = verdict.Outcome(report.Status.NEEDS_HUMAN, stop.sentence, stop.kind)
    return reporting.Ending(desk, attempt, _stopped(stop, seconds), outcome)


async def _perform(desk: ports.Ports, attempt: dispatch.Attempt, work: Work, began: float) -> reporting.Ending:
    assignment.require_approval(attempt)
    assignment.require_own_branch(attempt)
    red = await proof.before(desk, attempt)
    seen = await proof.after(desk, attempt, attempt.head, red) if _judges_what_is_there(attempt) else proof.Proof()
    done = await work(desk, attempt, (*red.evidence, *seen.evidence))
    seconds = _seconds(desk, began)
    result = await _settle(desk, attempt, delivery.collect(desk, attempt, done), (red, seen))
    receipts = (*red.receipts, *done.receipts, *result.proof.receipts)
    usage: dict[str, float | None] = {**done.usage, "seconds": done.usage.get("seconds") or seconds}
    account = reporting.Account(done.by, result.delivered.said, receipts, done.stop_reason, usage)
    outcome = _outcome(desk, attempt, result, red)
    ending = reporting.Ending(desk, attempt, account, outcome, result.delivered.commit, result.onto)
    return ending.conflicting(joining.sentence(result.conflict)) if result.conflict else ending


@record.record(frozen=True, slots=True)
class _Result:
    """What an attempt delivered, in its final form, and what was proved of that; ``conflict``: it has none."""

    delivered: delivery.Delivery
    proof: proof.Proof
    own: tuple[agent.Evidence, ...] = ()
    onto: str | None = None
    conflict: workspace.Conflict | None = None


async def _settle(
    desk: ports.Ports, attempt: dispatch.Attempt, delivered: delivery.Delivery, proofs: tuple[proof.Proof, proof.Proof]
) -> _Result:
    """Join what was delivered with what was done beside it, and prove that; again where the branch moved meanwhile."""
    red, seen = proofs
    while True:
        joined = await _joined(desk, attempt, delivered)
        if isinstance(joined, workspace.Conflict):
            return _Result(delivered, seen, conflict=joined)
        final = replace(delivered, commit=joined.commit) if joined else delivered
        commit = final.commit or attempt.head
        green = await proof.after(desk, attempt, commit, red) if _is_to_be_proved(attempt, final) else seen
        own = await proof.own(desk, attempt, commit) if final.said.status is report.Status.PASSED else proof.Proof()
        if joined is None or joined.onto == joining.head(desk, attempt) or attempt.step.by_hand == attempt.head:
            made = proof.Proof(green.evidence, (*green.receipts, *own.receipts))
            return _Result(final, made, own.evidence, joined.onto if joined else None)


async def _joined(
    desk: ports.Ports, attempt: dispatch.Attempt, delivered: delivery.Delivery
) -> joining.Joined | workspace.Conflict | None:
    """None where there is nothing to be joined: nothing new, or nothing that is accepted yet."""
    is_done = delivered.said.status is report.Status.PASSED and not delivered.objections
    if not (is_done and attempt.step.writes and delivered.commit):
        return None
    return await joining.in_turn(desk, attempt, delivered.commit)


def _outcome(desk: ports.Ports, attempt: dispatch.Attempt, result: _Result, red: proof.Proof) -> verdict.Outcome:
    """The attempt's end, weighed: the step's own commands are as good as the judge's."""
    delivered = result.delivered
    judgement = _judgement(desk, attempt, delivered, (red, result.proof))
    failed = evidence.failed([entry.receipt for entry in result.own])
    return verdict.weigh(delivered.said, failed or judgement, delivered.objections)


def _is_to_be_proved(attempt: dispatch.Attempt, delivered: delivery.Delivery) -> bool:
    """A judge that changed something is judged by what the verification says of that."""
    is_finished = delivered.said.status in report.SAYABLE
    return workflow.verifies(attempt.step) and attempt.step.writes and is_finished


def _judges_what_is_there(attempt: dispatch.Attempt) -> bool:
    """A judge that changes nothing is shown what the verification says before it speaks."""
    return workflow.verifies(attempt.step) and not attempt.step.writes


def _judgement(
    desk: ports.Ports, attempt: dispatch.Attempt, delivered: delivery.Delivery, proofs: tuple[proof.Proof, proof.Proof]
) -> evidence.Judgement | None:
    if not workflow.verifies(attempt.step):
        return None
    red, green = ([entry.receipt for entry in one.evidence] for one in proofs)
    tree = desk.workspaces.tree_id(delivered.commit or attempt.head)
    needs_red = recipes.needs_red(attempt.ticket.type, attempt.ticket.metadata)
    judgement = evidence.judge(red, green, tree, needs_red=needs_red)
    return _approved(attempt, judgement)


def _approved(attempt: dispatch.Attempt, judgement: evidence.Judgement) -> evidence.Judgement:
    """What a person approved in the work needs no second approval in what it leads to."""
    approved = [sentence for step in attempt.ticket.orchestration.steps for sentence in step.approved]
    if approved and isinstance(judgement, evidence.Unproven) and judgement.kind == "approval":
        return evidence.Proven(f"{judgement.sentence} (a person approved: {'; '.join(approved)})")
    return judgement


def _stopped(stop: bench.NeedsPersonError, seconds: float) -> reporting.Account:
    said = report.Report(report.Status.NEEDS_HUMAN, stop.sentence, question=stop.sentence)
    used: dict[str, float | None] = {"runs": 0, "tokens": 0, "cost_usd": 0.0, "seconds": seconds}
    return reporting.Account("system:readiness", said, stop.receipts, "not_started", used)


def _seconds(desk: ports.Ports, began: float) -> float:
    return round(desk.clock.monotonic() - began, 3)
