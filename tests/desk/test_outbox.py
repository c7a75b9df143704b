"""Messages go out in order, at least once, by one sender at a time; what is in the way is not waited for for ever."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.desk import paper_log
from tickety import notifier, store
from tickety.core import outbox as rules
from tickety.core import times
from tickety.desk import outbox

BLOCKED = frozenset({"blocked"})
AWAY = notifier.Undelivered("away")
NEVER = notifier.Undelivered("no such place", is_final=True)


@dataclass
class Ear:
    """A notifier that keeps what it took. ``says`` is asked before: what it raises is why a message is not taken."""

    name: str = "ear"
    says: Callable[[rules.Message], object] = lambda _: None
    keys: list[str] = field(default_factory=list)

    def send(self, message: rules.Message) -> None:
        self.says(message)
        self.keys.append(message.key.rpartition("/")[2])


def refusing(failure: notifier.Undelivered, *places: str) -> Callable[[rules.Message], None]:
    """Takes nothing, or all but what has one of these places in the log."""

    def say(message: rules.Message) -> None:
        if not places or message.key.rpartition("/")[2] in places:
            raise failure

    return say


class Desk:
    """A log, a clock, and channels that began to listen when nothing had happened."""

    def __init__(self, *ears: Ear, kinds: frozenset[str] = BLOCKED) -> None:
        self.log = paper_log.PaperLog()
        self.clock = builders.HandClock()
        self.channels = [outbox.Channel(ear, kinds) for ear in ears]
        self.deliver()

    def deliver(self, limit: int = 20) -> outbox.Delivery:
        return outbox.deliver(self.log, self.channels, self.clock, limit)

    def block(self, times_over: int = 1) -> None:
        for _ in range(times_over):
            self.log.happen("ticket.blocked", times.as_text(self.clock.now()), blocker="so it is")


# What is told.


def test_a_channel_gets_what_happens_from_then_on_in_order_and_once() -> None:
    desk = Desk(ear := Ear())
    desk.block(3)

    first, second = desk.deliver(), desk.deliver()

    assert (first, second) == (outbox.Delivery(sent=3), outbox.Delivery())
    assert ear.keys == ["1", "2", "3"]


def test_a_channel_that_is_seen_for_the_first_time_begins_at_the_end_of_the_log() -> None:
    desk = Desk()
    desk.block(2)
    desk.channels = [outbox.Channel(ear := Ear(), BLOCKED)]

    assert desk.deliver() == outbox.Delivery()
    desk.block()
    desk.deliver()

    assert ear.keys == ["3"]


def test_a_channel_gets_the_kinds_that_are_wanted_there_only() -> None:
    quiet, nosy = Ear("quiet"), Ear("nosy")
    desk = Desk(quiet)
    desk.channels.append(outbox.Channel(nosy, frozenset({"blocked", "closed"})))
    desk.deliver()
    desk.block()
    desk.log.happen("ticket.commented", text="x")
    desk.log.happen("ticket.closed", resolution="done")

    desk.deliver()

    assert (quiet.keys, nosy.keys) == (["1"], ["1", "3"])


def test_what_happened_in_another_store_is_not_told_here() -> None:
    desk = Desk(ear := Ear())
    desk.block(3)
    desk.log.adopted = 2

    desk.deliver()

    assert ear.keys == ["3"]


def test_a_channel_that_comes_back_after_a_month_is_not_flooded() -> None:
    desk = Desk(ear := Ear())
    desk.block(5)
    desk.clock.go_on(30 * 86_400)
    desk.block()

    desk.deliver()

    assert ear.keys == ["6"]


def test_no_more_than_the_limit_is_sent_at_once_and_the_rest_the_next_time() -> None:
    desk = Desk(ear := Ear())
    desk.block(5)

    assert [desk.deliver(limit=2).sent for _ in range(4)] == [2, 2, 1, 0]
    assert ear.keys == ["1", "2", "3", "4", "5"]


# What is in the way.


def test_a_channel_that_does_not_take_a_message_rests_and_keeps_the_order() -> None:
    desk = Desk(ear := Ear(says=refusing(AWAY)))
    desk.block(2)

    assert desk.deliver() == outbox.Delivery(resting=(("ear", "away"),))
    ear.says = lambda _: None
    desk.clock.go_on(9)
    assert desk.deliver() == outbox.Delivery()
    desk.clock.go_on(1)
    assert desk.deliver() == outbox.Delivery(sent=2)
    assert ear.keys == ["1", "2"]


def test_one_channel_that_is_away_does_not_hold_up_another() -> None:
    desk = Desk(Ear("away", says=refusing(AWAY)), there := Ear("there"))
    desk.block(2)

    desk.deliver()

    assert there.keys == ["1", "2"]


def test_a_message_is_given_up_after_twenty_tries_and_the_next_one_is_tried_from_the_start() -> None:
    desk = Desk(ear := Ear(says=refusing(AWAY, "1")))
    desk.block(2)
    given_up: list[outbox.GivenUp] = []
    tries = 0
    while not given_up:
        tries += 1
        given_up += desk.deliver().given_up
        desk.clock.go_on(3600)

    assert tries == rules.TRIES == 20
    assert [(lost.channel, lost.message.key, lost.reason) for lost in given_up] == [
        ("ear", f"{builders.UID}/1", "away")
    ]
    assert ear.keys == ["2"]
    cursor = desk.log.cursor("ear")
    assert cursor == store.Cursor("ear", 2, 0, None)


def test_what_would_never_be_taken_is_given_up_at_once_and_said_to_be_so() -> None:
    desk = Desk(ear := Ear(says=refusing(NEVER, "2")))
    desk.block(3)

    delivery = desk.deliver()

    assert (delivery.sent, ear.keys) == (2, ["1", "3"])
    assert [lost.reason for lost in delivery.given_up] == ["no such place"]


# Who sends.


def test_two_senders_at_once_send_each_message_once() -> None:
    desk = Desk(ear := Ear())
    desk.block(4)
    ear.says = lambda _: desk.deliver()

    desk.deliver()

    assert ear.keys == ["1", "2", "3", "4"]


def test_a_sender_that_was_away_for_longer_than_its_lease_leaves_the_cursor_to_the_other() -> None:
    desk = Desk(ear := Ear())
    desk.block(2)
    seen: list[outbox.Delivery] = []

    def sleep(_: rules.Message) -> None:
        ear.says = lambda _: None
        desk.clock.go_on(outbox.LEASE.total_seconds() + 1)
        seen.append(desk.deliver())

    ear.says = sleep
    desk.deliver()

    assert seen == [outbox.Delivery(sent=2)]
    assert ear.keys == ["1", "2", "1"]
    assert desk.log.cursor("ear") == store.Cursor("ear", 2, 0, None)


def test_a_sender_that_dies_is_followed_by_another_when_its_lease_is_over() -> None:
    desk = Desk(ear := Ear(says=_die))
    desk.block()
    with pytest.raises(KeyboardInterrupt):
        desk.deliver()
    ear.says = lambda _: None

    assert desk.deliver() == outbox.Delivery()
    desk.clock.go_on(outbox.LEASE.total_seconds())
    assert desk.deliver().sent == 1


def test_a_message_that_kills_whoever_sends_it_is_given_up_too() -> None:
    desk = Desk(ear := Ear(says=_die))
    desk.block()
    for _ in range(rules.TRIES):
        with pytest.raises(KeyboardInterrupt):
            desk.deliver()
        desk.clock.go_on(outbox.LEASE.total_seconds())

    delivery = desk.deliver()

    assert [lost.reason for lost in delivery.given_up] == ["whoever sent it never came back"]
    assert ear.keys == []


def _die(_: rules.Message) -> None:
    raise KeyboardInterrupt


def test_a_clock_that_was_a_year_ahead_does_not_silence_a_channel_for_a_year() -> None:
    desk = Desk(ear := Ear())
    cursor = desk.log.cursor("ear")
    assert cursor
    desk.log.save_cursor(replace(cursor, tries=1, next_try="2027-11-22T09:00:00Z"), cursor)
    desk.block()

    assert desk.deliver().sent == 1
    assert ear.keys == ["1"]


# What it costs.


def test_nothing_is_written_where_nothing_is_to_be_told() -> None:
    desk = Desk(Ear())
    for _ in range(150):
        desk.log.happen("ticket.commented", text="x")
    before = desk.log.writes

    desk.deliver()

    assert desk.log.writes == before


def test_a_long_way_without_a_message_is_not_gone_twice() -> None:
    desk = Desk(Ear())
    for _ in range(1000):
        desk.log.happen("ticket.commented", text="x")

    desk.deliver()

    assert desk.log.cursor("ear") == store.Cursor("ear", 1000, 0, None)


def test_a_message_costs_one_write_and_a_round_one_more() -> None:
    desk = Desk(Ear())
    desk.block(5)
    before = desk.log.writes

    desk.deliver()

    assert desk.log.writes == before + 6


MOVES = st.lists(
    st.sampled_from(("happen", "other", "deliver", "fail", "refuse", "die", "wait", "wait long")), max_size=60
)


@given(MOVES)
def test_whatever_happens_every_message_is_sent_or_given_up_in_order_and_none_is_left_behind(moves: list[str]) -> None:
    desk = Desk(ear := Ear())
    given_up: list[str] = []
    moods = {"deliver": lambda _: None, "fail": refusing(AWAY), "refuse": refusing(NEVER), "die": _die}
    for move in moves:
        if move == "happen":
            desk.block()
        elif move == "other":
            desk.log.happen("ticket.commented", text="x")
        elif move in moods:
            ear.says = moods[move]
            with suppress(KeyboardInterrupt):
                given_up += (lost.message.key.rpartition("/")[2] for lost in desk.deliver(limit=2).given_up)
        else:
            desk.clock.go_on(30 if move == "wait" else 4000)

    ear.says = lambda _: None
    for _ in range(len(moves) + 1):
        desk.clock.go_on(4000)
        given_up += (lost.message.key.rpartition("/")[2] for lost in desk.deliver().given_up)

    wanted = [str(event.seq) for event in desk.log.since(0, 1000, ["ticket.blocked"])]
    assert sorted((*ear.keys, *given_up), key=int) == wanted
    assert ear.keys == sorted(ear.keys, key=int)
