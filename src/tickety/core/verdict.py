"""What follows from an attempt: the same on every engine.

A step passes on the agent's word only where nothing has to be proved; a verifying step passes on receipts.
"""

from dataclasses import replace

from tickety.core import document, events, evidence, lifecycle, recipes, record, report, ticket, workflow


@record.record(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: the agent's report, weighed against what was found, and the accepted commit."""

    status: report.Status
    sentence: str
    kind: str = "question"  # what a needs_human asks for: "question" | "approval"


@record.record(frozen=True, slots=True)
class Standing:
    """What holds a ticket beside its own plan (open parts, open blockers), and which of its steps passed elsewhere."""

    is_held: bool = False
    elsewhere: frozenset[str] = frozenset()


ALONE = Standing()


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


def follow(
    subject: ticket.Ticket,
    update: ticket.Update,
    outcome: Outcome,
    commit: str | None,
    standing: Standing = ALONE,
) -> list[events.Draft]:
    """The events of an attempt's end: its report, its step's new state, and what that means for the ticket.

    A ticket that others hold is not closed with its last step.
    """
    lifecycle.require_running(subject, update.step, update.attempt)
    reported = _draft("step.reported", update, update=document.from_update(update))
    happened = [reported, *_FOLLOW[outcome.status](subject, update, outcome, commit)]
    return [*happened, *_closing(subject, update, standing)] if outcome.status is report.Status.PASSED else happened


def resolution(subject: ticket.Ticket, elsewhere: frozenset[str]) -> ticket.Resolution:
    """How the evidence ends a ticket whose every step is over. What passed ``elsewhere`` was not verified here."""
    passed = (step for step in subject.orchestration.steps if step.state is ticket.State.PASSED)
    is_verified = any(workflow.verifies(step) and step.name not in elsewhere for step in passed)
    is_fixed = is_verified and recipes.needs_red(subject.type, subject.metadata)
    return ticket.Resolution.FIXED if is_fixed else ticket.Resolution.DONE


def _passed(subject: ticket.Ticket, update: ticket.Update, outcome: Outcome, commit: str | None) -> list[events.Draft]:
    del subject, outcome
    return [_draft("step.passed", update, commit=commit, outputs=update.outputs, signals=list(update.signals))]


def _closing(subject: ticket.Ticket, update: ticket.Update, standing: Standing) -> list[events.Draft]:
    step = subject.orchestration.step(update.step)
    ended = replace(step, state=ticket.State.PASSED, signals=update.signals)
    # The step's signals decide which others are done at all.
    plan = workflow.settle(workflow.change_step(subject.orchestration, ended))
    if standing.is_held or not workflow.is_over(plan):
        return []
    ending = resolution(replace(subject, orchestration=plan), standing.elsewhere - {step.name})
    return [events.Draft("ticket.closed", {"resolution": ending.value})]


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


def _draft(kind: str, of: ticket.Update, /, **data: object) -> events.Draft:
    return events.Draft(kind, {"step": of.step, **data}, of.attempt)


_FOLLOW = {report.Status.PASSED: _passed, report.Status.FAILED: _failed, report.Status.NEEDS_HUMAN: _needs_human}
