"""What a ticket is after what happened to it: a pure fold over its events.

Folding ``apply`` over a ticket's log gives the row that the store keeps, so audit, undo and replay need nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tickety.core import document, events, facts, ticket, workflow

Change = Callable[[ticket.Ticket, events.Event], ticket.Ticket]


def apply(subject: ticket.Ticket | None, event: events.Event) -> ticket.Ticket:
    """The ticket after an event. The first event of a ticket is ``ticket.opened`` or ``ticket.imported``, on None."""
    if event.type == "ticket.imported":
        return _imported(event, subject)
    if subject is None:
        return _opened(event)
    happened = events.upcast(event)
    changed = _APPLY[happened.type](subject, happened)
    settled = replace(
        changed, orchestration=workflow.settle(changed.orchestration), version=event.n, updated_at=event.at
    )
    return replace(settled, waiting_for=_waiting_for(settled))


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
    return ticket.Ticket(uid=event.ticket_uid, version=event.n, status=ticket.Status.OPEN, **known)


def _imported(event: events.Event, before: ticket.Ticket | None) -> ticket.Ticket:
    """The imported ticket. One that is new here keeps its version: its history began elsewhere."""
    known = document.to_ticket(event.data["document"])
    return replace(known, uid=event.ticket_uid, version=event.n if before else known.version)


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
    return replace(subject, status=ticket.Status.IN_PROGRESS, **event.data)


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


def _step_started(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    claim = {"claimed_by": event.data["worker"], "started_at": event.at, "ended_at": None}
    return _with_step(subject, event, state=ticket.State.RUNNING, attempt=event.attempt, reason=None, **claim)


def _step_reported(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    update = document.to_update(event.data["update"])
    return replace(subject, agent_updates=(*subject.agent_updates, update))


def _step_passed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    result = {name: event.data[name] for name in ("commit", "outputs")}
    ended = {"state": ticket.State.PASSED, "claimed_by": None, "ended_at": event.at, "reason": None}
    return _with_step(subject, event, signals=tuple(event.data["signals"]), **ended, **result)


def _step_failed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _step_ended(subject, event, ticket.State.FAILED)


def _step_waiting(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _step_ended(subject, event, ticket.State.WAITING)


def _step_released(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return _step_ended(subject, event, ticket.State.READY)


def _step_ended(subject: ticket.Ticket, event: events.Event, state: ticket.State) -> ticket.Ticket:
    return _with_step(subject, event, state=state, claimed_by=None, ended_at=event.at, reason=event.data["reason"])


def _step_retried(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    hand = {"by_hand": event.data["by_hand"], "approved": tuple(event.data["approved"])}
    again = _with_step(subject, event, state=ticket.State.READY, reason=None, **hand)
    steps = again.orchestration.steps
    for name in workflow.followers(again.orchestration, event.data["step"]):
        steps = tuple(_set_back(step) if step.name == name else step for step in steps)
    questions = tuple(
        replace(entry, answer="tried again", answered_by=event.by) if entry.answer is None else entry
        for entry in again.questions
    )
    return replace(again, orchestration=replace(again.orchestration, steps=steps), questions=questions)


def _set_back(step: ticket.Step) -> ticket.Step:
    return replace(step, state=ticket.State.PENDING, reason=None, claimed_by=None)


def _question_asked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    data = {name: event.data[name] for name in ("id", "step", "kind", "text")}
    question = ticket.Question(attempt=event.attempt or 0, asked_at=event.at, **data)
    return replace(subject, questions=(*subject.questions, question))


def _with_step(subject: ticket.Ticket, event: events.Event, **changes: Any) -> ticket.Ticket:  # noqa: ANN401 - fields of a step
    step = replace(subject.orchestration.step(event.data["step"]), **changes)
    return replace(subject, orchestration=workflow.change_step(subject.orchestration, step))


def _waiting_for(subject: ticket.Ticket) -> str | None:
    step = workflow.first_unfinished(subject.orchestration, ticket.State.WAITING)
    return step.reason if step and subject.status is not ticket.Status.CLOSED else None


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
    "step.started": _step_started,
    "step.reported": _step_reported,
    "step.passed": _step_passed,
    "step.failed": _step_failed,
    "step.waiting": _step_waiting,
    "step.released": _step_released,
    "step.retried": _step_retried,
    "question.asked": _question_asked,
}
