"""The rules that run by themselves: what is due is told, once for each cause, and done by whoever comes by.

``attend`` is called after every change, by every worker and by whoever watches; several processes at once, too: what is
due is asked again inside the transaction that tells it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from tickety import store
from tickety.core import editing, errors, escalation, events, record, ticket, times

if TYPE_CHECKING:
    from datetime import datetime

    from tickety.core import outbox, policy
    from tickety.desk import memory

_A_DAY = timedelta(days=1)
_AT_ONCE = 200
_ROUNDS = 1000  # so many tickets wait for nobody: the next one who comes by goes on


@record.record(frozen=True, slots=True)
class Told:
    """What a rule told of a ticket. ``raised_at`` is empty where nobody has told it yet."""

    ticket_id: str
    title: str
    escalation: ticket.Escalation


def attend(desk: memory.Memory) -> tuple[Told, ...]:
    """Fire every rule that is due, and say what is over; what was raised."""
    rules = desk.policy()
    delays = {**rules.delays, escalation.OVER: 0.0}
    has_new_delays = desk.store.delays() != delays and _has_tickets(desk)
    if not has_new_delays and not desk.store.due(desk.clock.now().timestamp(), 1):
        return ()
    return desk.store.change(desk.author(by="system:rules"), lambda transaction: _attend(desk, transaction, delays))


def due_now(desk: memory.Memory, uid: str | None = None, limit: int = _AT_ONCE) -> tuple[Told, ...]:
    """What is due, of one ticket or of all, and was not told yet; nothing is written."""
    now, found = desk.clock.now(), []
    delays = desk.store.delays()
    waiting = dict.fromkeys(
        entry for entry in desk.store.due(now.timestamp(), limit) if uid in {None, entry.ticket_uid}
    )
    for entry in waiting:
        if entry.rule != escalation.OVER:
            subject = desk.store.load(entry.ticket_uid)
            found += [_would_be(desk, subject, alarm) for alarm in _due(subject, entry.rule, now, delays)]
    return tuple(found)


def lost(desk: memory.Memory, channel: str, message: outbox.Message) -> None:
    """A channel has not taken a message, and will not be asked again: told with the message's ticket.

    Told once a day for a channel, however many it does not take, and never of what tells that.
    """
    uid, _, place = message.key.rpartition("/")
    (event,) = desk.store.since(int(place) - 1, 1)
    if event.data.get("rule") == "undelivered" or not _is_first_today(desk, channel):
        return

    def work(transaction: store.Transaction) -> None:
        subject = transaction.load(uid)
        name = f"undelivered:{channel}"
        if not any(one.id == name for one in subject.escalations):
            owner = escalation.owner(subject, desk.policy().owner)
            sentence = f"{channel} does not take what people are to be told of {subject.id}: see [notify]"
            data = {"id": name, "rule": "undelivered", "cause": channel, "owner": owner, "sentence": sentence}
            transaction.append(subject, [events.Draft("escalation.raised", data)])

    desk.store.change(desk.author(by="system:undelivered"), work)


def _is_first_today(desk: memory.Memory, channel: str) -> bool:
    """Nobody else has told it of this channel, for a day. Whoever moves the cursor is the one."""
    name, now = f"undelivered {channel}", desk.clock.now()
    known = desk.store.cursor(name)
    if known and known.next_try and times.as_moment(known.next_try) > now:
        return False
    told = store.Cursor(name, 0, known.tries + 1 if known else 1, times.as_text(now + _A_DAY))
    return desk.store.save_cursor(told, known)


def _has_tickets(desk: memory.Memory) -> bool:
    """A project that only looks is not made a store for."""
    return desk.store.end() > 0


def _attend(desk: memory.Memory, transaction: store.Transaction, delays: dict[str, float]) -> tuple[Told, ...]:
    for rule, seconds in delays.items():
        if desk.store.delays().get(rule) != seconds:
            transaction.delay(rule, seconds)
    told: list[Told] = []
    seen: set[store.Due] = set()
    for _ in range(_ROUNDS):
        # What a row says is asked of the ticket: one that does not hold is passed over, not met again for ever.
        found = transaction.due(desk.clock.now().timestamp(), len(seen) + _AT_ONCE)
        fresh = [entry for entry in dict.fromkeys(found) if entry not in seen]
        if not fresh:
            break
        for entry in fresh:
            with suppress(errors.TicketyError):  # what stands against one ticket's rule holds up no other
                told += transaction.tried(partial(_fire, desk, transaction, entry, delays))
        seen.update(fresh)
    return tuple(told)


def _fire(
    desk: memory.Memory, transaction: store.Transaction, entry: store.Due, delays: dict[str, float]
) -> list[Told]:
    subject, rules, now = transaction.load(entry.ticket_uid), desk.policy(), desk.clock.now()
    if entry.rule == escalation.OVER:
        _resolve(desk, transaction, subject)
        return []
    alarms = _due(subject, entry.rule, now, delays)
    if not alarms:
        return []
    ours = transaction.by(desk.author(by=f"system:{entry.rule}"))
    raised = [escalation.raised(subject, alarm, now, rules.owner) for alarm in alarms]
    after = ours.append(subject, raised)
    ours.append(after, _consequences(desk, after, entry.rule, rules))
    return [Told(after.id, after.title, one) for one in after.escalations[-len(raised) :]]


def _consequences(desk: memory.Memory, subject: ticket.Ticket, rule: str, rules: policy.Policy) -> list[events.Draft]:
    """What the project wants done: the ticket is more important by one, or somebody else's."""
    edit = editing.Edit()
    if rule in rules.raise_priority:
        edit = replace(edit, priority=list(ticket.Priority)[max(subject.priority.rank - 1, 0)])
    if rule in rules.assign:
        edit = replace(edit, facts={"assignee": rules.assign[rule]})
    return [] if edit.is_empty else editing.edit(subject, edit, desk.catalogue(), f"system:{rule}")


def _resolve(desk: memory.Memory, transaction: store.Transaction, subject: ticket.Ticket) -> None:
    for one in subject.escalations:
        if escalation.is_ended(subject, one):
            ours = transaction.by(desk.author(by=f"system:{one.rule}"))
            subject = ours.append(subject, [events.Draft("escalation.resolved", {"id": one.id})])


def _due(subject: ticket.Ticket, rule: str, now: datetime, delays: dict[str, float]) -> list[escalation.Alarm]:
    return escalation.due(subject, rule, now.timestamp(), delays)


def _would_be(desk: memory.Memory, subject: ticket.Ticket, alarm: escalation.Alarm) -> Told:
    draft = escalation.raised(subject, alarm, desk.clock.now(), desk.policy().owner)
    return Told(subject.id, subject.title, ticket.Escalation(raised_at="", **draft.data))
