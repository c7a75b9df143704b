"""What a person answers: to a question in words, to what needs approval with yes or no. And what follows from it."""

from datetime import datetime

from tickety.core import errors, events, record, ticket, times, workflow

APPROVED = "approved"
REJECTED = "rejected"


@record.record(frozen=True, slots=True)
class When:
    """When somebody answers, and who. ``pauses``: the time that was waited is not counted."""

    now: datetime
    by: str
    pauses: bool = True


def answer(subject: ticket.Ticket, name: str | None, words: str, when: When) -> list[events.Draft]:
    """Answer a question; the step that asked goes on."""
    asked = question(subject, name, "question")
    return [_answered(subject, asked, words, when)]


def approve(subject: ticket.Ticket, name: str | None, when: When) -> list[events.Draft]:
    """Say yes. Steps that were proposed become part of the plan (see ``desk.inbox``)."""
    asked = question(subject, name, "approval")
    return [_answered(subject, asked, APPROVED, when)]


def reject(subject: ticket.Ticket, name: str | None, why: str, when: When) -> list[events.Draft]:
    """Say no. A step that waited for a yes has failed, and blocks its ticket; steps that were proposed are dropped."""
    asked = question(subject, name, "approval")
    said = _answered(subject, asked, f"{REJECTED}: {why}", when)
    if asked.steps:
        return [said]
    step = subject.orchestration.step(asked.step)
    reason = f"{when.by} rejected it: {why}"
    failed = events.Draft("step.failed", {"step": step.name, "reason": reason}, step.attempt or None)
    return [said, failed, events.Draft("ticket.blocked", {"blocker": reason})]


def question(subject: ticket.Ticket, name: str | None, kind: str) -> ticket.Question:
    """The question that is meant: the one of that name, or the only one of that kind; else a refusal that says why."""
    known = workflow.unanswered(subject)
    fitting = [one for one in known if (one.id == name if name else one.kind == kind)]
    if len(fitting) == 1 and fitting[0].kind == kind:
        return fitting[0]
    if name and not fitting:
        listed = ", ".join(one.id for one in known) or "nothing"
        raise errors.NotFound(f"{subject.id} asks no question {name[:60]!r}", f"it asks: {listed}")
    if fitting:
        raise errors.Usage(f"{subject.id} asks {_several(fitting)}", f"name the one: {_names(fitting)}")
    raise errors.Refused(f"{subject.id} waits for no {_SAID[kind]}", f"tickety show {subject.id}")


def _answered(subject: ticket.Ticket, asked: ticket.Question, words: str, when: When) -> events.Draft:
    is_last = len([one for one in workflow.unanswered(subject) if one.id != asked.id]) == 0
    due_at = _moved(subject.due_at, asked.asked_at, when.now) if when.pauses and is_last else None
    return events.Draft("question.answered", {"id": asked.id, "answer": words, "due_at": due_at})


def _moved(due_at: str, asked_at: str, now: datetime) -> str | None:
    """The time by which a ticket should be closed, later by what was waited."""
    waited = now - times.as_moment(asked_at)
    try:
        return times.as_text(times.as_moment(due_at) + waited) if waited.total_seconds() > 0 else None
    except OverflowError:
        return None


def _several(fitting: list[ticket.Question]) -> str:
    return f"{len(fitting)} questions" if len(fitting) > 1 else f"for {_SAID[fitting[0].kind]}"


def _names(fitting: list[ticket.Question]) -> str:
    return ", ".join(one.id for one in fitting)


_SAID = {"question": "an answer", "approval": "an approval"}
