"""Taking over the log of another store: every event as it is, or nothing at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tickety import store
from tickety.core import errors, events, ids, record
from tickety.core.exchange import dialects, log
from tickety.desk import taking, ties

Logged = Sequence[tuple[str, events.Event]]
"""Events, each with its place in a file."""


@record.record(frozen=True, slots=True)
class _Seen:
    """What a log comes to: the ticket, the events that are missing here, and what they change in its ties."""

    taken: taking.Taken
    new: tuple[events.Event, ...]
    change: ties.Change


def adopt(transaction: store.Transaction, logged: Logged, types: Sequence[str]) -> taking.Outcome:
    """Append the events that are missing here, in the order they happened.

    One ticket's log that does not fit keeps out all of them: half a store would not be the one that was kept.
    """
    by_ticket = _by_ticket(logged)
    seen, faults = _examine_all(transaction, by_ticket, types)
    # What one log lacks, another that is refused may hold.
    faults = faults or _loose_ends(transaction, by_ticket, seen)
    if faults:
        return taking.Outcome(faults=(replace(faults[0], left_out=len(seen)), *faults[1:]))
    _append(transaction, logged, {id(event) for one in seen for event in one.new})
    for one in seen:
        transaction.move_counter(*ids.parse_id(one.taken.id))
    return taking.Outcome(tuple(one.taken for one in seen))


def _examine_all(
    transaction: store.Transaction, by_ticket: Mapping[str, Logged], types: Sequence[str]
) -> tuple[list[_Seen], list[dialects.Fault]]:
    seen: list[_Seen] = []
    faults: list[dialects.Fault] = []
    ids_taken: dict[str, str] = {}
    for uid, entries in by_ticket.items():
        try:
            one = _examined(transaction, entries, ids_taken, types)
        except errors.Usage as error:
            faults.append(dialects.Fault(entries[0][0], f"the log of {uid}: {error.message}", error.hint))
        else:
            seen.append(one)
            ids_taken[one.taken.id] = uid
    return seen, faults


def _loose_ends(
    transaction: store.Transaction, by_ticket: Mapping[str, Logged], seen: Sequence[_Seen]
) -> list[dialects.Fault]:
    found = ties.faults(transaction, [one.change for one in seen])
    return [
        dialects.Fault(by_ticket[uid][0][0], f"the log of {uid}: {reason}", "tickety export --events")
        for uid, reason in found
    ]


def _by_ticket(logged: Logged) -> dict[str, list[tuple[str, events.Event]]]:
    found: dict[str, list[tuple[str, events.Event]]] = {}
    for place, event in logged:
        found.setdefault(event.ticket_uid, []).append((place, event))
    return found


def _append(transaction: store.Transaction, logged: Logged, missing: set[int]) -> None:
    for _, event in logged:
        if id(event) in missing:
            transaction.adopt(event)


def _examined(
    transaction: store.Transaction,
    entries: Logged,
    ids_taken: dict[str, str],
    types: Sequence[str],
) -> _Seen:
    """What a log adds to what is known of its ticket; Usage when it is another history, or has a gap."""
    uid = entries[0][1].ticket_uid
    known = taking.known(transaction, uid)
    last = known.version if known else 0
    before = {event.n: event for event in transaction.log(uid)} if known else {}
    for _, event in entries:
        if event.n in before and not log.same(before[event.n], event):
            raise errors.Usage(f"event {event.n} is another one here", "the two stores went different ways")
    new = [event for _, event in entries if event.n > last]
    subject = log.folded(new, known, types) if new else known
    if subject is None:
        raise errors.Usage("it holds no events", "tickety export --events")
    owner = ids_taken.get(subject.id) or transaction.uid_of(subject.id) or uid
    if owner != uid:
        raise errors.Usage(f"its id, {subject.id}, belongs to {owner} here", "import the tickets, not their log")
    result = taking.SKIPPED if not new else taking.UPDATED if known else taking.IMPORTED
    notes = _notes(subject.id, new)
    taken = taking.Taken(entries[0][0], uid, subject.id, subject.title, result, notes=notes)
    return _Seen(taken, tuple(new), ties.Change(known, subject))


def _notes(ticket_id: str, new: Sequence[events.Event]) -> tuple[str, ...]:
    """Commands that came with a log could be anybody's: they stay to be read, and are never run."""
    if not new:
        return ("nothing newer",)
    commands = frozenset[str]().union(*(log.typed(event) for event in new))
    if not commands:
        return ()
    named = ", ".join(sorted(commands))
    return (f"its {named} is not run before you give it again: tickety retry {ticket_id} --repro or --verify",)
