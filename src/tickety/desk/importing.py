"""Taking in tickets that another tool, or another store, knows: what is refused is named, the rest is taken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tickety import store
from tickety.core import document, errors, events, record, ticket
from tickety.core.exchange import arrival, dialects, paper
from tickety.desk import adopting, changing, memory, settling, taking

_NAMED = 10  # tickets, in one sentence


@record.record(frozen=True, slots=True)
class Way:
    """How papers are read: the dialect, or ``auto``, and who reads YAML.

    ``with_updates``: tickets that are here already may be changed.
    """

    dialect: str
    parse_yaml: paper.ParseYaml
    with_updates: bool = True


@dataclass
class _Sorted:
    arrivals: list[arrival.Arrival] = field(default_factory=list)
    logged: list[tuple[str, events.Event]] = field(default_factory=list)
    faults: list[dialects.Fault] = field(default_factory=list)


def import_many(
    desk: memory.Memory, papers: Iterable[paper.Paper], way: Way, *, dry_run: bool = False
) -> taking.Outcome:
    """Import everything that the papers hold, in one transaction. ``dry_run`` tells what would be."""
    wanted = dialects.Wanted(way.dialect, desk.clock.now(), desk.catalogue().types, way.parse_yaml)
    found = _sorted(one for given in papers for one in dialects.read(given, wanted))
    if not found.arrivals and not found.logged:
        return taking.Outcome(faults=tuple(found.faults))
    _require_wanted(way, found.logged)

    def work(transaction: store.Transaction) -> taking.Outcome:
        logged = adopting.adopt(transaction, found.logged, wanted.types)
        taken = (*logged.taken, *_take(desk, transaction, found.arrivals))
        outcome = taking.Outcome(taken, (*found.faults, *logged.faults))
        if not way.with_updates:
            _require_new(outcome)
        return outcome

    return changing.change_together(desk, work, dry_run=dry_run)


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


def _require_wanted(way: Way, logged: adopting.Logged) -> None:
    """Refuses a log where something else was to come."""
    if logged and way.dialect not in {dialects.AUTO, "tickety"}:
        raise errors.Usage(
            f"{logged[0][0]}: it is an event of a log, no ticket of {way.dialect}", "leave --from out to import a log"
        )


def _require_new(outcome: taking.Outcome) -> None:
    """Refuses to close, to reopen or to change in another way what is here already."""
    if changed := [one.id for one in outcome.of(taking.UPDATED)]:
        raise errors.Refused(
            f"the import would change tickets that are here already: {', '.join(changed[:_NAMED])}",
            "a person decides this; --dry-run shows what it would do",
        )


def _take(
    desk: memory.Memory, transaction: store.Transaction, arrivals: Sequence[arrival.Arrival]
) -> Iterator[taking.Taken]:
    """New tickets and newer ones, with their ids and ties settled; the others stay as they are."""
    coming, skipped = _newer(transaction, arrivals)
    named = settling.name_all(transaction, coming, partial(_prefix, desk), desk.clock.now().year)
    names = settling.Names(transaction, [*named, *skipped])
    for settled in settling.tie_all(transaction, named, names):
        yield _store(transaction, settled)
    for known in skipped:
        subject, one = known.subject, known.arrival
        yield taking.Taken(one.place, subject.uid, subject.id, subject.title, taking.SKIPPED, notes=("nothing newer",))


def _prefix(desk: memory.Memory, kind: str) -> str:
    return desk.catalogue().recipe(kind).prefix


def _newer(
    transaction: store.Transaction, arrivals: Sequence[arrival.Arrival]
) -> tuple[list[settling.Coming], list[settling.Coming]]:
    """What is new or newer, and what is neither. Of two with one uid the later is the one that is compared."""
    coming: dict[str, settling.Coming] = {}
    skipped: list[settling.Coming] = []
    for one in arrivals:
        known = taking.known(transaction, one.subject.uid)
        before = coming.get(one.subject.uid)
        if before and not _is_newer(one, before.arrival.subject):
            skipped.append(settling.Coming(one, before.subject, before.known))
        elif known and not _is_newer(one, known):
            skipped.append(settling.Coming(one, known, known))
        else:
            coming[one.subject.uid] = settling.Coming(one, _after(one, known), known)
    return list(coming.values()), skipped


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


def _store(transaction: store.Transaction, settled: settling.Settled) -> taking.Taken:
    one, subject = settled.coming.arrival, settled.subject
    draft = events.Draft("ticket.imported", {"document": document.from_ticket(subject)})
    if known := settled.coming.known:
        transaction.append(known, [draft])
    else:
        transaction.open(subject.uid, draft)
    for uid, added in settled.others:
        transaction.append(transaction.load(uid), added)
    was = one.ref if one.ref and one.ref != subject.id else None
    result = taking.UPDATED if settled.coming.known else taking.IMPORTED
    return taking.Taken(one.place, subject.uid, subject.id, subject.title, result, was, (*one.notes, *settled.notes))
