"""When a ticket needs more than its crew: the guide's three rules, and those on time, answers and silence.

A rule fires once for each cause, the event that made it true: a ticket that is blocked again is another cause. From
``marks`` and the ticket follow its ``alarms``: which rule may fire for it, and from which moment its delay counts.
What the rules themselves do to a ticket is no sign of life, and no new cause.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from tickety.core import errors, events, nearest, progress, record, ticket, times, workflow

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
    "undelivered": "a channel does not take what people are to be told",
}
"""Every rule, and what it says."""

DELAYS = {
    "critical_open": CRITICAL_OPEN.total_seconds(), "blocked": 0.0, "failed_attempts": 0.0, "sla_near": 0.0,
    "sla_past": 0.0, "stalled": 3600.0, "answer_overdue": 86400.0,
}  # fmt: skip
"""Seconds after its alarm's anchor in which a rule fires, unless the project says otherwise."""

OVER = "over"
"""Stands in the place of a rule where the cause of an escalation is gone: that is told, too."""

PM = "agent:PM"

_LAST_PART = 0.2  # of the time that is given
_FAILURES = frozenset({"failed", "broken"})
_OF_ONE_BUDGET = 3  # words, at least: whose (and of which step), of what, granted how often
_BY_DATE = frozenset({"sla_near", "sla_past"})


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
    return sum(update.result in _FAILURES for update in subject.agent_updates)


def marks(subject: ticket.Ticket, event: events.Event) -> dict[str, Any]:
    """Since which event each condition has held: name -> ``[n, at]``. Told escalations are no sign of life."""
    if subject.is_closed:
        return {}
    held = {name: subject.marks.get(name, [event.n, event.at]) for name, holds in _HOLDS.items() if holds(subject)}
    if "failed_attempts" in subject.marks:
        held["failed_attempts"] = subject.marks["failed_attempts"]
    if _is_one_too_many(subject, event):
        held["failed_attempts"] = [event.n, event.at]
    if _is_at_work(subject):
        is_of_ours = _is_of_ours(event) and "stalled" in subject.marks
        held["stalled"] = subject.marks["stalled"] if is_of_ours else [event.n, event.at]
    return held


def sound_marks(given: dict[str, Any]) -> dict[str, Any]:
    """Of marks that come from elsewhere those that are as ours."""
    return {name: mark for name, mark in given.items() if name in RULES and _is_mark(mark)}


def alarms(subject: ticket.Ticket) -> list[Alarm]:
    """Every rule that may fire for a ticket as it stands, and has not yet for this cause; and what is over of it."""
    fired = {one.id for one in subject.escalations}
    living = () if subject.is_closed else _alarms(subject)
    found = [alarm for alarm in living if alarm.id not in fired and not _is_told(subject, alarm)]
    ended = [Alarm(OVER, one.id, 0.0) for one in subject.escalations if is_ended(subject, one)]
    return list({alarm.id: alarm for alarm in reversed((*ended, *found))}.values())


def due(subject: ticket.Ticket, rule: str, now: float, delays: Mapping[str, float]) -> list[Alarm]:
    """The alarms of a rule that have to go off now (seconds since 1970)."""
    delay = delays.get(rule, 0.0)
    return [alarm for alarm in alarms(subject) if alarm.rule == rule and alarm.anchor + delay <= now]


def owner(subject: ticket.Ticket, chosen: str | None) -> str:
    """Who answers for an escalation: whom the project chose, else the reporter if that is a person, else the PM."""
    return chosen or (subject.reporter if subject.reporter.startswith("user:") else PM)


def raised(subject: ticket.Ticket, alarm: Alarm, now: datetime, chosen: str | None) -> events.Draft:
    """A rule has fired."""
    named = {"id": alarm.id, "rule": alarm.rule, "cause": alarm.cause, "owner": owner(subject, chosen)}
    return events.Draft("escalation.raised", {**named, "sentence": sentence(subject, alarm.rule, now)})


def acknowledge(subject: ticket.Ticket, name: str | None) -> list[events.Draft]:
    """Somebody has seen an escalation, by its id or its rule, or all that there are; what was seen stays as it is.

    NotFound when there is none of that name.
    """
    meant = [one for one in subject.escalations if name is None or name in {one.id, one.rule}]
    if name and not meant:
        known = ", ".join(one.id for one in subject.escalations) or "none"
        near = nearest.asked(name, (known for one in subject.escalations for known in (one.id, one.rule)), "{!r}")
        raise errors.NotFound(f"{subject.id} has no escalation {name[:60]!r}", f"{near}its escalations: {known}")
    return [
        events.Draft("escalation.acknowledged", {"id": one.id})
        for one in meant
        if one.acknowledged_by is None and (name or one.resolved_at is None)
    ]


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
    """The cause of an escalation is gone. Of a channel that takes nothing only a person can tell."""
    if raised.rule == "undelivered" or subject.is_closed:
        return raised.rule != "undelivered"
    if raised.rule == "budget":
        return _is_granted(subject, raised)
    if raised.rule in _BY_DATE:
        told = _unix(raised.raised_at)
        return not any(alarm.rule == raised.rule and alarm.anchor <= told for alarm in _alarms(subject))
    return raised.id not in {alarm.id for alarm in _alarms(subject)}


def is_ended(subject: ticket.Ticket, raised: ticket.Escalation) -> bool:
    """Its cause is gone, and nobody said so yet."""
    return raised.resolved_at is None and is_over(subject, raised)


def attention(subject: ticket.Ticket) -> int | None:
    """2 when nobody has seen one of its escalations that last, 1 when all were seen; None when there is none."""
    living = [one for one in subject.escalations if one.resolved_at is None]
    if not living:
        return None
    return 2 if any(one.acknowledged_by is None for one in living) else 1


def _is_of_ours(event: events.Event) -> bool:
    """The rules did it, or somebody who saw what they told."""
    return event.type.startswith("escalation.") or event.by.removeprefix("system:") in RULES


def _is_one_too_many(subject: ticket.Ticket, event: events.Event) -> bool:
    """This failure makes three, or six, of them: each time it is told, also after a person tried again."""
    if event.type != "step.reported" or event.data["update"]["result"] not in _FAILURES:
        return False
    return failed_attempts(subject) % FAILED_ATTEMPTS == 0


def _is_told(subject: ticket.Ticket, alarm: Alarm) -> bool:
    """A date that was moved to an earlier one is no new cause, once it was told that the later one had passed."""
    if alarm.rule not in _BY_DATE:
        return False
    return any(one.rule == alarm.rule and alarm.anchor <= _unix(one.raised_at) for one in subject.escalations)


def _is_granted(subject: ticket.Ticket, raised: ticket.Escalation) -> bool:
    """A person has said since that the budget may be spent once more; a day's nobody grants."""
    from tickety.core import shortage

    parts = raised.cause.split(" ")
    if parts[0] == "day" or len(parts) < _OF_ONE_BUDGET or not parts[-1].isdecimal():
        return False
    return shortage.grants(subject, parts[0], parts[1]) > int(parts[-1])


def _alarms(subject: ticket.Ticket) -> Iterator[Alarm]:
    for name, (n, at) in subject.marks.items():
        yield Alarm(name, f"event {n}", _unix(subject.created_at if name == "critical_open" else at))
    asked = workflow.unanswered(subject)
    yield from (Alarm("answer_overdue", one.id, _unix(one.asked_at)) for one in asked)
    if not asked:  # while a person's answer is waited for, the ticket's time stands still
        due_at = _unix(subject.due_at)
        yield Alarm("sla_near", f"due {subject.due_at}", due_at - int(_LAST_PART * _given(subject)))
        yield Alarm("sla_past", f"due {subject.due_at}", due_at)


def _given(subject: ticket.Ticket) -> float:
    """The seconds in which a ticket should be closed; what a person was waited for is not counted."""
    until_due = _unix(subject.due_at) - _unix(subject.created_at)
    if not subject.questions:
        return until_due
    try:
        return min(until_due, times.length(subject.orchestration.sla).total_seconds())
    except (ValueError, OverflowError):  # an imported one may be any words
        return until_due


def _is_at_work(subject: ticket.Ticket) -> bool:
    """Something of it runs or could, and no moment is waited for."""
    if subject.status is not ticket.Status.IN_PROGRESS or subject.paused_by or workflow.unanswered(subject):
        return False
    return any(step.not_before is None for _, step in workflow.live(subject))


def _is_mark(mark: object) -> bool:
    match mark:
        case [int(), str(at)]:
            return times.is_text(at)
        case _:
            return False


@lru_cache(maxsize=256)
def _unix(moment: str) -> float:
    return times.as_moment(moment).timestamp()


_HOLDS: dict[str, Callable[[ticket.Ticket], bool]] = {
    "critical_open": lambda subject: subject.priority is ticket.Priority.CRITICAL,
    "blocked": lambda subject: subject.status is ticket.Status.BLOCKED,
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
