"""What may happen to a ticket, and what it is after it happened.

The rules (``start_step``, ``release_step``, ``retry``, …) look at a ticket and answer with the events that
follow, or refuse. ``apply`` is the other half: the ticket after an event. Both are pure, so a ticket is its
events: folding ``apply`` over the log gives the row that the store keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tickety.core import document, errors, events, ticket, workflow


@dataclass(frozen=True, slots=True)
class Hand:
    """A commit that a person put on the ticket's branch, and what they said yes to in it."""

    commit: str
    approved: tuple[str, ...] = ()


Change = Callable[[ticket.Ticket, events.Event], ticket.Ticket]


def start_step(
    subject: ticket.Ticket, name: str, agent: str, worker: str, gone: int | None = None
) -> list[events.Draft]:
    """A new attempt of a step that is ready, or whose running attempt is number ``gone``, its worker being gone."""
    step = step_named(subject, name)
    released = []
    if subject.status in _LIVING and step.state is ticket.State.RUNNING and step.attempt == gone:
        released = release_step(subject, name, step.attempt, "its worker is gone")
    elif step.state is not ticket.State.READY or subject.status not in _LIVING:
        raise errors.Refused(
            f"{subject.id}/{name} is not ready: {_why_not(subject, step)}", f"tickety show {subject.id}"
        )
    data = {"step": name, "agent": agent, "worker": worker}
    return [*released, events.Draft("step.started", data, step.attempt + 1)]


def release_step(subject: ticket.Ticket, name: str, attempt: int, reason: str) -> list[events.Draft]:
    """The running attempt ends without a result, and the step can be started again."""
    require_running(subject, name, attempt)
    return [events.Draft("step.released", {"step": name, "reason": reason}, attempt)]


def retry(subject: ticket.Ticket, name: str | None, hand: Hand | None = None) -> list[events.Draft]:
    """Try a step again, and with it all that came after it: by default the one that failed or waits.

    With a ``hand``, what a person committed on the branch is taken as the work of the writing step it belongs to.
    """
    step = retried_step(subject, name)
    if hand:
        step = workflow.writing_step(subject.orchestration, step) or step
    taken: dict[str, Any] = (
        {"by_hand": hand.commit, "approved": list(hand.approved)} if hand else {"by_hand": None, "approved": []}
    )
    unblocked = [events.Draft("ticket.unblocked")] if subject.status is ticket.Status.BLOCKED else []
    return [events.Draft("step.retried", {"step": step.name, **taken}), *unblocked]


def retried_step(subject: ticket.Ticket, name: str | None) -> ticket.Step:
    """The step that a retry means; Refused when there is nothing to be tried again."""
    step = step_named(subject, name) if name else workflow.first_unfinished(subject.orchestration, *_STUCK)
    if running := workflow.first_unfinished(subject.orchestration, ticket.State.RUNNING):
        where = f"{subject.id}/{running.name}"
        raise errors.Refused(f"{where} is running", f"wait for it, or go on with it: tickety run {subject.id}")
    if subject.status is ticket.Status.CLOSED:
        raise errors.Refused(f"{subject.id} is closed, {subject.resolution}", f"tickety show {subject.id}")
    if step is None or step.state not in _AGAIN:
        raise errors.Refused(f"nothing in {subject.id} waits to be tried again", f"tickety run {subject.id}")
    return step


def require_running(subject: ticket.Ticket, name: str, attempt: int) -> None:
    """The fence: refuses unless ``attempt`` is the running attempt of the step."""
    step = step_named(subject, name)
    is_over = step.state is not ticket.State.RUNNING or subject.status not in _LIVING
    if is_over or step.attempt != attempt:
        raise errors.Refused(
            f"attempt {attempt} of {subject.id}/{name} is not the running one any more; it changes nothing",
            f"tickety show {subject.id}",
        )


def step_named(subject: ticket.Ticket, name: str) -> ticket.Step:
    """The step of that name; NotFound, with the names there are."""
    try:
        return subject.orchestration.step(name)
    except KeyError:
        known = ", ".join(step.name for step in subject.orchestration.steps) or "none"
        raise errors.NotFound(f"{subject.id} has no step {name!r}", f"its steps: {known}") from None


def apply(subject: ticket.Ticket | None, event: events.Event) -> ticket.Ticket:
    """The ticket after an event. The first event of a ticket is ``ticket.opened``, on None."""
    if subject is None:
        return _opened(event)
    changed = _APPLY[event.type](subject, event)
    settled = replace(
        changed, orchestration=workflow.settle(changed.orchestration), version=event.n, updated_at=event.at
    )
    return replace(settled, waiting_for=_waiting_for(settled))


def _opened(event: events.Event) -> ticket.Ticket:
    known: dict[str, Any] = {**event.data, "created_at": event.at, "updated_at": event.at}
    known["priority"] = ticket.Priority(known["priority"])
    known["tags"] = tuple(known["tags"])
    known["orchestration"] = workflow.settle(document.to_plan(known["orchestration"]))
    return ticket.Ticket(uid=event.ticket_uid, version=event.n, status=ticket.Status.OPEN, **known)


def _edited(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, metadata={**subject.metadata, **event.data["metadata"]})


def _started(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, status=ticket.Status.IN_PROGRESS, **event.data)


def _blocked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    return replace(subject, status=ticket.Status.BLOCKED, blocker=event.data["blocker"])


def _unblocked(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    del event
    return replace(subject, status=ticket.Status.IN_PROGRESS, blocker=None)


def _closed(subject: ticket.Ticket, event: events.Event) -> ticket.Ticket:
    resolution = ticket.Resolution(event.data["resolution"])
    closed = replace(subject, status=ticket.Status.CLOSED, closed_at=event.at, closed_by=event.by)
    return replace(closed, resolution=resolution, blocker=None)


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


def _why_not(subject: ticket.Ticket, step: ticket.Step) -> str:
    if subject.status not in _LIVING:
        return f"the ticket is {subject.status}"
    missing = [name for name in step.needs if not subject.orchestration.step(name).state.is_over]
    return f"it needs {', '.join(missing)}" if missing else f"it is {step.state}"


_LIVING = (ticket.Status.OPEN, ticket.Status.IN_PROGRESS)
_STUCK = (ticket.State.FAILED, ticket.State.WAITING)
_AGAIN = (*_STUCK, ticket.State.PASSED)

_APPLY: dict[str, Change] = {
    "ticket.edited": _edited,
    "ticket.started": _started,
    "ticket.blocked": _blocked,
    "ticket.unblocked": _unblocked,
    "ticket.closed": _closed,
    "step.started": _step_started,
    "step.reported": _step_reported,
    "step.passed": _step_passed,
    "step.failed": _step_failed,
    "step.waiting": _step_waiting,
    "step.released": _step_released,
    "step.retried": _step_retried,
    "question.asked": _question_asked,
}
