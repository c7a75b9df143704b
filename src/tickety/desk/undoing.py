"""Whoever did something takes it back, and does it again: one command at a time, on all the tickets it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tickety import store
from tickety.core import dependency, errors, events, moves, ticket, undo
from tickety.desk import changing, linking, memory

_AT_FIRST = 64


def undo_last(desk: memory.Memory, *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Take back the last command of who acts, all of it or nothing."""

    def choose(kept: store.Store | store.Transaction) -> undo.Command:
        if command := undo.last_done(_commands(desk, kept)):
            return command
        raise errors.Refused(f"there is nothing of {desk.principal} to be taken back", "tickety list")

    return _take_back(desk, choose, undo.UNDO, dry_run=dry_run)


def redo_last(desk: memory.Memory, *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Do again what was taken back last, unless who acts did something else since."""

    def choose(kept: store.Store | store.Transaction) -> undo.Command:
        if command := undo.last_undone(_commands(desk, kept)):
            return command
        raise errors.Refused(
            f"{desk.principal} took nothing back that could be done again now",
            "take something back first: tickety undo",
        )

    return _take_back(desk, choose, undo.REDO, dry_run=dry_run)


class _OvertakenError(Exception):
    """Between choosing a command and taking it back, who acts did something else."""


def _commands(desk: memory.Memory, kept: store.Store | store.Transaction) -> Iterator[undo.Command]:
    """The commands of who acts, newest first, read only as far as they are asked for."""
    read, limit = 0, _AT_FIRST
    while True:
        found = kept.commands(desk.principal, limit)
        yield from found[read:]
        if len(found) < limit:
            return
        read, limit = limit, limit * 8


def _take_back(
    desk: memory.Memory,
    choose: Callable[[store.Store | store.Transaction], undo.Command],
    kind: str,
    *,
    dry_run: bool,
) -> tuple[changing.Changed, ...]:
    command = choose(desk.store)

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        return undo.take_back(transaction.log(subject.uid), command.id)

    def work(transaction: store.Transaction) -> tuple[changing.Changed, ...]:
        if choose(transaction) != command:
            raise _OvertakenError
        changed = changing.each(transaction, transaction.changed_by(command.id), rule)
        _require_sound(transaction, changed, command.id)
        return changed

    try:
        return changing.change_together(desk, work, dry_run=dry_run, causation=f"{kind}:{command.id}")
    except _OvertakenError:
        return _take_back(desk, choose, kind, dry_run=dry_run)


def _require_sound(transaction: store.Transaction, changed: tuple[changing.Changed, ...], command_id: str) -> None:
    """What others did since may be right only because of what is taken back: circles, and tickets closed as done."""
    own = {one.after.uid for one in changed}
    since = max(_last_of(transaction.log(uid), command_id) for uid in own)
    for one in changed:
        _require_no_circle(transaction, one)
        undo.require_no_orphans(one.before, one.after, _children(transaction, one.after))
        for over, unfinished in _contradictions(transaction, one):
            other = over if over.uid not in own else unfinished
            if other.uid not in own and _is_changed_since(transaction.log(other.uid), since):
                raise undo.contradicted(over, unfinished, other)


def _last_of(log: Sequence[events.Event], command_id: str) -> int:
    return max(event.seq for event in log if event.command_id == command_id)


def _is_changed_since(log: Sequence[events.Event], seq: int) -> bool:
    since = [event for event in log if event.seq > seq]
    return bool({event.command_id for event in since} - undo.taken_back(since))


def _require_no_circle(transaction: store.Transaction, one: changing.Changed) -> None:
    """Links and a parent that come back may close a circle with ties made since."""
    for link in one.after.linked_tickets:
        if link not in one.before.linked_tickets:
            linking.require_legal(transaction, dependency.Tie(one.after.id, link.relationship, link.ticket_id))
    if one.after.parent and one.after.parent != one.before.parent:
        linking.require_part(transaction, one.after.id, one.after.parent)


def _children(transaction: store.Transaction, subject: ticket.Ticket) -> list[str]:
    return [entry.id for entry in transaction.unfinished(subject.uid) if entry.relationship == "child"]


def _contradictions(transaction: store.Transaction, one: changing.Changed) -> list[tuple[ticket.Ticket, ticket.Ticket]]:
    """Pairs of a ticket that is closed as fixed or done, and one it waits for that is open; one of them changed."""
    if not undo.is_at_stake(one.before, one.after):
        return []
    if one.after.is_closed:
        found = transaction.unfinished(one.after.uid)
        awaited = [entry.id for entry in found if dependency.must_end(entry.relationship)]
        pairs = [(one.after, other) for other in _known(transaction, awaited)]
    else:
        blocked = [link.ticket_id for link in one.after.linked_tickets if link.relationship is _BLOCKS]
        pairs = [(other, one.after) for other in _known(transaction, [one.after.parent or "", *blocked])]
    return [(over, unfinished) for over, unfinished in pairs if over.resolution in moves.NEEDS_ALL_OVER]


def _known(transaction: store.Transaction, ids: Sequence[str]) -> list[ticket.Ticket]:
    return [transaction.load(uid) for ticket_id in ids if (uid := transaction.uid_of(ticket_id))]


_BLOCKS = ticket.Relationship.BLOCKS
