"""The store port: the tickets' memory. Every change is one transaction that appends events.

A store never refuses a writer for being one of many: it waits, up to a minute, and then names who holds it.
An acknowledged change survives kill -9 and a power cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:  # a list is read without making a single ticket
    from tickety.core import events, ids, ticket

T = TypeVar("T")

SCHEMA = 1
"""The version of the store's tables that this release reads and writes."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Work:
    """A step that is ready, or running under a claim (then ``claim`` is it)."""

    ticket_uid: str
    step: str
    role: str
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a ticket."""

    id: str
    type: str
    title: str
    status: str
    priority: str
    updated_at: str
    waiting_for: str | None
    blocker: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and the cursor of the next part; None at the end."""

    rows: tuple[Row, ...]
    documents: tuple[dict[str, Any], ...]
    cursor: str | None


class Transaction(Protocol):
    """One write transaction: everything in it happens, or nothing."""

    def take_number(self, prefix: str, year: int) -> int:
        """The next number of a prefix and year; never given twice."""

    def load(self, uid: str) -> ticket.Ticket:
        """The ticket as it stands in this transaction; NotFound when there is none."""

    def open(self, uid: str, draft: events.Draft) -> ticket.Ticket:
        """Begin a ticket with its first event."""

    def append(self, subject: ticket.Ticket, drafts: Sequence[events.Draft]) -> ticket.Ticket:
        """Append events to a ticket that was read in this transaction; the ticket after them."""

    def opened_by(self, command_id: str) -> str | None:
        """The uid of the ticket that a command opened before: the same command twice opens one ticket."""

    def claim(self, claim: Claim) -> None:
        """Hold a step; an older claim on it is gone."""

    def drop_claim(self, ticket_uid: str, step: str) -> None:
        """Nobody holds the step any more."""


class Store(Protocol):
    """Where tickets are kept."""

    def change(self, author: events.Author, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one write transaction, every event in it by ``author``, and make it durable."""

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        """Hear every event that this store object appends, after it is durable."""

    def load(self, uid: str) -> ticket.Ticket:
        """The ticket as it stands; NotFound when there is none."""

    def document(self, uid: str) -> dict[str, Any]:
        """The ticket's JSON, the leases of its running steps included."""

    def find(self, reference: ids.Reference, this_year: int) -> tuple[tuple[str, str], ...]:
        """The uid and id of every ticket that a reference can mean."""

    def page(self, statuses: Sequence[str], limit: int, cursor: str | None, *, whole: bool) -> Page:
        """Tickets by priority, then age. ``whole``: documents instead of rows."""

    def log(self, uid: str) -> tuple[events.Event, ...]:
        """Every event of a ticket, in order."""

    def work(self, uid: str | None) -> tuple[Work, ...]:
        """Steps that are ready or running, of one ticket or of all: by priority, then by how long they have waited."""

    def renew(self, claim: Claim) -> bool:
        """Prolong a claim; False when it is not the step's claim any more."""

    def claim_of(self, token: str) -> Claim | None:
        """The claim with that token's digest."""

    def close(self) -> None:
        """Let go of the store's files."""
