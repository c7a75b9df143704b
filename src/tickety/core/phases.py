"""The phases of a plan: when each shall be over, as people say it, and how far it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from tickety.core import errors, record, text, ticket, times

_WEEK = re.compile(r"week ([1-9][0-9]{0,2})")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_EXAMPLES = "write a date, today, this week, next week, week 3, this month, or in 5 days"
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_LAST_SECOND = timedelta(seconds=-1)


@record.record(frozen=True, slots=True)
class Progress:
    """How far a phase is; ``number`` counts from 1. ``said`` are the words that ``due`` was given in."""

    number: int
    name: str
    said: str | None
    due: str | None
    done: int
    total: int

    @property
    def is_done(self) -> bool:
        """Every step of it is over."""
        return self.done == self.total


def due(said: str, now: datetime) -> str:
    """The moment, in UTC, that people mean: the last second of a day, of a week (Sunday) or of a month.

    ``this week``, ``next week``, ``week 3`` (this one being the first), ``in 5 days``, a date. Usage when it is none.
    """
    words = " ".join(said.lower().split()).removeprefix("by ").removeprefix("in ")
    try:
        return times.as_text(_end(words, now.astimezone(UTC)))
    except (ValueError, OverflowError):
        raise errors.Usage(f"{said[:60]!r} is no time to come", _EXAMPLES) from None


def require_due(said: str, place: str) -> None:
    """Refuses words that mean no time at all."""
    try:
        due(said, _SOME_DAY)
    except errors.Usage as error:
        raise errors.Usage(f"{place}: due: {error.message}", error.hint) from None


def is_moment(said: str) -> bool:
    """It is a time as Tickety writes it."""
    return _MOMENT.fullmatch(said) is not None


def dated(plan: ticket.Plan, now: datetime, before: Sequence[Mapping[str, Any]] = ()) -> ticket.Plan:
    """The plan with a date for every phase that says when it shall be over.

    What a plan ``before`` said in the same words was meant then, not now.
    """
    known = {(phase.get("name"), phase.get("said")): phase.get("due") for phase in before}
    return replace(plan, phases=tuple(_dated(phase, now, known) for phase in plan.phases))


def progress(plan: ticket.Plan) -> Iterator[Progress]:
    """How far every phase is, in their order."""
    for number, phase in enumerate(plan.phases, 1):
        name = str(phase.get("name") or f"{number}")
        steps = [step for step in plan.steps if step.phase == name]
        done = sum(step.state.is_over for step in steps)
        yield Progress(number, name, _text(phase.get("said")), _text(phase.get("due")), done, len(steps))


def sentence(phase: Progress, *, is_live: bool) -> str:
    """``Phase 1 · Research & Design (this week, due 2026-11-29): 1 of 2``; without a ticket how many steps it has."""
    by = [part for part in (_as_said(phase), f"due {phase.due[:10]}" if phase.due else "") if part]
    until = f" ({', '.join(by)})" if by else ""
    share = f"{phase.done} of {phase.total}" if is_live else text.plural(phase.total, "step")
    return f"Phase {phase.number} · {text.one_line(phase.name)}{until}: {share}"


def _as_said(phase: Progress) -> str:
    """The words for when it is due, unless they are the date itself."""
    words = text.one_line(phase.said or "", 40)
    return "" if phase.due and words[:10] == phase.due[:10] else words[:1].lower() + words[1:]


def _end(words: str, now: datetime) -> datetime:
    today = datetime.combine(now.date(), time(), UTC)
    monday = today - timedelta(days=today.weekday())
    if words in _WEEKS:
        return monday + timedelta(weeks=_WEEKS[words]) + _LAST_SECOND
    if found := _WEEK.fullmatch(words):
        return monday + timedelta(weeks=int(found[1])) + _LAST_SECOND
    if words in _MONTHS:
        months = today.year * 12 + today.month - 1 + _MONTHS[words]
        return today.replace(year=months // 12, month=months % 12 + 1, day=1) + _LAST_SECOND
    return times.moment(words, now)


def _dated(phase: dict[str, Any], now: datetime, known: Mapping[tuple[Any, Any], Any]) -> dict[str, Any]:
    said = phase.get("said")
    if phase.get("due") or not isinstance(said, str):
        return phase
    return {**phase, "due": known.get((phase.get("name"), said)) or due(said, now)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


_WEEKS = {"this week": 1, "next week": 2}
_MONTHS = {"this month": 1, "next month": 2}
