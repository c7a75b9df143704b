"""Telling people: every channel follows the log with a cursor of its own, in order, each message at least once.

Whoever runs the rules calls this, several processes at once too. Before a message is sent the cursor is taken by
compare-and-swap, together with the time until which nobody else tries: that is the lease. So two send the same message
only when one of them was away for longer than that, and the key tells the receiver. No transaction waits for a send.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tickety import clock, notifier, store
from tickety.core import events, outbox, record, ticket, times

LEASE = timedelta(minutes=2)
"""Longer than a notifier takes."""

_PAGE = 50
_SLACK = 200  # events that are looked through again rather than that a cursor is written


class Log(Protocol):
    """What the outbox needs of a store; each means what it means there."""

    def since(self, seq: int, limit: int, types: Sequence[str] | None = None) -> tuple[events.Event, ...]:
        """The events after a place in the log."""

    def end(self) -> int:
        """The place of the last event."""

    def load(self, uid: str) -> ticket.Ticket:
        """A ticket as it stands."""

    def adopted_until(self, uid: str) -> int:
        """The number of a ticket's last event that happened elsewhere."""

    def cursor(self, name: str) -> store.Cursor | None:
        """How far a channel is."""

    def save_cursor(self, cursor: store.Cursor, before: store.Cursor | None) -> bool:
        """Compare and swap; False when the cursor is not the one that was read."""


@record.record(frozen=True, slots=True)
class Channel:
    """Somewhere to tell people, and the kinds of messages (``core.outbox.KINDS``) that are wanted there."""

    notifier: notifier.Notifier
    kinds: frozenset[str]


@record.record(frozen=True, slots=True)
class GivenUp:
    """A message that a channel did not take, and will not be asked to take again."""

    channel: str
    message: outbox.Message
    reason: str


@record.record(frozen=True, slots=True)
class Delivery:
    """What came of it. ``resting`` are channels that did not take a message and are asked again later, and why."""

    sent: int = 0
    given_up: tuple[GivenUp, ...] = ()
    resting: tuple[tuple[str, str], ...] = ()


def deliver(log: Log, channels: Sequence[Channel], time: clock.Clock, limit: int = 20) -> Delivery:
    """Send what is due, on every channel ``limit`` messages at the most.

    A channel that is seen for the first time begins at the log's end.
    """
    rounds = [_Round(log, channel, time) for channel in channels]
    for each in rounds:
        each.go(limit)
    return Delivery(
        sum(each.sent for each in rounds),
        tuple(lost for each in rounds for lost in each.given_up),
        tuple((each.name, each.reason) for each in rounds if each.reason),
    )


class _Round:
    """One channel, as far as it goes now."""

    def __init__(self, log: Log, channel: Channel, time: clock.Clock) -> None:
        self._log = log
        self._channel = channel
        self._types = [event for kind, event in outbox.KINDS.items() if kind in channel.kinds]
        self._clock = time
        self.name = channel.notifier.name
        self.sent = 0
        self.given_up: list[GivenUp] = []
        self.reason = ""

    def go(self, limit: int) -> None:
        """Follow the log from where the channel is, unless it rests or somebody else sends on it."""
        cursor, end = self._log.cursor(self.name), self._log.end()
        if cursor is None:
            self._log.save_cursor(store.Cursor(self.name, end, 0, None), None)
        elif cursor.seq < end and _is_due(cursor, self._clock.now()):
            self._follow(cursor, end, limit)

    def _follow(self, cursor: store.Cursor, end: int, limit: int) -> None:
        held, seen, tries = cursor, cursor.seq, cursor.tries
        for event, message in self._messages(cursor.seq):
            if limit == 0:
                break
            limit -= 1
            # The try is counted before it is made: a message that kills its sender is given up, too.
            taken = self._save(held, seen, tries + 1, self._clock.now() + LEASE)
            if taken is None:
                return
            held = taken
            if not self._is_done_with(message, held.tries):
                self._save(held, seen, held.tries, self._clock.now() + outbox.wait(held.tries))
                return
            seen, tries = event.seq, 0
        else:
            seen = max(seen, end)
        if held is not cursor or seen - cursor.seq >= _SLACK:
            self._save(held, seen, tries, None)

    def _messages(self, seq: int) -> Iterator[tuple[events.Event, outbox.Message]]:
        while page := self._log.since(seq, _PAGE, self._types):
            for event in page:
                if message := self._message(event):
                    yield event, message
            seq = page[-1].seq

    def _message(self, event: events.Event) -> outbox.Message | None:
        """The message that an event is; what happened in another store, and what is long past, is none."""
        happened_here = event.n > self._log.adopted_until(event.ticket_uid)
        if not happened_here or not outbox.is_news(event, self._clock.now()):
            return None
        return outbox.message_of(event, self._log.load(event.ticket_uid))

    def _is_done_with(self, message: outbox.Message, tries: int) -> bool:
        if tries > outbox.TRIES:
            self._give_up(message, "whoever sent it never came back")
            return True
        try:
            self._channel.notifier.send(message)
        except notifier.Undelivered as failure:
            if failure.is_final or tries == outbox.TRIES:
                self._give_up(message, failure.reason)
                return True
            self.reason = failure.reason
            return False
        self.sent += 1
        return True

    def _give_up(self, message: outbox.Message, reason: str) -> None:
        self.given_up.append(GivenUp(self.name, message, reason))

    def _save(self, before: store.Cursor, seq: int, tries: int, next_try: datetime | None) -> store.Cursor | None:
        after = store.Cursor(self.name, seq, tries, times.as_text(next_try) if next_try else None)
        return after if self._log.save_cursor(after, before) else None


def _is_due(cursor: store.Cursor, now: datetime) -> bool:
    """Nothing holds the channel back. A time further ahead than anybody waits was written by a clock that was wrong."""
    if cursor.next_try is None:
        return True
    ahead = times.as_moment(cursor.next_try) - now
    return not timedelta(0) < ahead <= outbox.LONGEST_WAIT + LEASE
