"""Performing an attempt: prove the fault, let the agent work, collect, prove the result, weigh, record."""

import asyncio

from tickety.core import evidence, recipes, report, verdict, workflow
from tickety.desk import assignment, bench, delivery, dispatch, ports, proof, reporting


async def perform(desk: ports.Ports, attempt: dispatch.Attempt) -> None:
    """Bring an attempt to its end, whatever that is; cut off before, its step is ready again."""
    try:
        await _perform(desk, attempt)
    except bench.NeedsPersonError as stop:
        reporting.record(
            desk, attempt, _stopped(stop), verdict.Outcome(report.Status.NEEDS_HUMAN, stop.sentence, stop.kind)
        )
    except asyncio.CancelledError:
        dispatch.release(desk, attempt, "interrupted")
        raise
    except BaseException as error:
        dispatch.release(desk, attempt, f"it could not go on: {error}")
        raise


async def _perform(desk: ports.Ports, attempt: dispatch.Attempt) -> None:
    assignment.require_approval(attempt)
    assignment.require_own_branch(attempt)
    red = await proof.before(desk, attempt)
    green = await proof.after(desk, attempt, attempt.head, red) if _judges_what_is_there(attempt) else proof.Proof()
    done = await assignment.carry_out(desk, attempt, (*red.evidence, *green.evidence))
    delivered = delivery.collect(desk, attempt, done)
    if workflow.verifies(attempt.step) and attempt.step.writes:
        green = await proof.after(desk, attempt, delivered.commit or attempt.head, red)
    outcome = verdict.weigh(delivered.said, _judgement(desk, attempt, delivered, (red, green)), delivered.objections)
    receipts = (*red.receipts, *done.receipts, *green.receipts)
    account = reporting.Account(done.by, delivered.said, receipts, done.stop_reason)
    reporting.record(desk, attempt, account, outcome, delivered.commit)


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


def _stopped(stop: bench.NeedsPersonError) -> reporting.Account:
    said = report.Report(report.Status.NEEDS_HUMAN, stop.sentence, question=stop.sentence)
    return reporting.Account("system:readiness", said, stop.receipts, "not_started")
