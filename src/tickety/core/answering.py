"""What a person answers: to a question in words, to what needs approval with yes or no. And what follows from it."""

from datetime import datetime

from tickety.core import (
    approval,
    document,
    errors,
    events,
    lifecycle,
    proposal,
    record,
    shortage,
    ticket,
    times,
    workflow,
)

APPROVED = "approved"
REJECTED = "rejected"


@record.record(frozen=True, slots=True)
class When:
    """When somebody answers, and who. ``pauses``: the time that was waited is not counted."""

    now: datetime
    by: str
    pauses: bool = True


def answer(subject: ticket.Ticket, name: str | None, words: str, when: When) -> list[events.Draft]:
    """Answer a question; the step that asked goes on. The same answer again changes nothing."""
    if _is_said(subject, name, "question", words):
        return []
    asked = question(subject, name, "question")
    return [_answered(subject, asked, words, when)]


def approve(
    subject: ticket.Ticket, name: str | None, when: When, hand: lifecycle.Hand | None = None
) -> list[events.Draft]:
    """Say yes; saying it again changes nothing.

    Steps that were proposed become part of the plan. A yes to work that is there counts as the step's work: ``hand`` is
    the commit, with what is approved in it. A yes to what a judge found is kept with the judge's step.
    """
    if _is_said(subject, name, "approval", APPROVED):
        return []
    asked = question(subject, name, "approval")
    said = _answered(subject, asked, APPROVED, when)
    if asked.steps:
        plan = proposal.accepted(subject.orchestration, asked.steps, when.now)
        changed = {"orchestration": document.from_plan(plan), "reason": asked.text, "proposal": asked.id}
        return [said, events.Draft("plan.changed", changed)]
    if not is_of_work(subject, asked):
        return [said]
    approved = {"by_hand": hand and hand.commit, "approved": list(hand.approved) if hand else [asked.text]}
    return [said, events.Draft("step.retried", {"step": asked.step, **approved})]


def reject(subject: ticket.Ticket, name: str | None, why: str, when: When) -> list[events.Draft]:
    """Say no; saying it again changes nothing.

    A step that waited for a yes has failed, and blocks its ticket; steps that were proposed are dropped.
    """
    if _is_said(subject, name, "approval", f"{REJECTED}: {why}"):
        return []
    asked = question(subject, name, "approval")
    said = _answered(subject, asked, f"{REJECTED}: {why}", when)
    if asked.steps:
        return [said]
    step = subject.orchestration.step(asked.step)
    reason = f"{when.by} rejected it: {why}"
    failed = events.Draft("step.failed", {"step": step.name, "reason": reason}, step.attempt or None)
    blocked = [] if subject.status is ticket.Status.BLOCKED else [events.Draft("ticket.blocked", {"blocker": reason})]
    return [said, failed, *blocked]


def is_of_work(subject: ticket.Ticket, asked: ticket.Question) -> bool:
    """The yes is to what an attempt did or found, not to something that is yet to be done or spent."""
    if asked.kind != "approval" or asked.steps or asked.id.startswith(shortage.PREFIX):
        return False
    step = subject.orchestration.step(asked.step)
    return asked.text != approval.sentence(subject, step)


def question(subject: ticket.Ticket, name: str | None, kind: str) -> ticket.Question:
    """The question that is meant: the one of that name, or the only one of that kind; else a refusal that says why."""
    known = workflow.unanswered(subject)
    fitting = [one for one in known if (one.id == name if name else one.kind == kind)]
    if len(fitting) == 1 and fitting[0].kind == kind:
        return fitting[0]
    if name and not fitting:
        _refuse_answered(subject, name)
        listed = ", ".join(one.id for one in known) or "nothing"
        raise errors.NotFound(
            f"{subject.id} asks no question {name[:60]!r}", f"it asks: {listed}; see tickety show {subject.id}"
        )
    if fitting:
        raise errors.Usage(f"{subject.id} asks {_several(fitting)}", f"name the one: {_names(fitting)}")
    raise errors.Refused(f"{subject.id} waits for no {_SAID[kind].partition(' ')[2]}", f"tickety show {subject.id}")


def _is_said(subject: ticket.Ticket, name: str | None, kind: str, words: str) -> bool:
    """The question that is meant has this answer: the one of that name, or the last one when none is open."""
    known = [one for one in subject.questions if one.kind == kind and (name is None or one.id == name)]
    is_open = any(one.kind == kind for one in workflow.unanswered(subject)) if name is None else False
    return bool(known) and not is_open and known[-1].answer == words


def _refuse_answered(subject: ticket.Ticket, name: str) -> None:
    """What was answered stays answered: somebody may have begun with it."""
    asked = next((one for one in subject.questions if one.id == name and one.answer is not None), None)
    if asked:
        raise errors.Refused(
            f"{asked.answered_by or 'somebody'} has answered {name}: {asked.answer}", f"tickety show {subject.id}"
        )


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
