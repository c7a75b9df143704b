"""When a ticket needs more than its crew: the guide's three rules, and those on time, answers and silence.

A rule fires once for each cause, the event that made it true: a ticket that is blocked again is another cause. From
``marks`` and the ticket follow its ``alarms``: which rule may fire for it, and from which moment its delay counts.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tickety.core import events, progress, record, ticket, times, workflow

CRITICAL_OPEN = timedelta(hours=2)
FAILED_ATTEMPTS = 3

RULES = {
    "critical_open": "a critical ticket has been open for too long",
    "blocked": "a ticket is blocked",
    "failed_attempts": f"{FAILED_ATTEMPTS} attempts at a ticket failed",
    "sla_near": "80 % of the time in which a ticket should be closed have gone by",
    "sla_past": "a ticket should have been closed by now",
    "stalled": "nothing has happened to a ticket that is being worked on",
    "answer_overdue": "a person has not answered",
    "budget": "a budget is spent",
}
"""Every rule, and what it says."""

DELAYS = {
    "critical_open": CRITICAL_OPEN.total_seconds(), "blocked": 0.0, "failed_attempts": 0.0, "sla_near": 0.0,
    "sla_past": 0.0, "stalled": 3600.0, "answer_overdue": 86400.0,
}  # fmt: skip
"""Seconds after its alarm's anchor in which a rule fires, unless the project says otherwise."""

_NEAR = 0.8


@record.record(frozen=True, slots=True)
class Alarm:
    """A rule that fires ``DELAYS[rule]`` seconds after ``anchor`` (seconds since 1970), if nothing changes."""

    rule: str
    cause: str
    anchor: float

    @property
    def id(self) -> str:
        """The escalation that it becomes."""
        return f"{self.rule}:{self.cause}"


def causes(subject: ticket.Ticket, now: datetime) -> tuple[str, ...]:
    """The guide's ``should_escalate``: why a ticket should be escalated; empty when it should not."""
    if subject.is_closed:
        return ()
    open_for = now - times.as_moment(subject.created_at)
    found = []
    if subject.priority is ticket.Priority.CRITICAL and open_for > CRITICAL_OPEN:
        found.append(f"critical, and open for {times.in_words(open_for.total_seconds())}")
    if subject.status is ticket.Status.BLOCKED:
        found.append(f"blocked: {subject.blocker}")
    if (failed := failed_attempts(subject)) >= FAILED_ATTEMPTS:
        found.append(f"{failed} attempts failed")
    return tuple(found)


def failed_attempts(subject: ticket.Ticket) -> int:
    """How many of a ticket's reports were failures; what broke before it could report counts, too."""
    return sum(update.result in {"failed", "broken"} for update in subject.agent_updates)


def marks(subject: ticket.Ticket, event: events.Event) -> dict[str, Any]:
    """Since which event each condition has held: name -> ``[n, at]``. Told escalations are no sign of life."""
    if subject.is_closed:
        return {}
    held = {name: subject.marks.get(name, [event.n, event.at]) for name, holds in _HOLDS.items() if holds(subject)}
    if _is_at_work(subject):
        is_of_ours = event.type.startswith("escalation.") and "stalled" in subject.marks
        held["stalled"] = subject.marks["stalled"] if is_of_ours else [event.n, event.at]
    return held


def sound_marks(given: dict[str, Any]) -> dict[str, Any]:
    """Of marks that come from elsewhere those that are as ours."""
    return {name: mark for name, mark in given.items() if name in RULES and _is_mark(mark)}


def alarms(subject: ticket.Ticket) -> list[Alarm]:
    """Every rule that may fire for a ticket as it stands, and has not yet for this cause."""
    if subject.is_closed:
        return []
    fired = {one.id for one in subject.escalations}
    return [alarm for alarm in _alarms(subject) if alarm.id not in fired]


def stalls_from(subject: ticket.Ticket) -> str | None:
    """Since when nothing has happened to a ticket at work; None when it is not, or when that was told."""
    mark = subject.marks.get("stalled")
    is_told = mark and any(one.id == f"stalled:event {mark[0]}" for one in subject.escalations)
    return mark[1] if mark and not is_told else None


def sentence(subject: ticket.Ticket, rule: str, now: datetime) -> str:
    """What people are told."""
    known = {
        "id": subject.id,
        "age": times.in_words((now - times.as_moment(subject.created_at)).total_seconds()),
        "blocker": subject.blocker,
        "failed": failed_attempts(subject),
        "left": progress.time_left(subject.due_at, now),
        "active": subject.marks.get("stalled", ["", subject.updated_at])[1],
        "waiting_for": subject.waiting_for,
    }
    return _SAID[rule].format(**known)


def is_over(subject: ticket.Ticket, raised: ticket.Escalation) -> bool:
    """The cause of an escalation is gone."""
    alarm_ids = {alarm.id for alarm in _alarms(subject)} if not subject.is_closed else set()
    return raised.rule != "budget" and raised.id not in alarm_ids


def _alarms(subject: ticket.Ticket) -> Iterator[Alarm]:
    for name, (n, at) in subject.marks.items():
        yield Alarm(name, f"event {n}", _unix(subject.created_at if name == "critical_open" else at))
    yield from _waits(subject)
    if not _is_waiting(subject):
        due, created = _unix(subject.due_at), _unix(subject.created_at)
        yield Alarm("sla_near", f"due {subject.due_at}", created + _NEAR * (due - created))
        yield Alarm("sla_past", f"due {subject.due_at}", due)


def _waits(subject: ticket.Ticket) -> Iterator[Alarm]:
    asked = {one.id: one.asked_at for one in reversed(subject.questions) if one.answer is None}
    yield from (Alarm("answer_overdue", name, _unix(asked_at)) for name, asked_at in asked.items())


def _is_waiting(subject: ticket.Ticket) -> bool:
    """A person's answer is waited for: the ticket's time stands still."""
    return any(question.answer is None for question in subject.questions)


def _is_at_work(subject: ticket.Ticket) -> bool:
    """Something of it runs or could, and no moment is waited for."""
    if subject.status is not ticket.Status.IN_PROGRESS or subject.paused_by or _is_waiting(subject):
        return False
    return any(step.not_before is None for _, step in workflow.live(subject))


def _is_mark(mark: object) -> bool:
    match mark:
        case [int(), str(at)]:
            return times.is_text(at)
        case _:
            return False


def _unix(moment: str) -> float:
    return times.as_moment(moment).timestamp()


_HOLDS: dict[str, Callable[[ticket.Ticket], bool]] = {
    "critical_open": lambda subject: subject.priority is ticket.Priority.CRITICAL,
    "blocked": lambda subject: subject.status is ticket.Status.BLOCKED,
    "failed_attempts": lambda subject: (
        len(subject.agent_updates) >= FAILED_ATTEMPTS and failed_attempts(subject) >= FAILED_ATTEMPTS
    ),
}

_SAID = {
    "critical_open": "{id} is critical and has been open for {age}",
    "blocked": "{id} is blocked: {blocker}",
    "failed_attempts": "{failed} attempts at {id} failed",
    "sla_near": "{id} is {left}",
    "sla_past": "{id} is {left}",
    "stalled": "nothing has happened to {id} since {active}",
    "answer_overdue": "{id} waits for an answer: {waiting_for}",
}
