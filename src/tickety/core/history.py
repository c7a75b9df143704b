"""What a ticket is after what happened to it: a pure fold over its events.

Folding ``apply`` over a ticket's log gives the row that the store keeps, so audit, undo and replay need nothing else.
"""

from collections.abc import Callable, Iterable
from typing import Any

from tickety.core import budget, document, escalation, events, facts, ticket, workflow
from tickety.core.record import complete, replace

Change = Callable[[ticket.Ticket, events.Event], ticket.Ticket]


def apply(subject: ticket.Ticket | None, event: events.Event) -> ticket.Ticket:
    """The ticket after an event. The first event of a ticket is ``ticket.opened`` or ``ticket.imported``, on None."""
    if event.type == "ticket.imported":
        return _imported(event, subject)
    if subject is None:
        return _opened(event)
    happened = events.upcast(event)
    changed = _APPLY[happened.type](subject, happened)
    fresh = replace(subject) if changed is subject else changed
    complete(fresh, orchestration=workflow.settle(fresh.orchestration), version=event.n, updated_at=event.at)
    return complete(fresh, waiting_for=waiting_for(fresh), marks=escalation.marks(fresh, event))


def waiting_for(subject: ticket.Ticket) -> str | None:
    """What the ticket itself waits for: to be resumed, a person, or a moment; what it says of others follows from them.

    While something of it is being worked on, a moment is not told: nobody waits.
    """
    if subject.is_closed:
        return None
    if subject.paused_by:
        return f"paused by {subject.paused_by}"
    if step := workflow.first_unfinished(subject.orchestration, ticket.State.WAITING):
        return step.reason
    if asked := workflow.open_proposal(subject):
        return asked.text
    return _moment(subject)


def _moment(subject: ticket.Ticket) -> str | None:
    if not [step for step in subject.orchestration.steps if step.not_before]:
        return None  # as almost always
    steps = [step for _, step in workflow.live(subject)]
    later = [step for step in steps if step.not_before]
    if not later or len(later) < len(steps):
        return None
    first = min(later, key=lambda step: step.not_before or "")
    return f"{first.name} goes on at {first.not_before}: {first.reason}"


def fold(log: Iterable[events.Event]) -> ticket.Ticket:
    """The ticket that a whole log adds up to; ValueError when the log is empty."""
    subject = None
    for event in log:
        subject = apply(subject, event)
    if subject is None:
        raise ValueError("a ticket begins with an event")
    return subject


def _opened(event: events.Event) -> ticket.Ticket:
    known: dict[str, Any] = {**event.data, "created_at": event.at, "updated_at": event.at}
    known["priority"] = ticket.Priority(known["priority"])
    known["tags"] = tuple(known["tags"])
    known["orchestration"] = workflow.settle(document.to_plan(known["orchestration"]))
    fresh = ticket.Ticket(uid=event.ticket_uid, version=event.n, status=ticket.Status.OPEN, **known)
    return complete(fresh, marks=escalation.marks(fresh, event))


def _imported(event: events.Event, before: ticket.Ticket | None) -> ticket.Ticket:
    """The imported ticket. One that is new here keeps its version: its history began elsewhere."""
    known = document.to_ticket(event.data["document"])
    arrived = replace(known, uid=event.ticket_uid, version=event.n if before else known.version)
    return complete(arrived, marks=escalation.marks(arrived, event))


def _changed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    changed = facts.put(subject, event.data["changes"])
    return facts.arranged(changed, event.data["order"]) if event.data.get("order") else changed


def _commented(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    comment = ticket.Comment(event.data["id"], event.by, event.at, event.data["text"], event.data["origin"])
    return replace(subject, comments=(*subject.comments, comment))


def _voted(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    known = subject.metadata.get("user_votes")
    votes = (known if type(known) in {int, float} else 0) + event.data["votes"]
    return replace(subject, metadata={**subject.metadata, "user_votes": votes})


def _linked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return facts.with_link(subject, _link(event))


def _unlinked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    kept = tuple(link for link in subject.linked_tickets if link != _link(event))
    return replace(subject, linked_tickets=kept)


def _link(event: events.Event) -> ticket.Link:
    return ticket.Link(event.data["ticket_id"], ticket.Relationship(event.data["relationship"]))


def _started(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, status=ticket.Status.IN_PROGRESS, head=event.data["base"], **event.data)


def _paused(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, paused_by=event.by if event.type == "ticket.paused" else None)


def _plan_changed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    """The new version of the plan; of the steps that have begun the state is this ticket's, not the event's."""
    wanted = document.to_plan(event.data["orchestration"])
    known = {step.name: step for step in subject.orchestration.steps if workflow.has_begun(step)}
    return replace(subject, orchestration=replace(wanted, steps=tuple(known.get(s.name, s) for s in wanted.steps)))


def _proposed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    """The steps are kept with the question that is asked about them, if one is: it comes in the same command."""
    del event
    return subject


def _blocked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, status=ticket.Status.BLOCKED, blocker=event.data["blocker"])


def _unblocked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    del event
    has_begun = subject.base is not None or any(step.attempt for step in subject.orchestration.steps)
    status = ticket.Status.IN_PROGRESS if has_begun else ticket.Status.OPEN
    return replace(subject, status=status, blocker=None)


def _closed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    resolution = ticket.Resolution(event.data["resolution"])
    closed = replace(subject, status=ticket.Status.CLOSED, closed_at=event.at, closed_by=event.by)
    return replace(closed, resolution=resolution, blocker=None)


def _reopened(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    """Open as on the first day; every step is done again, and the attempts go on counting."""
    del event
    plan = subject.orchestration
    steps = tuple(step if step.state is ticket.State.PENDING else _set_back(step) for step in plan.steps)
    again = replace(subject, status=ticket.Status.OPEN, resolution=None, closed_at=None, closed_by=None, archived=False)
    return replace(again, orchestration=replace(plan, steps=steps))


def _archived(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, archived=event.type == "ticket.archived")


def _step_alerted(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    step = subject.orchestration.step(event.data["step"])
    state = ticket.State.STANDBY if step.state is ticket.State.PENDING else step.state
    return _with_step(subject, event, state=state, alerted_at=event.at)


def _step_started(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    claim = {"claimed_by": event.data["worker"], "started_at": event.at, "ended_at": None}
    claim |= {"reason": None, "not_before": None, "reserved": event.data["reserved"]}
    return _with_step(subject, event, state=ticket.State.RUNNING, attempt=event.attempt, **claim)


def _step_reported(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    update = document.to_update(event.data["update"])
    return replace(subject, agent_updates=(*subject.agent_updates, update))


def _step_passed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    result = {name: event.data[name] for name in ("commit", "outputs")}
    ended = {"state": ticket.State.PASSED, "claimed_by": None, "ended_at": event.at, "reason": None, "breaks": 0}
    settled = _settled(subject, event)
    if result["commit"]:
        settled = replace(settled, head=result["commit"])
    return _with_step(settled, event, signals=tuple(event.data["signals"]), reserved=None, **ended, **result)


def _settled(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    """The ticket with what the ended attempt used added to what it has spent."""
    step = subject.orchestration.step(event.data["step"])
    if step.reserved is None or step.attempt != event.attempt or step.state is not ticket.State.RUNNING:
        return subject
    said = subject.agent_updates[-1] if subject.agent_updates else None
    is_its_own = said is not None and (said.step, said.attempt) == (step.name, step.attempt)
    used = budget.used(step.reserved, said.usage if said and is_its_own else {})
    # On the day whose budget it was reserved from: another day's has been given to others.
    charged = replace(subject, spent=budget.charged(subject.spent, (step.started_at or event.at)[:10], used))
    return _with_step(charged, event, spent=budget.added(step.spent, used))


def _step_failed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _step_ended(subject, event, ticket.State.FAILED)


def _step_waiting(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _step_ended(subject, event, ticket.State.WAITING)


def _step_released(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    step = subject.orchestration.step(event.data["step"])
    breaks = step.breaks + (event.data["cause"] in {"broke", "conflict"})
    ended = _step_ended(subject, event, ticket.State.READY)
    return _with_step(ended, event, breaks=breaks, not_before=event.data["not_before"])


def _step_deferred(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _with_step(subject, event, not_before=event.data["not_before"], reason=event.data["reason"])


def _step_cancelled(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _step_ended(subject, event, ticket.State.CANCELLED)


def _step_ended(subject: ticket.Ticket, event: events.Event, state: ticket.State) -> ticket.Ticket:
    ended = {"claimed_by": None, "ended_at": event.at, "reason": event.data["reason"], "reserved": None}
    return _with_step(_settled(subject, event), event, state=state, **ended)


def _step_reworked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    step = subject.orchestration.step(event.data["step"])
    is_alone = event.data.get("alone", False)
    fresh = {"reason": event.data["reason"], "reworks": step.reworks + (not is_alone), "by_hand": None}
    again = _with_step(subject, event, state=ticket.State.READY, **fresh)
    return again if is_alone else _begun_anew(again, event.data["step"])


def _step_retried(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    hand = {"by_hand": event.data["by_hand"], "approved": tuple(event.data["approved"])}
    fresh = {"reason": None, "breaks": 0, "reworks": 0, "not_before": None}
    again = _with_step(subject, event, state=ticket.State.READY, **fresh, **hand)
    questions = tuple(
        replace(entry, answer="tried again", answered_by=event.by) if entry.answer is None else entry
        for entry in again.questions
    )
    return replace(_begun_anew(again, event.data["step"]), questions=questions)


def _begun_anew(subject: ticket.Ticket, name: str) -> ticket.Ticket:
    """What follows a step is to be done again. What runs beside it, since it starts with it, goes on."""
    plan = subject.orchestration
    after = workflow.followers(plan, name)
    again = {step.name for step in plan.steps if step.name in after and step.state is not ticket.State.RUNNING}
    steps = tuple(_set_back(step) if step.name in again else step for step in plan.steps)
    return replace(subject, orchestration=replace(plan, steps=steps))


def _set_back(step: ticket.Step) -> ticket.Step:
    return replace(step, state=ticket.State.PENDING, reason=None, claimed_by=None, not_before=None, breaks=0)


def _question_asked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    data = {name: event.data[name] for name in ("id", "step", "kind", "text")}
    steps = tuple(event.data.get("steps", ()))
    question = ticket.Question(attempt=event.attempt or 0, asked_at=event.at, steps=steps, **data)
    return replace(subject, questions=(*subject.questions, question))


def _question_answered(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    """The answer, and the step ready that waited for nothing else."""
    given = {"answer": event.data["answer"], "answered_by": event.by}
    name = event.data["id"]
    questions = tuple(
        replace(one, **given) if one.id == name and one.answer is None else one for one in subject.questions
    )
    step_name = next(one.step for one in subject.questions if one.id == event.data["id"])
    is_open = any(one.step == step_name and one.answer is None and not one.steps for one in questions)
    due_at = event.data["due_at"] or subject.due_at
    answered = replace(subject, questions=questions, due_at=due_at)
    step = next((one for one in subject.orchestration.steps if one.name == step_name), None)
    if is_open or step is None or step.state is not ticket.State.WAITING:
        return answered
    ready = replace(step, state=ticket.State.READY, reason=None)
    return replace(answered, orchestration=workflow.change_step(answered.orchestration, ready))


def _progressed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, milestone=max(subject.milestone, event.data["percent"]))


def _phase_done(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    plan = subject.orchestration
    phases = tuple(
        {**phase, "done_at": event.at} if phase.get("name") == event.data["phase"] else phase for phase in plan.phases
    )
    return replace(subject, orchestration=replace(plan, phases=phases))


def _escalated(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    raised = ticket.Escalation(raised_at=event.at, **event.data)
    return replace(subject, escalations=(*subject.escalations, raised))


def _acknowledged(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _with_escalation(subject, event.data["id"], acknowledged_by=event.by)


def _resolved(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _with_escalation(subject, event.data["id"], resolved_at=event.at)


def _with_escalation(subject: ticket.Ticket, name: str, **changes: Any) -> ticket.Ticket:  # noqa: ANN401 - its fields
    changed = tuple(replace(one, **changes) if one.id == name else one for one in subject.escalations)
    return replace(subject, escalations=changed)


def _with_step(subject: ticket.Ticket, event: events.Event, **changes: Any) -> ticket.Ticket:  # noqa: ANN401 - fields of a step
    step = replace(subject.orchestration.step(event.data["step"]), **changes)
    return replace(subject, orchestration=workflow.change_step(subject.orchestration, step))


_APPLY: dict[str, Change] = {
    "ticket.edited": _changed,
    "ticket.commented": _commented,
    "ticket.voted": _voted,
    "ticket.linked": _linked,
    "ticket.unlinked": _unlinked,
    "ticket.started": _started,
    "ticket.blocked": _blocked,
    "ticket.unblocked": _unblocked,
    "ticket.closed": _closed,
    "ticket.reopened": _reopened,
    "ticket.archived": _archived,
    "ticket.unarchived": _archived,
    "ticket.reverted": _changed,
    "ticket.paused": _paused,
    "ticket.resumed": _paused,
    "plan.proposed": _proposed,
    "plan.changed": _plan_changed,
    "step.alerted": _step_alerted,
    "step.started": _step_started,
    "step.reported": _step_reported,
    "step.passed": _step_passed,
    "step.failed": _step_failed,
    "step.waiting": _step_waiting,
    "step.released": _step_released,
    "step.deferred": _step_deferred,
    "step.reworked": _step_reworked,
    "step.retried": _step_retried,
    "step.cancelled": _step_cancelled,
    "progress.reached": _progressed,
    "phase.done": _phase_done,
    "question.asked": _question_asked,
    "question.answered": _question_answered,
    "escalation.raised": _escalated,
    "escalation.acknowledged": _acknowledged,
    "escalation.resolved": _resolved,
}
