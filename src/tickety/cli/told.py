"""What happens to tickets, in words: each event that people want to hear of while they watch, once."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from tickety.cli import render
from tickety.core import events, text, times

if TYPE_CHECKING:
    from tickety.core import ticket

NOBODY = "nobody"
"""Who works on a step whose role is not filled (see ``desk.dispatch``)."""

_DETAILS = 12  # lines of a report
_WIDE = 160


class Teller:
    """Tells events in words. ``look`` gives the ticket as it stands, by its uid."""

    def __init__(self, look: "Callable[[str], ticket.Ticket]", details: int = _DETAILS) -> None:
        self._look = look
        self._details = details
        self._began: dict[tuple[str, str], str] = {}
        self._names: dict[str, str] = {}

    def lines(self, event: events.Event) -> list[str]:
        """What there is to say of an event; nothing of one that is of no interest while watching."""
        happened = events.upcast(event)
        tell = _TELL.get(happened.type)
        return [] if tell is None else list(tell(self, happened))

    def name(self, uid: str) -> str:
        """The id of a ticket."""
        if uid not in self._names:
            self._names[uid] = self._look(uid).id
        return self._names[uid]

    def step_started(self, event: events.Event) -> Iterator[str]:
        """An agent begins."""
        agent = event.data["agent"]
        self._began[event.ticket_uid, event.data["step"]] = event.at
        mark = click.style("▸", fg="cyan")
        works = (
            f"{text.one_line(agent)} works since {event.at[11:19]} UTC" if agent != NOBODY else "nobody fills the role"
        )
        yield f"{mark} {event.data['step']}: {works}, attempt {event.attempt}"

    def step_reported(self, event: events.Event) -> Iterator[str]:
        """An agent's report, with how long it took."""
        update = event.data["update"]
        yield f"  {text.one_line(update['agent'])}: {render.coloured(update['result'])}{self._took(event)}"
        lines = [line for line in update["details"].splitlines() if line.strip()]
        yield from (f"    {text.harmless(line)[:_WIDE]}" for line in lines[: self._details])
        if len(lines) > self._details:
            more = text.plural(len(lines) - self._details, "more line")
            yield f"    … {more}: tickety show {self.name(event.ticket_uid)}"

    def step_released(self, event: events.Event) -> Iterator[str]:
        """An attempt that ended without a result, and when there will be another."""
        data = event.data
        ended = _ENDED.get(data["cause"], "given back")
        again = f"; {_AGAIN[data['cause']]} {_clock(event, data['not_before'])}" if data["not_before"] else ""
        yield f"  {data['step']}: {ended}, {text.one_line(data['reason'], _WIDE)}{again}"

    def step_reworked(self, event: events.Event) -> Iterator[str]:
        """A judge's objection."""
        agent = self._look(event.ticket_uid).orchestration.step(event.data["step"]).agent
        reason = event.data["reason"].partition(" sent it back: ")
        yield f"  sent back to {agent}: {text.one_line(reason[2] or reason[0], _WIDE)}"

    def ticket_opened(self, event: events.Event) -> Iterator[str]:
        """A new ticket."""
        data = event.data
        who = text.one_line(str(data["reporter"]), 40)
        yield f"  opened by {who}, {render.coloured(data['priority'])}: {text.one_line(data['title'], 80)}"

    def phase_done(self, event: events.Event) -> Iterator[str]:
        """A phase is through."""
        name = event.data["phase"]
        phases = [phase.get("name") for phase in self._look(event.ticket_uid).orchestration.phases]
        number = f" {phases.index(name) + 1}" if name in phases else ""
        yield click.style(f"  Phase{number} is done: {text.one_line(name)}", bold=True)

    def _took(self, event: events.Event) -> str:
        update = event.data["update"]
        seconds = update.get("usage", {}).get("seconds")
        began = self._began.get((event.ticket_uid, update["step"]))
        if seconds is None and began:
            seconds = (times.as_moment(event.at) - times.as_moment(began)).total_seconds()
        return "" if seconds is None else f" after {times.in_words(max(seconds, 0.0))}"


def _plain(words: Callable[[events.Event], str]) -> Callable[[Teller, events.Event], Iterator[str]]:
    def tell(teller: Teller, event: events.Event) -> Iterator[str]:
        del teller
        yield f"  {words(event)}"

    return tell


def _said(event: events.Event, name: str) -> str:
    return text.one_line(str(event.data[name]), _WIDE)


def _progress(event: events.Event) -> str:
    data = event.data
    return (
        click.style(f"milestone {data['percent']} %", bold=True) + f": {data['done']} of {data['total']} steps are done"
    )


def _clock(event: events.Event, moment: str) -> str:
    """A moment in UTC, with its day where that is another one."""
    return f"{moment[11:19]} UTC" if moment[:10] == event.at[:10] else f"{moment[:10]} {moment[11:16]} UTC"


def _deferred(event: events.Event) -> str:
    until = f" until {_clock(event, event.data['not_before'])}" if event.data["not_before"] else ""
    return f"{event.data['step']}: put off{until}, {_said(event, 'reason')}"


def _escalated(event: events.Event) -> str:
    return f"{click.style('escalated', fg='red')} to {_said(event, 'owner')}: {_said(event, 'sentence')}"


def _paused(event: events.Event) -> str:
    reason = _said(event, "reason") if event.data.get("reason") else ""
    return f"{render.coloured('paused')} by {text.one_line(event.by, 40)}{reason and f': {reason}'}"


def _proposed(event: events.Event) -> str:
    return f"{event.data['step']} proposes {text.plural(len(event.data['steps']), 'further step')}"


_ENDED = {
    "broke": "broke", "limited": "has to wait", "lost": "its worker is gone", "paused": "stopped",
    "conflict": "did not fit beside the others",
}  # fmt: skip
_AGAIN = dict.fromkeys(events.CAUSES, "tries again at") | {"limited": "goes on at"}
_TELL: dict[str, Callable[[Teller, events.Event], Iterator[str]]] = {
    "ticket.opened": Teller.ticket_opened,
    "ticket.blocked": _plain(lambda event: f"{render.coloured('blocked')}: {_said(event, 'blocker')}"),
    "ticket.unblocked": _plain(lambda event: f"unblocked by {text.one_line(event.by, 40)}"),
    "ticket.closed": _plain(lambda event: f"{render.coloured('closed')}, {_said(event, 'resolution')}"),
    "ticket.reopened": _plain(lambda event: f"reopened by {text.one_line(event.by, 40)}"),
    "ticket.paused": _plain(_paused),
    "ticket.resumed": _plain(lambda event: f"goes on, says {text.one_line(event.by, 40)}"),
    "plan.proposed": _plain(_proposed),
    "plan.changed": _plain(lambda event: f"the plan is another now: {_said(event, 'reason')}"),
    "step.alerted": _plain(lambda event: f"{_said(event, 'agent')} is alerted: {_said(event, 'words')}"),
    "step.started": Teller.step_started,
    "step.reported": Teller.step_reported,
    "step.released": Teller.step_released,
    "step.deferred": _plain(_deferred),
    "step.reworked": Teller.step_reworked,
    "step.retried": _plain(lambda event: f"{_said(event, 'step')} is tried again"),
    "step.waiting": _plain(
        lambda event: f"{_said(event, 'step')} {render.coloured('waiting')} for a person: {_said(event, 'reason')}"
    ),
    "step.cancelled": _plain(lambda event: f"{_said(event, 'step')} is cancelled: {_said(event, 'reason')}"),
    "progress.reached": _plain(_progress),
    "phase.done": Teller.phase_done,
    "question.answered": _plain(lambda event: f"{text.one_line(event.by, 40)} answered: {_said(event, 'answer')}"),
    "escalation.raised": _plain(_escalated),
    "escalation.acknowledged": _plain(lambda event: f"{text.one_line(event.by, 40)} has seen the escalation"),
}

PEOPLE_HEAR = frozenset(_TELL)
"""The events that are told."""
