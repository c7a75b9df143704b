"""The outbox: which events people are told of, in which words, and how often a message is tried.

The log of events is the outbox. An event that somebody wants to hear of is the message, and its place in the log is
the message's key; a channel has a cursor on the log. So a message is kept in the moment in which it becomes true.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tickety.core import events, record, text, ticket, times

KINDS = {
    "escalation": "escalation.raised", "question": "question.asked", "blocked": "ticket.blocked", "closed":
    "ticket.closed", "opened": "ticket.opened", "alert": "step.alerted", "progress": "progress.reached", "phase":
    "phase.done",
}  # fmt: skip
"""What ``[notify] on`` may name, and the event that is it."""

DEFAULT = ("escalation", "question", "blocked", "closed")
"""What people are told of who did not choose."""

TRIES = 20
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
NEWS = timedelta(days=7)
"""What is older is no news: a channel that comes back after a month is not flooded."""

TITLE = 160  # characters
SAID = 600

_KIND_OF = {event: kind for kind, event in KINDS.items()}


@record.record(frozen=True, slots=True)
class Message:
    """What people are told. ``title`` is one line, ``body`` a few, both harmless; the same ``key`` is the same message.

    ``kind`` is one of ``KINDS``, ``at`` when it happened.
    """

    key: str
    kind: str
    ticket_id: str
    title: str
    body: str
    at: str


def kind_of(event: events.Event) -> str | None:
    """The kind of message that an event is; None when it is none."""
    return _KIND_OF.get(event.type)


def message_of(event: events.Event, subject: ticket.Ticket) -> Message | None:
    """What people are told of an event of a ticket; None when it is nothing to be told."""
    kind = kind_of(event)
    if kind is None:
        return None
    happened, lines = _WORDS[kind](event.data, subject)
    title = text.one_line(f"{subject.id} {happened}: {text.one_line(subject.title, TITLE)}", TITLE)
    # Each part is one line: nothing that a ticket says can look as if it were our next line.
    body = "\n".join(text.one_line(line, SAID) for line in lines if line)
    # The place alone is not enough: another project has it too, and so has a store that was restored.
    return Message(f"{event.ticket_uid}/{event.seq}", kind, subject.id, title, body, event.at)


def is_news(event: events.Event, now: datetime) -> bool:
    """It is still worth telling."""
    return now - times.as_moment(event.at) <= NEWS


def wait(tries: int) -> timedelta:
    """How long a channel rests after so many tries of one message that did not work out."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 10)), LONGEST_WAIT)


_Words = tuple[str, tuple[str, ...]]


def _escalation(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    owner = _said(data, "owner")
    return "needs you", (_said(data, "sentence"), owner and f"It is in the hands of {owner}.", _next("ack", subject))


def _question(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    asked = f"The step {_said(data, 'step')} asks: {_said(data, 'text')}"
    if data.get("kind") == "approval":
        return "waits for your yes", (asked, _next("approve", subject))
    return "asks you", (asked, _next("answer", subject))


def _blocked(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    return "is blocked", (_said(data, "blocker"), _next("show", subject))


def _closed(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    resolution = _said(data, "resolution").replace("_", " ")
    return f"is closed, {resolution}", (_next("show", subject),)


def _opened(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    crew = ", ".join(dict.fromkeys(step.agent for step in subject.orchestration.steps))
    opened = f"Opened by {_said(data, 'reporter')}, with {_said(data, 'priority')} priority."
    return "is new", (opened, crew and f"On it: {crew}.", _next("show", subject))


def _alert(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    name = _said(data, "step")
    task = next((step.task for step in subject.orchestration.steps if step.name == name), "")
    return f"alerts the {_said(data, 'agent')}", (f"{_said(data, 'words')} - {task}", _next("show", subject))


def _progress(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    done = f"{_said(data, 'done')} of {_said(data, 'total')} steps are done."
    return f"is at {_said(data, 'percent')} %", (done, _next("show", subject))


def _phase(data: dict[str, Any], subject: ticket.Ticket) -> _Words:
    return f"is through with {_said(data, 'phase')}", (_next("show", subject),)


def _said(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return "" if value is None else text.one_line(str(value), SAID)


def _next(verb: str, subject: ticket.Ticket) -> str:
    return f"tickety {verb} {subject.id}"


_WORDS: dict[str, Callable[[dict[str, Any], ticket.Ticket], _Words]] = {
    "escalation": _escalation, "question": _question, "blocked": _blocked, "closed": _closed, "opened": _opened,
    "alert": _alert, "progress": _progress, "phase": _phase,
}  # fmt: skip
