"""What the outbox needs of a store, promised by every store and by the one on paper that its own tests use."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import builders
from tests.contract import houses
from tests.desk import paper_log
from tickety import store
from tickety.core import events
from tickety.desk import outbox

CURSOR = store.Cursor("ear", 3, 0, None)

LogOf = tuple[outbox.Log, Callable[[str], object]]
"""A log with nothing in it, and how something of a type happens in it."""


@pytest.fixture(params=["paper", *houses.HOUSES])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LogOf]:
    if request.param == "paper":
        paper = paper_log.PaperLog()
        yield paper, paper.happen
        return
    kept = houses.HOUSES[request.param](tmp_path)()
    yield kept, lambda kind: _happen(kept, kind)
    kept.close()


def _happen(kept: store.Store, kind: str) -> None:
    """Something happens to the only ticket, which is opened with it."""
    if kind == "ticket.opened":
        builders.open_one(kept)
        return
    (uid,) = {event.ticket_uid for event in kept.since(0, 100)}
    builders.append(kept, uid, [events.Draft(kind, {"blocker": "x"} if kind == "ticket.blocked" else {})])


def test_a_log_ends_where_its_last_event_is(log: LogOf) -> None:
    kept, happen = log
    assert kept.end() == 0

    happen("ticket.opened")
    happen("ticket.blocked")

    assert kept.end() == kept.since(0, 10)[-1].seq


def test_only_events_of_the_wanted_types_are_looked_at(log: LogOf) -> None:
    kept, happen = log
    for kind in ("ticket.opened", "ticket.blocked", "ticket.unblocked", "ticket.blocked"):
        happen(kind)

    first, second = kept.since(0, 10, ["ticket.blocked", "ticket.closed"])

    assert first.type == second.type == "ticket.blocked"
    assert kept.since(first.seq, 10, ["ticket.blocked"]) == (second,)
    assert kept.since(0, 1, ["ticket.blocked"]) == (first,)
    assert kept.since(0, 10, []) == ()
    assert len(kept.since(0, 10)) == 4
    assert kept.load(first.ticket_uid).uid == first.ticket_uid
    assert kept.adopted_until(first.ticket_uid) == 0


def test_a_channel_has_no_cursor_until_one_is_saved(log: LogOf) -> None:
    kept, happen = log
    happen("ticket.opened")
    assert kept.cursor("ear") is None

    assert kept.save_cursor(CURSOR, None)

    assert kept.cursor("ear") == CURSOR
    assert kept.cursor("other") is None


def test_a_cursor_is_moved_by_whoever_knows_where_it_is_and_by_nobody_else(log: LogOf) -> None:
    kept, happen = log
    happen("ticket.opened")
    taken = replace(CURSOR, tries=1, next_try="2026-11-22T09:02:00Z")
    assert kept.save_cursor(CURSOR, None)

    assert kept.save_cursor(taken, CURSOR)
    for known in (None, CURSOR, replace(taken, tries=2), replace(taken, seq=2), replace(taken, next_try=None)):
        assert not kept.save_cursor(store.Cursor("ear", 9, 0, None), known)
    assert kept.cursor("ear") == taken
    assert kept.save_cursor(CURSOR, taken)
    assert kept.cursor("ear") == CURSOR
