"""What may happen to the steps of a ticket's plan.

The rules look at a ticket and answer with the events that follow, or refuse; ``core.history`` tells what the
ticket is after them.
"""

from collections.abc import Mapping
from typing import Any

from tickety.core import errors, events, record, ticket, workflow


@record.record(frozen=True, slots=True)
class Hand:
    """A commit that a person put on the ticket's branch, and what they said yes to in it."""

    commit: str
    approved: tuple[str, ...] = ()


@record.record(frozen=True, slots=True)
class Holder:
    """Who begins an attempt: the agent's name, the worker it runs in, and what is reserved for it."""

    agent: str
    worker: str
    reserved: Mapping[str, Any] | None = None


def start_step(subject: ticket.Ticket, name: str, holder: Holder, gone: int | None = None) -> list[events.Draft]:
    """A new attempt of a step that is ready, or whose running attempt is number ``gone``, its worker being gone."""
    step = step_named(subject, name)
    released = []
    if workflow.begins(subject) and step.state is ticket.State.RUNNING and step.attempt == gone:
        released = release_step(subject, name, step.attempt, Release("lost", "its worker is gone"))
    elif not is_ready(subject, step):
        raise errors.Refused(
            f"{subject.id}/{name} is not ready: {_why_not(subject, step)}", f"tickety show {subject.id}"
        )
    reserved = None if holder.reserved is None else dict(holder.reserved)
    data = {"step": name, "agent": holder.agent, "worker": holder.worker, "reserved": reserved}
    return [*released, events.Draft("step.started", data, step.attempt + 1)]


def is_ready(subject: ticket.Ticket, step: ticket.Step) -> bool:
    """The step can begin, as far as its ticket goes."""
    return step.state is ticket.State.READY and workflow.begins(subject)


@record.record(frozen=True, slots=True)
class Release:
    """Why an attempt ends without a result (``events.CAUSES``), and from when on its step may begin again."""

    cause: str
    reason: str
    not_before: str | None = None


def release_step(subject: ticket.Ticket, name: str, attempt: int, why: Release) -> list[events.Draft]:
    """The running attempt ends without a result, and the step can be started again."""
    require_running(subject, name, attempt)
    data = {"step": name, "reason": why.reason, "cause": why.cause, "not_before": why.not_before}
    return [events.Draft("step.released", data, attempt)]


def alert(subject: ticket.Ticket, words: Mapping[str, str]) -> list[events.Draft]:
    """Tell agents early that their steps will come, each once: step -> URGENT, STANDBY or PREPARE."""
    return [
        events.Draft("step.alerted", {"step": step.name, "agent": step.agent, "words": words[step.name]})
        for step in subject.orchestration.steps
        if step.name in words and step.alerted_at is None and not step.state.is_over
    ]


def standby(subject: ticket.Ticket) -> list[events.Draft]:
    """The alerts of the steps that the plan keeps on standby."""
    return alert(subject, {step.name: "STANDBY" for step in subject.orchestration.steps if step.mode == "standby"})


def pause(subject: ticket.Ticket, reason: str, *, is_at_once: bool = False) -> list[events.Draft]:
    """Begin nothing more of the ticket; ``is_at_once``: what is running is given back, too."""
    _require_open(subject, "paused")
    paused = [] if subject.paused_by else [events.Draft("ticket.paused", {"reason": reason})]
    return [*(_stopped(subject, "paused", reason or "the ticket was paused") if is_at_once else []), *paused]


def resume(subject: ticket.Ticket) -> list[events.Draft]:
    """Go on with a paused ticket."""
    return [events.Draft("ticket.resumed")] if subject.paused_by else []


def cancel(subject: ticket.Ticket, reason: str) -> list[events.Draft]:
    """End all that is running or to come, and close the ticket, ``cancelled``."""
    if subject.is_closed and subject.resolution is not ticket.Resolution.CANCELLED:
        _require_open(subject, "cancelled")
    if subject.is_closed:
        return []
    left = [step for step in subject.orchestration.steps if step.state not in _ENDED]
    dropped = [_cancelled(step, reason) for step in left]
    return [*dropped, events.Draft("ticket.closed", {"resolution": ticket.Resolution.CANCELLED.value})]


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
    """The fence: refuses unless ``attempt`` is the running attempt of the step.

    What a sibling's failure or a person blocked meanwhile stops nothing that is running: its result counts.
    """
    step = step_named(subject, name)
    if step.state is not ticket.State.RUNNING or subject.is_closed or step.attempt != attempt:
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


def _stopped(subject: ticket.Ticket, cause: str, reason: str) -> list[events.Draft]:
    running = [step for step in subject.orchestration.steps if step.state is ticket.State.RUNNING]
    return [
        draft
        for step in running
        for draft in release_step(subject, step.name, step.attempt, Release(cause, reason))
    ]  # fmt: skip


def _cancelled(step: ticket.Step, reason: str) -> events.Draft:
    return events.Draft("step.cancelled", {"step": step.name, "reason": reason}, step.attempt or None)


def _require_open(subject: ticket.Ticket, what: str) -> None:
    if subject.is_closed:
        raise errors.Refused(
            f"{subject.id} is closed, {subject.resolution}: it cannot be {what}", f"tickety reopen {subject.id}"
        )


def _why_not(subject: ticket.Ticket, step: ticket.Step) -> str:
    if subject.paused_by:
        return f"the ticket was paused by {subject.paused_by}"
    if asked := workflow.open_proposal(subject):
        return asked.text
    if subject.status not in _LIVING:
        return f"the ticket is {subject.status}"
    missing = [name for name in step.needs if not subject.orchestration.step(name).state.is_over]
    return f"it needs {', '.join(missing)}" if missing else f"it is {step.state}"


_LIVING = (ticket.Status.OPEN, ticket.Status.IN_PROGRESS)
_STUCK = (ticket.State.FAILED, ticket.State.WAITING)
_AGAIN = (*_STUCK, ticket.State.PASSED)
_ENDED = (ticket.State.PASSED, ticket.State.SKIPPED, ticket.State.FAILED, ticket.State.CANCELLED)
