"""What a store in memory keeps: tables that are written through a journal of undoing, and what follows from them."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from tickety import store
from tickety.core import budget, escalation, events, queueing, ticket, workflow
from tickety.stores import rows

Apply = Callable[[ticket.Ticket | None, events.Event], ticket.Ticket]
"""How a ticket follows from what it was and an event: ``history.apply``, or a planted fault."""

Place = tuple[float, str, int]
"""A turn, a uid, a place in the plan: the order of work."""

Entry = tuple[Place, ticket.Step]
"""A step that can be, or is being, worked on."""

_ABSENT = object()


class Book:
    """Tickets as they are, claims, numbers, delays and the log. What follows from a ticket is kept with it."""

    def __init__(self) -> None:
        self.tickets: dict[str, ticket.Ticket] = {}
        self.uids: dict[str, str] = {}
        self.claims: dict[tuple[str, str], store.Claim] = {}
        self.counters: dict[tuple[str, int], int] = {}
        self.delays: dict[str, float] = {**escalation.DELAYS, escalation.OVER: 0.0}
        self.log: list[events.Event] = []
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []
        self.works: dict[str, list[Entry]] = {}
        self.running: dict[str, list[Entry]] = {}
        self.alarms: dict[str, list[escalation.Alarm]] = {}
        self.stalls: dict[str, str] = {}
        self._soonest: float | None = None
        self._holding: dict[str, list[store.Unfinished]] = {}

    def delay(self, rule: str, seconds: float) -> None:
        """A rule fires so long after its alarm."""
        self.put(self.delays, rule, seconds)
        self._soonest = None

    def put(self, table: dict[Any, Any], key: object, value: object) -> None:
        """Write an entry so that it can be taken back."""
        self._undo.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def drop(self, table: dict[Any, Any], key: object) -> None:
        """Take an entry away so that it can be put back."""
        if key in table:
            self._undo.append((table, key, table.pop(key)))

    def mark(self) -> tuple[int, int]:
        """Where ``turn_back`` may lead to."""
        return len(self._undo), len(self.log)

    def turn_back(self, mark: tuple[int, int]) -> None:
        """Everything is as it was."""
        while len(self._undo) > mark[0]:
            table, key, before = self._undo.pop()
            if before is _ABSENT:
                del table[key]
            else:
                table[key] = before
        del self.log[mark[1] :]
        self._holding.clear()
        self._soonest = None

    def keep(self) -> None:
        """What was written stays."""
        self._undo.clear()

    def save(self, before: ticket.Ticket | None, after: ticket.Ticket) -> None:
        """The ticket stands otherwise now."""
        self.put(self.tickets, after.uid, after)
        if before is None:
            self.put(self.uids, after.id, after.uid)
        if before is None or before.orchestration is not after.orchestration or _grounds(before) != _grounds(after):
            works = _works(after)
            self._set(self.works, after.uid, works)
            self._set(self.running, after.uid, [one for one in works if one[1].state is ticket.State.RUNNING])
        if before is None or rows.alarm_grounds(before) != rows.alarm_grounds(after):
            self._set(self.alarms, after.uid, [one for one in escalation.alarms(after) if one.rule != "stalled"])
            self._soonest = None
        self._set(self.stalls, after.uid, escalation.stalls_from(after))
        if before is None or _stand(before) != _stand(after):
            self._holding.clear()

    def soonest(self) -> float:
        """The moment in which the first rule is due, but for those that a ticket is stalled."""
        if self._soonest is None:
            moments = (
                alarm.anchor + self.delays[alarm.rule]
                for alarms in self.alarms.values()
                for alarm in alarms
                if alarm.rule in self.delays
            )
            self._soonest = min(moments, default=math.inf)
        return self._soonest

    def spending_of(self, subject: ticket.Ticket) -> dict[str, budget.Amount]:
        """What a ticket used, or has reserved, by day."""
        by_day = subject.spent
        for step in subject.orchestration.steps:
            if step.state is ticket.State.RUNNING and step.reserved:
                by_day = budget.charged(by_day, (step.started_at or "")[:10], step.reserved)
        return by_day

    def parts_of(self, ticket_id: str) -> Iterator[ticket.Ticket]:
        """The ticket and its parts, at any depth."""
        for subject in self.tickets.values():
            if subject.id == ticket_id:
                yield subject
            elif subject.parent == ticket_id:
                yield from self.parts_of(subject.id)

    def unfinished(self, uid: str) -> list[store.Unfinished]:
        """What a ticket waits for now."""
        if uid not in self._holding:
            found = [*self._links(self.tickets[uid]), *self._children(self.tickets[uid])]
            self._holding[uid] = sorted(found, key=lambda one: (one.relationship, one.id))
        return self._holding[uid]

    def _set(self, table: dict[str, Any], uid: str, value: object) -> None:
        """Nothing is no entry."""
        if value:
            self.put(table, uid, value)
        else:
            self.drop(table, uid)

    def _links(self, subject: ticket.Ticket) -> Iterator[store.Unfinished]:
        for link in dict.fromkeys(subject.linked_tickets):
            other = self.tickets.get(self.uids.get(link.ticket_id, ""))
            if other is not None and _WAITED.get(link.relationship, _nothing)(self, other):
                yield store.Unfinished(other.id, link.relationship.value, other.status.value, other.title)

    def _children(self, subject: ticket.Ticket) -> Iterator[store.Unfinished]:
        for other in self.tickets.values():
            if other.parent == subject.id and not other.is_closed:
                yield store.Unfinished(other.id, "child", other.status.value, other.title)


def _grounds(subject: ticket.Ticket) -> tuple[object, ...]:
    """What the work of a plan follows from beside its steps."""
    return subject.status, subject.paused_by, subject.questions, subject.priority, subject.created_at


def _works(subject: ticket.Ticket) -> list[Entry]:
    live = workflow.live(subject)
    turn = queueing.turn(subject) if live else 0.0
    return [((turn, subject.uid, place), step) for place, step in live]


def _is_open(book: Book, other: ticket.Ticket) -> bool:
    del book
    return not other.is_closed


def _has_not_started(book: Book, other: ticket.Ticket) -> bool:
    return not any(part.has_started for part in book.parts_of(other.id))


def _nothing(book: Book, other: ticket.Ticket) -> bool:
    del book, other
    return False


_WAITED = {
    ticket.Relationship.BLOCKED_BY: _is_open,
    ticket.Relationship.STARTS_WITH: _has_not_started,
}


def _stand(subject: ticket.Ticket) -> tuple[object, ...]:
    return subject.is_closed, subject.status, subject.has_started, subject.parent, subject.linked_tickets
