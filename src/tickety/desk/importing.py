"""Taking in tickets that another tool, or another store, knows: what is refused is named, the rest is taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tickety import store
from tickety.core import document, errors, events, ids, record, ticket
from tickety.core.exchange import arrival, dialects, log, paper
from tickety.desk import memory, settling

IMPORTED, UPDATED, SKIPPED = "imported", "updated", "skipped"


@record.record(frozen=True, slots=True)
class Taken:
    """What became of one ticket. ``was`` is the id it had, when it has another one here."""

    place: str
    uid: str
    id: str
    title: str
    result: str
    was: str | None = None
    notes: tuple[str, ...] = ()


@record.record(frozen=True, slots=True)
class Outcome:
    """What an import did, and what it refused."""

    taken: tuple[Taken, ...] = ()
    faults: tuple[dialects.Fault, ...] = ()

    def of(self, result: str) -> tuple[Taken, ...]:
        """The tickets of one result."""
        return tuple(one for one in self.taken if one.result == result)


@record.record(frozen=True, slots=True)
class Way:
    """How papers are read: the dialect, or ``auto``, and who reads YAML.

    A log of events may hold commands that are run later, as the user's own: ``with_commands`` says that they may stay.
    """

    dialect: str
    parse_yaml: paper.ParseYaml
    with_commands: bool = False


@dataclass
class _Sorted:
    arrivals: list[arrival.Arrival] = field(default_factory=list)
    logged: list[tuple[str, events.Event]] = field(default_factory=list)
    faults: list[dialects.Fault] = field(default_factory=list)


class _RolledBack(Exception):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def import_many(desk: memory.Memory, papers: Iterable[paper.Paper], way: Way, *, dry_run: bool = False) -> Outcome:
    """Import everything that the papers hold, in one transaction. ``dry_run`` tells what would be."""
    wanted = dialects.Wanted(way.dialect, desk.clock.now(), desk.catalogue().types, way.parse_yaml)
    found = _sorted(one for given in papers for one in dialects.read(given, wanted))
    if not found.arrivals and not found.logged:
        return Outcome(faults=tuple(found.faults))
    if not way.with_commands:
        _require_no_commands(found.logged)

    def work(transaction: store.Transaction) -> Outcome:
        logged = _adopt(transaction, found.logged, wanted.types)
        outcome = Outcome((*logged.taken, *_take(desk, transaction, found.arrivals)), (*found.faults, *logged.faults))
        if dry_run:
            raise _RolledBack(outcome)
        return outcome

    try:
        return desk.store.change(desk.author(), work)
    except _RolledBack as tried:
        return tried.outcome


def _sorted(found: Iterable[dialects.Found]) -> _Sorted:
    kinds = _Sorted()
    for one in found:
        if isinstance(one, dialects.Fault):
            kinds.faults.append(one)
        elif isinstance(one, arrival.Arrival):
            kinds.arrivals.append(one)
        else:
            kinds.logged.append(one)
    return kinds


def _require_no_commands(logged: Sequence[tuple[str, events.Event]]) -> None:
    """Words that are imported are never run; in a log they could not be told from what this user typed."""
    for place, event in logged:
        if names := log.typed(event):
            raise errors.Waits(
                f"{place}: the log holds a command that would be run as yours ({', '.join(sorted(names))})",
                "look at it; if the log is your own: tickety import … --yes",
            )


def _take(desk: memory.Memory, transaction: store.Transaction, arrivals: Sequence[arrival.Arrival]) -> Iterator[Taken]:
    """New tickets and newer ones, with their ids and ties settled; the others stay as they are."""
    coming, skipped = _newer(transaction, arrivals)
    named = settling.name_all(transaction, coming, partial(_prefix, desk), desk.clock.now().year)
    names = settling.Names(transaction, [*named, *skipped])
    for settled in settling.tie_all(transaction, named, names):
        yield _store(transaction, settled)
    for known in skipped:
        subject, one = known.subject, known.arrival
        yield Taken(one.place, subject.uid, subject.id, subject.title, SKIPPED, notes=("nothing newer",))


def _prefix(desk: memory.Memory, kind: str) -> str:
    return desk.catalogue().recipe(kind).prefix


def _newer(
    transaction: store.Transaction, arrivals: Sequence[arrival.Arrival]
) -> tuple[list[settling.Coming], list[settling.Coming]]:
    """What is new or newer, and what is neither. Of two with one uid the later is the one that is compared."""
    coming: dict[str, settling.Coming] = {}
    skipped: list[settling.Coming] = []
    for one in arrivals:
        known = _known(transaction, one.subject.uid)
        before = coming.get(one.subject.uid)
        if before and not _is_newer(one, before.arrival.subject):
            skipped.append(settling.Coming(one, before.subject, before.known))
        elif known and not _is_newer(one, known):
            skipped.append(settling.Coming(one, known, known))
        else:
            coming[one.subject.uid] = settling.Coming(one, _after(one, known), known)
    return list(coming.values()), skipped


def _known(transaction: store.Transaction, uid: str) -> ticket.Ticket | None:
    try:
        return transaction.load(uid)
    except errors.NotFound:
        return None


def _is_newer(one: arrival.Arrival, known: ticket.Ticket) -> bool:
    """A ticket that is known is only changed by what says that it is newer."""
    subject = one.subject
    if not one.is_dated or subject.updated_at < known.updated_at:
        return False
    if subject.updated_at > known.updated_at:
        return True
    return one.is_whole and subject.version > known.version and not _is_alike(one, known)


def _is_alike(one: arrival.Arrival, known: ticket.Ticket) -> bool:
    bare = replace(known, linked_tickets=(), parent=None, id=one.subject.id, version=one.subject.version)
    return bare == one.subject


def _after(one: arrival.Arrival, known: ticket.Ticket | None) -> ticket.Ticket:
    """The ticket as it will be. One of another tool's adds to the links that it has here, ours brings its own."""
    if known is None:
        return one.subject
    if one.is_whole:
        return replace(one.subject, id=known.id)
    merged = arrival.merged(known, one.subject)
    return replace(merged, linked_tickets=known.linked_tickets, parent=known.parent)


def _store(transaction: store.Transaction, settled: settling.Settled) -> Taken:
    one, subject = settled.coming.arrival, settled.subject
    draft = events.Draft("ticket.imported", {"document": document.from_ticket(subject)})
    if known := settled.coming.known:
        transaction.append(known, [draft])
    else:
        transaction.open(subject.uid, draft)
    for uid, added in settled.others:
        transaction.append(transaction.load(uid), added)
    was = one.ref if one.ref and one.ref != subject.id else None
    result = UPDATED if settled.coming.known else IMPORTED
    return Taken(one.place, subject.uid, subject.id, subject.title, result, was, (*one.notes, *settled.notes))


def _adopt(transaction: store.Transaction, logged: Sequence[tuple[str, events.Event]], types: Sequence[str]) -> Outcome:
    """Events that are missing here, in the order they happened; a ticket's log is taken whole or not at all."""
    by_ticket: dict[str, list[tuple[str, events.Event]]] = {}
    for place, event in logged:
        by_ticket.setdefault(event.ticket_uid, []).append((place, event))
    taken: list[Taken] = []
    faults: list[dialects.Fault] = []
    missing: list[events.Event] = []
    ids_taken: dict[str, str] = {}
    for uid, entries in by_ticket.items():
        place = entries[0][0]
        try:
            one, new = _examined(transaction, entries, ids_taken, types)
        except errors.Usage as error:
            faults.append(dialects.Fault(place, f"the log of {uid}: {error.message}", error.hint))
        else:
            taken.append(one)
            missing += new
            ids_taken[one.id] = uid
    _append(transaction, logged, {id(event) for event in missing})
    for one in taken:
        transaction.move_counter(*ids.parse_id(one.id))
    return Outcome(tuple(taken), tuple(faults))


def _append(transaction: store.Transaction, logged: Sequence[tuple[str, events.Event]], missing: set[int]) -> None:
    for _, event in logged:
        if id(event) in missing:
            transaction.adopt(event)


def _examined(
    transaction: store.Transaction,
    entries: Sequence[tuple[str, events.Event]],
    ids_taken: dict[str, str],
    types: Sequence[str],
) -> tuple[Taken, list[events.Event]]:
    """What a log adds to what is known of its ticket; Usage when it is another history, or has a gap."""
    uid = entries[0][1].ticket_uid
    known = _known(transaction, uid)
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
    result = SKIPPED if not new else UPDATED if known else IMPORTED
    notes = () if new else ("nothing newer",)
    return Taken(entries[0][0], uid, subject.id, subject.title, result, notes=notes), new


def as_json(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    """What an import did, as JSON."""
    listed = {result: [_taken(one) for one in outcome.of(result)] for result in (IMPORTED, UPDATED, SKIPPED)}
    refused = [{"place": fault.place, "reason": fault.reason, "hint": fault.hint} for fault in outcome.faults]
    return {"schema": 1, "dry_run": dry_run, **listed, "refused": refused}


def _taken(one: Taken) -> dict[str, Any]:
    return {
        "id": one.id, "uid": one.uid, "title": one.title, "place": one.place, "was": one.was, "notes": list(one.notes),
    }  # fmt: skip
