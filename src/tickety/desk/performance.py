"""Performing an attempt: prove the fault, let the agent work, collect, prove the result, weigh."""

import asyncio

from tickety.core import evidence, lifecycle, recipes, report, verdict, workflow
from tickety.desk import assignment, bench, delivery, dispatch, ports, proof, reporting


async def perform(desk: ports.Ports, attempt: dispatch.Attempt) -> reporting.Ending:
    """Bring an attempt to its end, whatever that is; cut off before, its step is ready again."""
    began = desk.clock.monotonic()
    try:
        dispatch.prepare(desk, attempt)
        return await _perform(desk, attempt, began)
    except bench.NeedsPersonError as stop:
        outcome = verdict.Outcome(report.Status.NEEDS_HUMAN, stop.sentence, stop.kind)
        return reporting.Ending(desk, attempt, _stopped(stop, _seconds(desk, began)), outcome)
    except asyncio.CancelledError:
        dispatch.release(desk, attempt, lifecycle.Release("interrupted", "interrupted"))
        raise
    except BaseException as error:
        dispatch.release(desk, attempt, lifecycle.Release("interrupted", f"it could not go on: {error}"))
        raise


async def _perform(desk: ports.Ports, attempt: dispatch.Attempt, began: float) -> reporting.Ending:
    assignment.require_approval(attempt)
    assignment.require_own_branch(attempt)
    red = await proof.before(desk, attempt)
    green = await proof.after(desk, attempt, attempt.head, red) if _judges_what_is_there(attempt) else proof.Proof()
    done = await assignment.carry_out(desk, attempt, (*red.evidence, *green.evidence))
    delivered = delivery.collect(desk, attempt, done)
    if _is_to_be_proved(attempt, delivered):
        green = await proof.after(desk, attempt, delivered.commit or attempt.head, red)
    outcome = verdict.weigh(delivered.said, _judgement(desk, attempt, delivered, (red, green)), delivered.objections)
    receipts = (*red.receipts, *done.receipts, *green.receipts)
    usage: dict[str, float | None] = {**done.usage, "seconds": _seconds(desk, began)}
    account = reporting.Account(done.by, delivered.said, receipts, done.stop_reason, usage)
    return reporting.Ending(desk, attempt, account, outcome, delivered.commit)


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
    used: dict[str, float | None] = {"tokens": 0, "cost_usd": 0.0, "seconds": seconds}
    return reporting.Account("system:readiness", said, stop.receipts, "not_started", used)


def _seconds(desk: ports.Ports, began: float) -> float:
    return round(desk.clock.monotonic() - began, 3)
