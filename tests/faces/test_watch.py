"""Watching tickets, in this process: what is seen from outside is the same log, read by a cursor."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from tests import builders
from tests.desk import room
from tests.faces import calling
from tickety.cli import scene
from tickety.core import document, events, lifecycle, ticket, times
from tickety.desk import memory, watching


@pytest.fixture
def desk(tmp_path: Path) -> memory.Memory:
    return room.memory_in(tmp_path)


def test_where_nothing_goes_on_a_watch_until_idle_ends_at_once(call: calling.Call) -> None:
    told = call("watch", "--until-idle")

    assert (told.code, told.out) == (0, "")


def test_a_closed_ticket_is_watched_no_longer_than_it_takes_to_say_so(call: calling.Call) -> None:
    call("new", "It fails")
    call("close", "1", "--as", "user:ada")

    told = call("watch", "1")
    assert told.code == 0
    assert told.out.startswith("BUG-")
    assert "closed 0/3, fixed: It fails" in told.out
    (result,) = [json.loads(line) for line in call("watch", "1", "--json").out.splitlines()]
    assert (result["type"], result["exit_code"], result["ticket"]["status"]) == ("result", 0, "closed")


def test_a_blocked_ticket_ends_the_watch_as_it_would_end_a_run(call: calling.Call) -> None:
    call("new", "It fails")
    call("block", "1", "no network")

    told = call("watch", "1", "--until-idle")
    assert told.code == 1
    assert "blocked 0/3, no network: It fails" in told.out


def test_a_ticket_that_is_not_there_cannot_be_watched(call: calling.Call) -> None:
    assert call("watch", "BUG-9").code == 3


def test_a_watch_sees_each_event_once_in_order_and_of_its_tickets_only(desk: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "feature")
    cursor = watching.begin(desk)

    builders.start(desk.store, first.uid, "diagnose")
    builders.append(desk.store, second.uid, [builders.edited(mood="good")])
    news = watching.look(desk, [first.uid], cursor)

    assert [event.type for event in news.events] == ["step.started"]
    assert watching.look(desk, [first.uid], news.cursor) == watching.News((), desk.store.end())
    assert len(watching.look(desk, [], watching.begin(desk) - 2).events) == 2


def test_what_happens_to_others_hides_nothing_however_much_it_is(desk: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "feature")
    cursor = watching.begin(desk)

    builders.append(desk.store, second.uid, [builders.edited(mood=number) for number in range(500)])
    builders.start(desk.store, first.uid, "diagnose")

    assert [event.type for event in watching.look(desk, [first.uid], cursor).events] == ["step.started"]


def test_it_is_quiet_when_nothing_runs_is_ready_or_comes_soon(desk: memory.Memory) -> None:
    (subject,) = room.open_some(desk, "bug")
    assert not watching.is_quiet(desk, [subject.uid])

    claim = builders.start(desk.store, subject.uid, "diagnose")
    assert not watching.is_quiet(desk, [])

    for seconds, is_quiet in ((60, False), (3600, True)):
        why = lifecycle.Release("broke", "it crashed", _in(desk, seconds))
        running = desk.store.load(subject.uid)
        drafts = lifecycle.release_step(running, "diagnose", running.orchestration.step("diagnose").attempt, why)
        _release(desk, claim.ticket_uid, drafts)
        assert watching.is_quiet(desk, []) is is_quiet
        if not is_quiet:
            desk.clock.go_on(seconds + 1)  # type: ignore[attr-defined]  # the clock of tests
            builders.start(desk.store, subject.uid, "diagnose")


def _in(desk: memory.Memory, seconds: float) -> str:
    return times.as_text(desk.clock.now() + timedelta(seconds=seconds))


def _release(desk: memory.Memory, uid: str, drafts: list[events.Draft]) -> None:
    def work(transaction: object) -> None:
        transaction.append(transaction.load(uid), drafts)  # type: ignore[attr-defined]
        transaction.drop_claim(uid, "diagnose")  # type: ignore[attr-defined]

    desk.store.change(desk.author(), work)


def _drawn(*subjects: ticket.Ticket, seconds: float = 0) -> str:
    screen = Console(file=io.StringIO(), width=100)
    screen.print(
        scene.going_on([document.from_ticket(one) for one in subjects], builders.NOW + timedelta(seconds=seconds))
    )
    written: Callable[[], str] = screen.file.getvalue  # type: ignore[attr-defined]
    return written()


def test_a_row_says_how_far_a_ticket_is_and_who_works_since_when() -> None:
    drawn = _drawn(builders.started(builders.done(builders.opened(), "diagnose"), "fix"), seconds=83)

    assert "BUG-2026-001" in drawn
    assert "1/3" in drawn
    assert "1:23 Engineer Agent · fix" in drawn


def test_a_row_of_a_ticket_at_rest_says_why() -> None:
    blocked = builders.after(builders.opened(), [events.Draft("ticket.blocked", {"blocker": "no network"})])
    asked = events.Draft("step.waiting", {"step": "diagnose", "reason": "which of the two?"}, 1)
    waiting = builders.after(builders.started(builders.opened(), "diagnose"), [asked])

    assert "blocked: no network" in _drawn(blocked)
    assert "waits: which of the two?" in _drawn(waiting)
    assert not scene.is_moving([document.from_ticket(blocked)])
    assert scene.is_moving([document.from_ticket(builders.started(builders.opened(), "diagnose"))])
