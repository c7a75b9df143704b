"""The store port: the tickets' memory. Every change is one transaction that appends events.

A store never refuses a writer for being one of many: it waits, up to a minute, and then names who holds it.
An acknowledged change survives kill -9 and a power cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tickety.core import record

Amount = dict[str, float]
"""What was used, by resource (see ``core.budget``)."""

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ids, query, ticket, undo

T = TypeVar("T")

SCHEMA = 4
"""The version of the store's tables that this release reads and writes."""


@record.record(frozen=True, slots=True)
class Claim:
    """A running attempt: who holds it and until when (seconds since 1970), unless it is renewed.

    ``token`` is the digest of the attempt's secret, never the secret itself.
    """

    ticket_uid: str
    step: str
    attempt: int
    worker: str
    token: str
    lease_until: float


@record.record(frozen=True, slots=True)
class Work:
    """A step that is ready, or running under a claim (then ``claim`` is it). ``turn`` is its place: least first."""

    ticket_uid: str
    step: str
    role: str
    claim: Claim | None
    turn: float = 0.0


@record.record(frozen=True, slots=True)
class Row:
    """What a list shows of a ticket. ``held_by`` are the ids of the tickets that it waits for."""

    id: str
    type: str
    title: str
    status: str
    priority: str
    updated_at: str
    waiting_for: str | None
    blocker: str | None
    held_by: str | None = None
    due_at: str = ""


@record.record(frozen=True, slots=True)
class Page:
    """A part of a list, and the cursor of the next part; None at the end."""

    rows: tuple[Row, ...]
    documents: tuple[dict[str, Any], ...]
    cursor: str | None


@record.record(frozen=True, slots=True)
class Unfinished:
    """A ticket that another one waits for. ``relationship``: ``blocked_by``, ``starts_with`` or ``child``."""

    id: str
    relationship: str
    status: str
    title: str


@record.record(frozen=True, slots=True)
class Finding:
    """Something in a store that is not as it should be. ``is_mendable``: rebuilding it from the log mends it.

    ``remedy`` is what a person can do about it otherwise.
    """

    sentence: str
    is_mendable: bool
    remedy: str = ""


@record.record(frozen=True, slots=True)
class Wanted:
    """Which ready work is asked for: at most ``limit`` steps, of a role at most as many as ``slots`` says.

    ``now`` is a time as text. ``uid``: of that ticket only; ``roles``: of these only (full names, ``QA Agent``).
    """

    now: str
    limit: int
    slots: Mapping[str, int] = field(default_factory=dict)
    uid: str | None = None
    roles: tuple[str, ...] | None = None


@record.record(frozen=True, slots=True)
class Due:
    """A rule that has to fire for a ticket."""

    ticket_uid: str
    rule: str


@record.record(frozen=True, slots=True)
class Cursor:
    """How far a reader of the log is. It tries nothing before ``next_try``; ``tries`` failed at the next event."""

    name: str
    seq: int
    tries: int = 0
    next_try: str | None = None


class Transaction(Protocol):
    """One write transaction: everything in it happens, or nothing."""

    def by(self, author: events.Author) -> Transaction:
        """The same transaction in somebody else's hands: commands of several authors can share its commit."""

    def tried(self, work: Callable[[], T]) -> T:
        """Do a part of it that may be refused: an error in it undoes that part, and no other, and is passed on."""

    def ready(self, wanted: Wanted) -> tuple[Work, ...]:
        """Steps that can begin now, in their turn."""

    def running(self, uid: str | None) -> tuple[Work, ...]:
        """Steps that are running, of one ticket or of all: under a claim, but for those of somebody else's store."""

    def due(self, now: float, limit: int) -> tuple[Due, ...]:
        """Rules that have to fire, at a moment in seconds since 1970."""

    def spent_on(self, day: str) -> Amount:
        """What was spent on a day (UTC), and is reserved."""

    def spent_by(self, ticket_id: str) -> Amount:
        """What a ticket and its parts have spent, and what is reserved for them."""

    def delay(self, rule: str, seconds: float) -> None:
        """A rule fires so long after its alarm's anchor."""

    def take_number(self, prefix: str, year: int) -> int:
        """The next number of a prefix and year; never given twice."""

    def move_counter(self, prefix: str, year: int, number: int) -> None:
        """No number up to this one is given any more: somebody else's ticket has it."""

    def load(self, uid: str) -> ticket.Ticket:
        """The ticket as it stands in this transaction; NotFound when there is none."""

    def uid_of(self, ticket_id: str) -> str | None:
        """The uid of the ticket with that whole id."""

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        """Begin a ticket with its first event."""

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        """Append events to a ticket that was read in this transaction; the ticket after them."""

    def adopt(self, event: events.Event) -> None:
        """Append an event of another store's log as it is. A ticket's events come in order, without a gap.

        The counter of its id moves past it.
        """

    def opened_by(self, command_id: str) -> str | None:
        """The uid of the first ticket that a command opened: the same command twice opens it once."""

    def waits(self, ticket_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For each of some tickets the ids of those that it waits for, over or not: by links, and as a parent."""

    def unfinished(self, uid: str) -> tuple[Unfinished, ...]:
        """What a ticket waits for now: open blockers, what has not started that it starts with, open children."""

    def log(self, uid: str) -> tuple[events.Event, ...]:
        """Every event of a ticket, those of this transaction included."""

    def imported(self) -> tuple[tuple[str | None, str, str], ...]:
        """Every ticket that goes by another name elsewhere: its source, its name there, its id."""

    def foreign_until(self, uid: str) -> int:
        """The number of a ticket's last event that did not happen here (see ``Store.foreign_until``)."""

    def adopted_until(self, uid: str) -> int:
        """The number of the last event of a ticket that was adopted; 0 when none was."""

    def commands(self, by: str, limit: int) -> tuple[undo.Command, ...]:
        """The newest commands of a principal, newest first."""

    def changed_by(self, command_id: str) -> tuple[str, ...]:
        """The uids of the tickets that a command changed."""

    def claim_on(self, ticket_uid: str, step: str) -> Claim | None:
        """Who holds the step."""

    def claim(self, claim: Claim) -> None:
        """Hold a step; an older claim on it is gone."""

    def drop_claim(self, ticket_uid: str, step: str) -> None:
        """Nobody holds the step any more."""


class Store(Protocol):
    """Where tickets are kept."""

    def change(self, author: events.Author, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one write transaction, every event in it by ``author``, and make it durable.

        Refused when the log holds an event that this release does not know: it could only be folded wrongly.
        """

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        """Hear every event that this store object appends, after it is durable."""

    def load(self, uid: str) -> ticket.Ticket:
        """The ticket as it stands; NotFound when there is none."""

    def document(self, uid: str) -> dict[str, Any]:
        """The ticket's JSON, with what only the store knows: leases, what it waits for, its children's progress."""

    def find(self, reference: ids.Reference, this_year: int) -> tuple[tuple[str, str], ...]:
        """The uid and id of every ticket that a reference can mean."""

    def page(self, wanted: query.Query, limit: int, cursor: str | None, *, whole: bool) -> Page:
        """What a query asks for, in its order. ``whole``: documents instead of rows.

        ``relevance`` as the order: the tickets whose words fit best come first, and there is no cursor.
        """

    def count(self, wanted: query.Query) -> int:
        """How many tickets a query asks for."""

    def unfinished(self, uid: str) -> tuple[Unfinished, ...]:
        """What a ticket waits for now."""

    def linked_from(self, ticket_id: str) -> tuple[tuple[str, str], ...]:
        """The id and relationship of every link that another ticket holds to this one."""

    def log(self, uid: str) -> tuple[events.Event, ...]:
        """Every event of a ticket, in order."""

    def foreign_until(self, uid: str) -> int:
        """The number of a ticket's last event that did not happen here: it was adopted, or is an import.

        0 when all of it happened here.
        """

    def adopted_until(self, uid: str) -> int:
        """The number of the last event of a ticket that was adopted; 0 when none was."""

    def since(self, seq: int, limit: int, types: Sequence[str] | None = None) -> tuple[events.Event, ...]:
        """The events after a place in the whole log, in commit order: nothing is missed, nothing comes twice.

        ``types``: only events of these types.
        """

    def end(self) -> int:
        """The place of the last event in the whole log; 0 when there is none."""

    def cursor(self, name: str) -> Cursor | None:
        """How far a channel has told people; None when it never did."""

    def save_cursor(self, cursor: Cursor, before: Cursor | None) -> bool:
        """Put a cursor in the place of the one that was read before; False when somebody else did meanwhile."""

    def commands(self, by: str, limit: int) -> tuple[undo.Command, ...]:
        """The newest commands of a principal, newest first."""

    def changed_by(self, command_id: str) -> tuple[str, ...]:
        """The uids of the tickets that a command changed."""

    def work(self, uid: str | None) -> tuple[Work, ...]:
        """Steps that are ready or running, of one ticket or of all, in their turn (see ``core.queueing``).

        A ticket that waits for others has no work, but for what is running. All of it: use ``ready`` to take some.
        """

    def ready(self, wanted: Wanted) -> tuple[Work, ...]:
        """Steps that can begin now, in their turn."""

    def running(self, uid: str | None) -> tuple[Work, ...]:
        """Steps that are running, of one ticket or of all."""

    def next_moment(self, now: str, uid: str | None) -> str | None:
        """When the first step that waits for a moment may begin, of one ticket or of all; None when none waits."""

    def due(self, now: float, limit: int) -> tuple[Due, ...]:
        """Rules that have to fire, at a moment in seconds since 1970: one indexed query."""

    def delays(self) -> dict[str, float]:
        """Rule -> the seconds after which it fires."""

    def renew(self, claim: Claim) -> bool:
        """Prolong a claim; False when it is not the step's claim any more."""

    def claim_of(self, token: str) -> Claim | None:
        """The claim with that token's digest."""

    def examine(self) -> Iterator[Finding]:
        """Everything in the store that is not as it should be; nothing is changed."""

    def rebuild(self) -> None:
        """Make all that follows from the log anew."""

    def mend(self, *, anew: bool = False) -> tuple[str, ...]:
        """Mend what ``examine`` finds and the log can mend, after a backup; what was done, sentence by sentence.

        ``anew``: rebuild it, whether anything was found or not.
        """

    def close(self) -> None:
        """Let go of the store's files."""
