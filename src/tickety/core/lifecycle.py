"""What may happen to the steps of a ticket's plan.

The rules look at a ticket and answer with the events that follow, or refuse; ``core.history`` tells what the
ticket is after them.
"""

from typing import Any

from tickety.core import errors, events, record, ticket, workflow


@record.record(frozen=True, slots=True)
class Hand:
    """A commit that a person put on the ticket's branch, and what they said yes to in it."""

    commit: str
    approved: tuple[str, ...] = ()


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


def _why_not(subject: ticket.Ticket, step: ticket.Step) -> str:
    if subject.status not in _LIVING:
        return f"the ticket is {subject.status}"
    missing = [name for name in step.needs if not subject.orchestration.step(name).state.is_over]
    return f"it needs {', '.join(missing)}" if missing else f"it is {step.state}"


_LIVING = (ticket.Status.OPEN, ticket.Status.IN_PROGRESS)
_STUCK = (ticket.State.FAILED, ticket.State.WAITING)
_AGAIN = (*_STUCK, ticket.State.PASSED)
