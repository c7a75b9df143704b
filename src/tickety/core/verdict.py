"""What follows from an attempt: the same on every engine.

A step passes on the agent's word only where nothing has to be proved; a verifying step passes on receipts.
"""

from tickety.core import document, events, evidence, lifecycle, recipes, record, report, ticket, workflow


@record.record(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: the agent's report, weighed against what was found, and the accepted commit."""

    status: report.Status
    sentence: str
    kind: str = "question"  # what a needs_human asks for: "question" | "approval"


def weigh(said: report.Report, judgement: evidence.Judgement | None, objections: tuple[str, ...]) -> Outcome:
    """The outcome of an attempt that reported: evidence before objections, and both before the agent's words."""
    if isinstance(judgement, evidence.Refuted):
        return Outcome(report.Status.FAILED, judgement.sentence)
    if said.status is report.Status.FAILED:
        return Outcome(said.status, said.error or said.summary)
    if said.status is report.Status.NEEDS_HUMAN:
        return Outcome(said.status, said.question or said.summary)
    if objections:
        return Outcome(report.Status.NEEDS_HUMAN, "a person has to approve: " + "; ".join(objections), "approval")
    if isinstance(judgement, evidence.Unproven):
        return Outcome(report.Status.NEEDS_HUMAN, judgement.sentence, judgement.kind)
    return Outcome(report.Status.PASSED, judgement.sentence if judgement else said.summary)


def follow(subject: ticket.Ticket, update: ticket.Update, outcome: Outcome, commit: str | None) -> list[events.Draft]:
    """The events of an attempt's end: its report, its step's new state, and what that means for the ticket."""
    lifecycle.require_running(subject, update.step, update.attempt)
    reported = _draft("step.reported", update, update=document.from_update(update))
    return [reported, *_FOLLOW[outcome.status](subject, update, outcome, commit)]


def _passed(subject: ticket.Ticket, update: ticket.Update, outcome: Outcome, commit: str | None) -> list[events.Draft]:
    del outcome
    passed = _draft("step.passed", update, commit=commit, outputs=update.outputs, signals=list(update.signals))
    others = (step for step in subject.orchestration.steps if step.name != update.step)
    if not all(step.state.is_over for step in others):
        return [passed]
    return [passed, events.Draft("ticket.closed", {"resolution": _resolution(subject).value})]


def _failed(subject: ticket.Ticket, update: ticket.Update, outcome: Outcome, commit: str | None) -> list[events.Draft]:
    del subject, commit
    blocker = f"{update.agent} reported: {outcome.sentence}"
    return [
        _draft("step.failed", update, reason=outcome.sentence),
        events.Draft("ticket.blocked", {"blocker": blocker}),
    ]


def _needs_human(
    subject: ticket.Ticket, update: ticket.Update, outcome: Outcome, commit: str | None
) -> list[events.Draft]:
    del subject, commit
    question = {"id": f"{update.step}-{update.attempt}", "kind": outcome.kind, "text": outcome.sentence}
    return [_draft("step.waiting", update, reason=outcome.sentence), _draft("question.asked", update, **question)]


def _resolution(subject: ticket.Ticket) -> ticket.Resolution:
    is_verified = any(workflow.verifies(step) for step in subject.orchestration.steps)
    is_fixed = is_verified and recipes.needs_red(subject.type, subject.metadata)
    return ticket.Resolution.FIXED if is_fixed else ticket.Resolution.DONE


def _draft(kind: str, of: ticket.Update, /, **data: object) -> events.Draft:
    return events.Draft(kind, {"step": of.step, **data}, of.attempt)


_FOLLOW = {report.Status.PASSED: _passed, report.Status.FAILED: _failed, report.Status.NEEDS_HUMAN: _needs_human}
