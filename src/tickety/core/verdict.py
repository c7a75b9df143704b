"""What follows from an attempt: the same on every engine.

A step passes on the agent's word only where nothing has to be proved; a verifying step passes on receipts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tickety.core import (
    document,
    events,
    evidence,
    lifecycle,
    milestones,
    receipt,
    recipes,
    record,
    report,
    retries,
    ticket,
    times,
    workflow,
)
from tickety.core.record import replace


@record.record(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: the agent's report, weighed against what was found, and the accepted commit.

    ``until`` is when one that was limited may be tried again, as far as that is known.
    """

    status: report.Status
    sentence: str
    kind: str = "question"  # what a needs_human asks for: "question" | "approval"
    until: str | None = None


@record.record(frozen=True, slots=True)
class Standing:
    """What holds a ticket beside its own plan (open parts, open blockers), and which of its steps passed elsewhere."""

    is_held: bool = False
    elsewhere: frozenset[str] = frozenset()


ALONE = Standing()


Patience = retries.Patience
USUAL = retries.USUAL

CONFLICT = "conflict"
"""The stop reason of an attempt whose work contradicts what was accepted meanwhile: it is made again at once."""


@record.record(frozen=True, slots=True)
class End:
    """An attempt's end as it is told to the ticket. ``steps`` are further ones that it proposes, as it wrote them.

    ``tree`` is the git tree that the ticket's branch holds after it; None where there is none.
    """

    update: ticket.Update
    outcome: Outcome
    commit: str | None = None
    steps: Sequence[dict[str, Any]] = ()
    tree: str | None = None


def weigh(said: report.Report, judgement: evidence.Judgement | None, objections: tuple[str, ...]) -> Outcome:
    """The outcome of an attempt that reported: evidence before objections, and both before the agent's words."""
    if isinstance(judgement, evidence.Refuted) and said.status not in _WITHOUT_VERDICT:
        return Outcome(report.Status.FAILED, judgement.sentence)
    if said.status is report.Status.FAILED or said.status in _WITHOUT_VERDICT:
        return Outcome(said.status, said.error or said.summary, until=said.until)
    if said.status is report.Status.NEEDS_HUMAN:
        return Outcome(said.status, said.question or said.summary)
    if objections:
        return Outcome(report.Status.NEEDS_HUMAN, "a person has to approve: " + "; ".join(objections), "approval")
    if isinstance(judgement, evidence.Unproven):
        return Outcome(report.Status.NEEDS_HUMAN, judgement.sentence, judgement.kind)
    return Outcome(report.Status.PASSED, judgement.sentence if judgement else said.summary)


def follow(
    subject: ticket.Ticket, end: End, now: datetime, standing: Standing = ALONE, patience: Patience = USUAL
) -> list[events.Draft]:
    """The events of an attempt's end: its report, its step's new state, and what that means for the ticket.

    A ticket that others hold, or that is blocked meanwhile, is not closed with its last step.
    """
    lifecycle.require_running(subject, end.update.step, end.update.attempt)
    followed = _FOLLOW[end.outcome.status](subject, end, now, standing, patience)
    update = replace(end.update, details="\n".join((end.update.details, *_faults(followed))))
    return [_draft("step.reported", update, update=document.from_update(update)), *followed]


def ends_the_plan(subject: ticket.Ticket, end: End) -> bool:
    """Whether nothing of the plan is left after that end: only then it matters what else holds the ticket."""
    if end.outcome.status is not report.Status.PASSED or _leaves_work(subject.orchestration, end.update.step):
        return False
    return workflow.is_over(_after(subject, end.update))


def _leaves_work(plan: ticket.Plan, name: str) -> bool:
    """Another step is to be done for certain: it has no condition that could spare it."""
    return any(not step.state.is_over and step.when is None for step in plan.steps if step.name != name)


def resolution(subject: ticket.Ticket, elsewhere: frozenset[str]) -> ticket.Resolution:
    """How the evidence ends a ticket whose every step is over. What passed ``elsewhere`` was not verified here."""
    passed = (step for step in subject.orchestration.steps if step.state is ticket.State.PASSED)
    is_verified = any(workflow.verifies(step) and step.name not in elsewhere for step in passed)
    is_fixed = is_verified and recipes.needs_red(subject.type, subject.metadata)
    return ticket.Resolution.FIXED if is_fixed else ticket.Resolution.DONE


def unproved(subject: ticket.Ticket, elsewhere: frozenset[str], tree: str | None) -> list[events.Draft]:
    """The last judge begins once more, alone, where what the judges saw is not what the ticket is closed with.

    A receipt counts only if its tree is the one that is closed: what was written beside a judge, or after it, was
    never verified. Empty when it was, or need not be.
    """
    if tree is None or not recipes.needs_red(subject.type, subject.metadata):
        return []
    judges = [step for step in subject.orchestration.steps if _has_judged(step) and step.name not in elsewhere]
    if not judges or any(_has_seen(subject, step, tree) for step in judges):
        return []
    reason = "what it verified is not what the ticket's branch holds now"
    again = {"step": judges[-1].name, "judge": judges[-1].name, "reason": reason, "alone": True}
    return [events.Draft("step.reworked", again)]


def _has_judged(step: ticket.Step) -> bool:
    return step.state is ticket.State.PASSED and workflow.verifies(step)


def _has_seen(subject: ticket.Ticket, judge: ticket.Step, tree: str) -> bool:
    """The judge's last attempt has a receipt of that tree."""
    made = [one for one in subject.agent_updates if (one.step, one.attempt) == (judge.name, judge.attempt)]
    receipts = made[-1].receipts if made else ()
    shown = (receipt.Purpose.VERIFICATION, receipt.Phase.AFTER, tree)
    return any((entry.purpose, entry.phase, entry.tree) == shown for entry in receipts)


def _passed(
    subject: ticket.Ticket, end: End, now: datetime, standing: Standing, patience: Patience
) -> list[events.Draft]:
    update = end.update
    plan = _after(subject, update)
    passed = _draft("step.passed", update, commit=end.commit, outputs=update.outputs, signals=list(update.signals))
    proposed = _proposed(plan, end, now, patience)
    if any(draft.type == "question.asked" for draft in proposed):
        return [passed, *proposed, *milestones.reached(subject, plan)]
    plan = _planned(plan, proposed)
    told = [*proposed, *milestones.reached(subject, plan)]
    return [passed, *told, *_closing(subject, end, plan, standing), *_left_behind(subject, plan)]


def _proposed(plan: ticket.Plan, end: End, now: datetime, patience: Patience) -> list[events.Draft]:
    """What becomes of the further steps that the report proposes."""
    if not end.steps:
        return []
    from tickety.core import proposal

    step = plan.step(end.update.step)
    drafts = proposal.follow(proposal.read(plan, step, end.steps, now), patience.proposals)
    return [replace(draft, attempt=end.update.attempt) for draft in drafts]


def _planned(plan: ticket.Plan, drafts: list[events.Draft]) -> ticket.Plan:
    """The plan that the events leave."""
    changed = [draft.data["orchestration"] for draft in drafts if draft.type == "plan.changed"]
    return document.to_plan(changed[-1]) if changed else plan


def _faults(drafts: list[events.Draft]) -> list[str]:
    """What people are told of a proposal that makes no plan."""
    faults = (draft.data["fault"] for draft in drafts if draft.type == "plan.proposed" and "fault" in draft.data)
    return [f"(the steps that it proposes were not taken: {fault})" for fault in faults]


def _after(subject: ticket.Ticket, update: ticket.Update) -> ticket.Plan:
    """The plan once the step has passed: its signals decide which others are done at all."""
    step = subject.orchestration.step(update.step)
    ended = replace(step, state=ticket.State.PASSED, signals=update.signals)
    return workflow.settle(workflow.change_step(subject.orchestration, ended))


def _closing(subject: ticket.Ticket, end: End, plan: ticket.Plan, standing: Standing) -> list[events.Draft]:
    if not workflow.is_over(plan):
        return []
    over = replace(subject, orchestration=plan, agent_updates=(*subject.agent_updates, end.update))
    elsewhere = standing.elsewhere - {end.update.step}
    if again := unproved(over, elsewhere, end.tree):
        return again
    if standing.is_held or subject.status is ticket.Status.BLOCKED:
        return []
    ending = resolution(over, elsewhere)
    return [events.Draft("ticket.closed", {"resolution": ending.value})]


def _left_behind(subject: ticket.Ticket, plan: ticket.Plan) -> list[events.Draft]:
    """Of several steps that failed one was tried again: when nothing goes on any more, the others block the ticket."""
    failed = workflow.first_unfinished(plan, ticket.State.FAILED)
    if failed is None or workflow.first_unfinished(plan, *_GOES_ON):
        return []
    return _blocked(subject, f"{failed.name} failed: {failed.reason}")


def _failed(
    subject: ticket.Ticket, end: End, now: datetime, standing: Standing, patience: Patience
) -> list[events.Draft]:
    del now, standing
    failed = _draft("step.failed", end.update, reason=end.outcome.sentence)
    mender = _mender(subject, end.update, patience)
    if mender is None:
        return [failed, *_blocked(subject, f"{end.update.agent} reported: {end.outcome.sentence}")]
    reason = f"{end.update.agent} sent it back: {end.outcome.sentence}"
    sent_back = events.Draft("step.reworked", {"step": mender.name, "judge": end.update.step, "reason": reason})
    return [failed, *_overtaken(subject, mender, end.update.step), sent_back]


def _mender(subject: ticket.Ticket, update: ticket.Update, patience: Patience) -> ticket.Step | None:
    """The step that a judge's objection goes back to: the last one before it that writes, unless it was sent often."""
    judge = subject.orchestration.step(update.step)
    if not workflow.verifies(judge) or judge.writes or subject.status is ticket.Status.BLOCKED:
        return None
    writer = workflow.writing_step(subject.orchestration, judge)
    is_fit = writer is not None and writer.state is ticket.State.PASSED and writer.reworks < patience.rework
    return writer if is_fit else None


def _overtaken(subject: ticket.Ticket, mender: ticket.Step, judge: str) -> list[events.Draft]:
    """What runs on work that is to be done again is given back."""
    after = workflow.followers(subject.orchestration, mender.name)
    running = [subject.orchestration.step(name) for name in after if name != judge]
    why = lifecycle.Release("reworked", f"{mender.name} is done again")
    return [
        draft
        for step in running
        if step.state is ticket.State.RUNNING
        for draft in lifecycle.release_step(subject, step.name, step.attempt, why)
    ]


def _needs_human(
    subject: ticket.Ticket, end: End, now: datetime, standing: Standing, patience: Patience
) -> list[events.Draft]:
    del subject, now, standing, patience
    update, outcome = end.update, end.outcome
    question = {"id": f"{update.step}-{update.attempt}", "kind": outcome.kind, "text": outcome.sentence}
    return [_draft("step.waiting", update, reason=outcome.sentence), _draft("question.asked", update, **question)]


def _broken(
    subject: ticket.Ticket, end: End, now: datetime, standing: Standing, patience: Patience
) -> list[events.Draft]:
    """Tried again after a pause that grows, as often as the step may break in a row; then blocked.

    What contradicts a sibling's work is made again at once: the newer head is there already.
    """
    del standing
    step = subject.orchestration.step(end.update.step)
    if step.breaks + 1 >= step.attempts:
        sentence = f"{step.breaks + 1} attempts broke: {end.outcome.sentence}"
        failed = _draft("step.failed", end.update, reason=sentence)
        return [failed, *_blocked(subject, f"{end.update.agent} reported: {sentence}")]
    if end.update.stop_reason == CONFLICT:
        return [_released(end, CONFLICT, None)]
    pause = patience.pauses[min(step.breaks, len(patience.pauses) - 1)] if patience.pauses else 0.0
    return [_released(end, "broke", times.as_text(now + timedelta(seconds=pause)))]


def _limited(
    subject: ticket.Ticket, end: End, now: datetime, standing: Standing, patience: Patience
) -> list[events.Draft]:
    """No failure: the step waits until the limit ends."""
    del subject, standing
    known = end.outcome.until
    soonest = times.as_text(now + timedelta(seconds=patience.limited))
    return [_released(end, "limited", known if known and known > times.as_text(now) else soonest)]


def _released(end: End, cause: str, not_before: str | None) -> events.Draft:
    return _draft("step.released", end.update, reason=end.outcome.sentence, cause=cause, not_before=not_before)


def _blocked(subject: ticket.Ticket, blocker: str) -> list[events.Draft]:
    """What stands in the way first is what is told."""
    return [] if subject.status is ticket.Status.BLOCKED else [events.Draft("ticket.blocked", {"blocker": blocker})]


def _draft(kind: str, of: ticket.Update, /, **data: object) -> events.Draft:
    return events.Draft(kind, {"step": of.step, **data}, of.attempt)


_GOES_ON = (ticket.State.READY, ticket.State.RUNNING, ticket.State.WAITING)
_WITHOUT_VERDICT = frozenset({report.Status.BROKEN, report.Status.LIMITED})
_FOLLOW = {
    report.Status.PASSED: _passed,
    report.Status.FAILED: _failed,
    report.Status.NEEDS_HUMAN: _needs_human,
    report.Status.BROKEN: _broken,
    report.Status.LIMITED: _limited,
}
