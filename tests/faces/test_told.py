"""What people are told while tickets get on: each event once, in words."""

from typing import Any

import click
import pytest

from tests import builders
from tickety.cli import live, told
from tickety.core import events, ticket

OTHER = builders.UID.replace("1", "2", 1)


def _event(kind: str, data: dict[str, Any], attempt: int | None = None, uid: str = builders.UID) -> events.Event:
    return events.Event(uid, 2, kind, events.VERSIONS[kind], builders.AT, "user:ada", "c", None, attempt, data)


def _look(uid: str) -> ticket.Ticket:
    return builders.opened(ticket_id="BUG-2026-001" if uid == builders.UID else "BUG-2026-002")


def _lines(kind: str, data: dict[str, Any], attempt: int | None = None) -> list[str]:
    return [click.unstyle(line) for line in told.Teller(_look).lines(_event(kind, data, attempt))]


RELEASED = {"step": "fix", "reason": "it crashed", "cause": "broke", "not_before": "2026-11-22T09:00:10Z"}
SAID = {
    "starts": (
        "step.started",
        {"step": "fix", "agent": "mechanic"},
        "▸ fix: mechanic works since 09:00:00 UTC, attempt 2",
    ),
    "nobody": ("step.started", {"step": "fix", "agent": "nobody"}, "▸ fix: nobody fills the role, attempt 2"),
    "broke": ("step.released", RELEASED, "  fix: broke, it crashed; tries again at 09:00:10 UTC"),
    "limited": (
        "step.released",
        {**RELEASED, "cause": "limited", "reason": "usage limit", "not_before": "2026-11-23T07:00:00Z"},
        "  fix: has to wait, usage limit; goes on at 2026-11-23 07:00 UTC",
    ),
    "interrupted": (
        "step.released",
        {**RELEASED, "cause": "interrupted", "reason": "interrupted", "not_before": None},
        "  fix: given back, interrupted",
    ),
    "rework": (
        "step.reworked",
        {"step": "fix", "judge": "test", "reason": "QA Agent sent it back: 2 tests fail"},
        "  sent back to Engineer Agent: 2 tests fail",
    ),
    "milestone": (
        "progress.reached",
        {"percent": 50, "done": 2, "total": 4},
        "  milestone 50 %: 2 of 4 steps are done",
    ),
    "alert": (
        "step.alerted",
        {"step": "test", "agent": "QA Agent", "words": "PREPARE"},
        "  QA Agent is alerted: PREPARE",
    ),
    "escalation": (
        "escalation.raised",
        {"id": "e", "rule": "blocked", "cause": "event 3", "owner": "user:ada", "sentence": "it is blocked"},
        "  escalated to user:ada: it is blocked",
    ),
    "paused": ("ticket.paused", {"reason": "lunch"}, "  paused by user:ada: lunch"),
    "paused for no reason": ("ticket.paused", {"reason": ""}, "  paused by user:ada"),
    "goes on": ("ticket.resumed", {}, "  goes on, says user:ada"),
    "put off": (
        "step.deferred",
        {"step": "fix", "reason": "the day's budget is spent", "not_before": "2026-11-23T00:00:00Z"},
        "  fix: put off until 2026-11-23 00:00 UTC, the day's budget is spent",
    ),
    "blocked": ("ticket.blocked", {"blocker": "QA Agent reported: no"}, "  blocked: QA Agent reported: no"),
    "closed": ("ticket.closed", {"resolution": "fixed"}, "  closed, fixed"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "line"), SAID.values(), ids=SAID)
def test_an_event_is_told_in_a_line(kind: str, data: dict[str, Any], line: str) -> None:
    assert _lines(kind, data, attempt=2) == [line]


def test_a_phase_is_told_with_its_number() -> None:
    phases = [{"name": "Design"}, {"name": "Testing & Documentation"}]
    subject = builders.opened(orchestration={**builders.opening().data["orchestration"], "phases": phases})
    teller = told.Teller(lambda _: subject)

    (line,) = teller.lines(_event("phase.done", {"phase": "Testing & Documentation"}))
    assert click.unstyle(line) == "  Phase 2 is done: Testing & Documentation"


def test_a_report_says_how_long_it_took_and_its_first_lines() -> None:
    update = {"agent": "QA Agent", "result": "failed", "details": "one\n\ntwo\nthree", "step": "test", "attempt": 1}
    teller = told.Teller(_look, details=2)

    measured = {**update, "usage": {"seconds": 90.0}}
    assert [
        click.unstyle(line) for line in teller.lines(_event("step.reported", {"step": "test", "update": measured}))
    ] == [
        "  QA Agent: failed after 2 min",
        "    one",
        "    two",
        "    … 1 more line: tickety show BUG-2026-001",
    ]
    assert (
        click.unstyle(teller.lines(_event("step.reported", {"step": "test", "update": update}))[0])
        == "  QA Agent: failed"
    )


def test_what_is_told_cannot_write_on_the_terminal() -> None:
    (line,) = _lines("ticket.blocked", {"blocker": "no\x1b[2J\nfaked: closed, fixed"})

    assert "\x1b" not in line
    assert "\n" not in line


def test_what_is_of_no_interest_is_not_told() -> None:
    assert _lines("ticket.commented", {"id": "c", "text": "hello", "origin": "user"}) == []


def test_every_event_that_is_told_is_one_that_there_is() -> None:
    assert set(events.VERSIONS) >= told.PEOPLE_HEAR


class _Kept:
    load = staticmethod(_look)


def _story() -> live.Story:
    story = live.Story()
    story.knows(_Kept())  # type: ignore[arg-type]  # it only looks tickets up
    return story


STARTED = {"step": "fix", "agent": "mechanic", "worker": "w", "reserved": None}


def test_one_ticket_is_told_without_its_id_and_its_end_by_the_outcome(capsys: pytest.CaptureFixture[str]) -> None:
    story = _story()

    with story.following():
        story.event(_event("step.started", STARTED, 1))
        story.event(_event("ticket.closed", {"resolution": "fixed"}))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Starting multi-agent coordination now…", "", "▸ fix: mechanic works since 09:00:00 UTC, attempt 1",
    ]  # fmt: skip


def test_several_side_by_side_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    story = _story()

    with story.following():
        story.event(_event("step.started", STARTED, 1))
        story.event(_event("step.started", STARTED, 1, OTHER))
        story.event(_event("ticket.closed", {"resolution": "fixed"}))
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "BUG-2026-002 ▸ fix: mechanic works since 09:00:00 UTC, attempt 1",
        "BUG-2026-001   closed, fixed",
    ]


def test_what_happens_before_the_work_begins_is_not_told_twice(capsys: pytest.CaptureFixture[str]) -> None:
    story = _story()

    story.opened(iter(["the plan"]), "I'll update you as each agent reports progress.")
    story.event(_event("step.alerted", {"step": "test", "agent": "QA Agent", "words": "PREPARE"}))
    with story.following():
        assert capsys.readouterr().out.splitlines() == ["the plan"]
        story.event(_event("step.started", STARTED, 1))
    assert capsys.readouterr().out.splitlines()[:2] == ["", "I'll update you as each agent reports progress."]
