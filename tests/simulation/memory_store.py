"""A store in memory: the part of the port that the ledger, the engine's turns and the rules need, and no lists.

It keeps tickets, not JSON, and flushes nothing, so that weeks can be simulated by the thousand. What it promises is
held by the same contract as the store on disk (``tests/contract``).
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TypeVar, cast

from tests.simulation import memory_book
from tickety import store
from tickety.core import budget, errors, events, history, ticket, times
from tickety.core.record import complete

T = TypeVar("T")


class _Shelf:
    """What a change and a reader have in common: looking."""

    def __init__(self, book: memory_book.Book) -> None:
        self._book = book

    def load(self, uid: str) -> ticket.Ticket:
        found = self._book.tickets.get(uid)
        if found is None:
            raise errors.NotFound(f"there is no ticket {uid}", "tickety list")
        return found

    def ready(self, wanted: store.Wanted) -> tuple[store.Work, ...]:
        found = [entry for entry in self._entries(wanted.uid) if self._is_wanted(entry, wanted)]
        found.sort(key=_in_turn)
        taken: dict[str, int] = {}
        fitting = []
        for entry in found:
            role = entry[1].agent
            taken[role] = taken.get(role, 0) + 1
            if taken[role] <= wanted.slots.get(role, wanted.limit):
                fitting.append(entry)
        if wanted.uid is None:
            fitting.sort(key=_by_role)
        return tuple(
            store.Work(uid, step.name, step.agent, None, turn) for (turn, uid, _), step in fitting[: wanted.limit]
        )

    def running(self, uid: str | None) -> tuple[store.Work, ...]:
        return tuple(self._work(entry) for entry in sorted(self._entries(uid, self._book.running), key=_in_turn))

    def work(self, uid: str | None) -> tuple[store.Work, ...]:
        return tuple(
            self._work(entry)
            for entry in sorted(self._entries(uid), key=_in_turn)
            if entry[1].state is ticket.State.RUNNING or not self._book.unfinished(entry[0][1])
        )

    def due(self, now: float, limit: int) -> tuple[store.Due, ...]:
        found = [*self._alarmed(now), *self._stalled(now)]
        return tuple(store.Due(uid, rule) for rule, _, uid in sorted(found)[:limit])

    def unfinished(self, uid: str) -> tuple[store.Unfinished, ...]:
        return tuple(self._book.unfinished(uid)) if uid in self._book.tickets else ()

    def log(self, uid: str) -> tuple[events.Event, ...]:
        return tuple(event for event in self._book.log if event.ticket_uid == uid)

    def foreign_until(self, uid: str) -> int:
        del uid
        return 0  # nothing comes from elsewhere

    def adopted_until(self, uid: str) -> int:
        del uid
        return 0

    def _is_wanted(self, entry: memory_book.Entry, wanted: store.Wanted) -> bool:
        (_, uid, _), step = entry
        return (
            step.state is ticket.State.READY
            and (step.not_before is None or step.not_before <= wanted.now)
            and (wanted.roles is None or step.agent in wanted.roles)
            and not self._book.unfinished(uid)
        )

    def _entries(
        self, uid: str | None, table: dict[str, list[memory_book.Entry]] | None = None
    ) -> list[memory_book.Entry]:
        works = self._book.works if table is None else table
        return list(chain.from_iterable(works.values())) if uid is None else works.get(uid, [])

    def _work(self, entry: memory_book.Entry) -> store.Work:
        (turn, uid, _), step = entry
        held = self._book.claims.get((uid, step.name)) if step.state is ticket.State.RUNNING else None
        return store.Work(uid, step.name, step.agent, held, turn)

    def _alarmed(self, now: float) -> Iterable[tuple[str, float, str]]:
        delays = self._book.delays
        if now < self._book.soonest():
            return
        for uid, alarms in self._book.alarms.items():
            for alarm in alarms:
                if alarm.rule in delays and alarm.anchor <= now - delays[alarm.rule]:
                    yield alarm.rule, alarm.anchor, uid

    def _stalled(self, now: float) -> Iterable[tuple[str, float, str]]:
        if "stalled" not in self._book.delays or not self._book.stalls:
            return
        latest = times.from_unix(now - self._book.delays["stalled"])
        living = {uid for (uid, _), claim in self._book.claims.items() if claim.lease_until > now}
        for uid, since in self._book.stalls.items():
            if since <= latest and uid not in living:
                yield "stalled", 0.0, uid


class MemoryTransaction(_Shelf):
    """A change that is going on."""

    def __init__(self, book: memory_book.Book, author: events.Author, apply: memory_book.Apply) -> None:
        super().__init__(book)
        self._author = author
        self._apply = apply

    def by(self, author: events.Author) -> "MemoryTransaction":
        return MemoryTransaction(self._book, author, self._apply)

    def tried(self, work: Callable[[], T]) -> T:
        mark = self._book.mark()
        try:
            return work()
        except BaseException:
            self._book.turn_back(mark)
            raise

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        if draft.data["id"] in self._book.uids:
            raise errors.Failed(f"{draft.data['id']} is taken")
        return self._append(None, uid, [draft])

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        return self._append(subject, subject.uid, drafts)

    def uid_of(self, ticket_id: str) -> str | None:
        return self._book.uids.get(ticket_id)

    def opened_by(self, command_id: str) -> str | None:
        found = (one for one in self._book.log if one.command_id == command_id and one.type == "ticket.opened")
        return next((event.ticket_uid for event in found), None)

    def take_number(self, prefix: str, year: int) -> int:
        number = self._book.counters.get((prefix, year), 0) + 1
        self._book.put(self._book.counters, (prefix, year), number)
        return number

    def move_counter(self, prefix: str, year: int, number: int) -> None:
        self._book.put(self._book.counters, (prefix, year), max(number, self._book.counters.get((prefix, year), 0)))

    def spent_on(self, day: str) -> store.Amount:
        found = (self._book.spending_of(one).get(day, {}) for one in self._book.tickets.values())
        return budget.total(found)

    def spent_by(self, ticket_id: str) -> store.Amount:
        found = (self._book.spending_of(one).values() for one in self._book.parts_of(ticket_id))
        return budget.total(amount for amounts in found for amount in amounts)

    def delay(self, rule: str, seconds: float) -> None:
        self._book.delay(rule, seconds)

    def claim_on(self, ticket_uid: str, step: str) -> store.Claim | None:
        return self._book.claims.get((ticket_uid, step))

    def claim(self, claim: store.Claim) -> None:
        self._book.put(self._book.claims, (claim.ticket_uid, claim.step), claim)

    def drop_claim(self, ticket_uid: str, step: str) -> None:
        self._book.drop(self._book.claims, (ticket_uid, step))

    def _append(self, before: ticket.Ticket | None, uid: str, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        after = before
        for draft in drafts:
            n = after.version + 1 if after else events.first_n(draft)
            event = events.stamp(draft, self._author, uid, n)
            complete(event, seq=len(self._book.log) + 1)
            after = self._apply(after, event)
            self._book.log.append(event)
        if after is None:
            raise ValueError("a ticket begins with an event")
        if drafts:
            self._book.save(before, after)
        return after


class MemoryStore(_Shelf):
    """Tickets in memory; several of them on one book are as several processes on one file."""

    def __init__(self, book: memory_book.Book, apply: memory_book.Apply = history.apply) -> None:
        super().__init__(book)
        self._apply = apply
        self._listeners: list[Callable[[events.Event], None]] = []

    def change(self, author: events.Author, work: Callable[[store.Transaction], T]) -> T:
        mark = self._book.mark()
        try:
            answer = work(cast("store.Transaction", MemoryTransaction(self._book, author, self._apply)))
        except BaseException:
            self._book.turn_back(mark)
            raise
        appended = self._book.log[mark[1] :]
        self._book.keep()
        for event in appended:
            for listener in self._listeners:
                listener(event)
        return answer

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        self._listeners.append(listener)

    def since(self, seq: int, limit: int, types: Sequence[str] | None = None) -> tuple[events.Event, ...]:
        later = self._book.log[seq:]
        return tuple(event for event in later if types is None or event.type in types)[:limit]

    def end(self) -> int:
        return len(self._book.log)

    def next_moment(self, now: str, uid: str | None) -> str | None:
        moments = (
            step.not_before
            for (_, uid, _), step in self._entries(uid)
            if step.not_before
            and step.not_before > now
            and step.state is ticket.State.READY
            and not self._book.unfinished(uid)
        )
        return min(moments, default=None)

    def delays(self) -> dict[str, float]:
        return dict(sorted(self._book.delays.items()))

    def renew(self, claim: store.Claim) -> bool:
        known = self._book.claims.get((claim.ticket_uid, claim.step))
        if known is None or (known.attempt, known.token) != (claim.attempt, claim.token):
            return False
        self._book.claims[claim.ticket_uid, claim.step] = claim
        return True

    def claim_of(self, token: str) -> store.Claim | None:
        return next((claim for claim in self._book.claims.values() if claim.token == token), None)

    def close(self) -> None:
        """Nothing is held."""


def _in_turn(entry: memory_book.Entry) -> memory_book.Place:
    return entry[0]


def _by_role(entry: memory_book.Entry) -> tuple[float, str, str, int]:
    (turn, uid, place), step = entry
    return turn, uid, step.agent, place
