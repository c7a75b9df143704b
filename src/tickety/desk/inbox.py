"""What needs a person, over one memory: questions, what waits for a yes, escalations, and what goes on by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from tickety import store
from tickety.core import document, query, record, ticket, workflow
from tickety.desk import memory, rules, search

_COMMANDS = {
    "question": 'tickety answer {id} {name} "…"', "approval": "tickety approve {id} {name}",
    "proposal": "tickety approve {id} {name}", "escalation": "tickety ack {id} {rule}", "pause": "tickety show {id}",
}  # fmt: skip


@record.record(frozen=True, slots=True)
class Item:
    """One thing. ``kind`` is ``question``, ``approval``, ``proposal``, ``escalation``, or ``pause``: goes on by itself.

    ``name`` is the question's or escalation's own; ``at`` is when it was asked or raised, empty when it is due now and
    nobody raised it yet. ``owner`` and ``acknowledged_by`` are an escalation's.
    """

    kind: str
    ticket_id: str
    title: str
    name: str
    text: str
    at: str
    owner: str | None = None
    rule: str | None = None
    acknowledged_by: str | None = None

    @property
    def command(self) -> str:
        """What a person can do about it."""
        return _COMMANDS[self.kind].format(id=self.ticket_id, name=self.name, rule=self.rule)

    @property
    def is_due_now(self) -> bool:
        """The rules have not told it yet."""
        return self.kind == "escalation" and not self.at

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        return {**asdict(self), "at": self.at or None, "due_now": self.is_due_now, "command": self.command}


@record.record(frozen=True, slots=True)
class Inbox:
    """What needs this person, kind by kind; ``elsewhere`` escalations are in other people's hands."""

    items: tuple[Item, ...]
    elsewhere: int = 0

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        return {"items": [item.as_json() for item in self.items], "elsewhere": self.elsewhere}


def look(desk: memory.Memory, me: str) -> Inbox:
    """What needs a person; of escalations those that they answer for, and those that no person does."""
    found = [item for item in escalations(desk) if item.acknowledged_by is None]
    mine = [item for item in found if item.owner == me or not (item.owner or "").startswith("user:")]
    return Inbox((*_questions(desk.store), *mine, *_pauses(desk.store)), len(found) - len(mine))


def escalations(desk: memory.Memory, *, every: bool = False) -> list[Item]:
    """The escalations whose cause is still there, and those that are due now; ``every``: those that are over, too."""
    wanted = query.EVERYTHING if every else query.Query((query.Term("is", "is", ("escalated",)),))
    raised = [
        _escalation(subject.id, subject.title, one)
        for subject in _tickets(desk.store, wanted)
        for one in subject.escalations
        if every or one.resolved_at is None
    ]
    due = [_escalation(one.ticket_id, one.title, one.escalation) for one in rules.due_now(desk)]
    return [*due, *_by_age(raised)]


def _questions(kept: store.Store) -> list[Item]:
    """Those of the most important ticket first. Of one that is paused nobody has to decide anything now."""
    tickets = _tickets(kept, _awaiting("person"))
    return [_question(subject, one) for subject in tickets for one in workflow.unanswered(subject)]


def _question(subject: ticket.Ticket, asked: ticket.Question) -> Item:
    kind = "proposal" if asked.steps else asked.kind
    return Item(kind, subject.id, subject.title, asked.id, asked.text, asked.asked_at)


def _escalation(ticket_id: str, title: str, one: ticket.Escalation) -> Item:
    told = (one.id, one.sentence, one.raised_at, one.owner, one.rule, one.acknowledged_by)
    return Item("escalation", ticket_id, title, *told)


def _pauses(kept: store.Store) -> Iterator[Item]:
    """What a limit holds up, or a budget of another day."""
    for row in kept.page(_awaiting("moment"), _MANY, None, whole=False).rows:
        yield Item("pause", row.id, row.title, "", row.waiting_for or "", row.updated_at)


def _awaiting(what: str) -> query.Query:
    return query.Query((query.Term("is", "is", ("unfinished",)), query.Term("awaits", "in", (what,))))


def _tickets(kept: store.Store, wanted: query.Query) -> Iterator[ticket.Ticket]:
    return (document.to_ticket(found) for found in search.documents(kept, wanted))


def _by_age(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.at)


_MANY = 200
