"""Figures and the status review of a real store."""

from pathlib import Path

import pytest

from tests import builders
from tickety.core import catalogue, events, policy, review
from tickety.desk import memory, statistics
from tickety.stores import sqlite


@pytest.fixture
def desk(tmp_path: Path) -> memory.Memory:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    return memory.Memory(
        kept, builders.HandClock(), lambda count: b"x" * count, "user:ada", lambda: catalogue.BUILT_IN, policy.usual
    )


def test_figures_are_of_every_ticket_archived_ones_too(desk: memory.Memory) -> None:
    builders.open_one(desk.store, metadata={"user_votes": 3})
    old = builders.open_one(desk.store, at="2026-11-20T09:00:00Z").uid
    ended = [events.Draft("ticket.closed", {"resolution": "done"}), events.Draft("ticket.archived")]
    builders.append(desk.store, old, ended)

    found = statistics.reckon(desk)

    assert (found.total, found.by_status, found.votes) == (2, {"closed": 1, "open": 1}, 3)
    assert found.median_hours_to_close == 48


def test_a_review_tells_what_was_done_what_goes_on_and_what_is_stuck(desk: memory.Memory) -> None:
    closed, worked, blocked, late, held = (builders.open_one(desk.store, title=f"Ticket {n}") for n in "abcde")
    builders.append(desk.store, closed.uid, [events.Draft("ticket.closed", {"resolution": "fixed"})])
    builders.append(
        desk.store, worked.uid, [events.Draft("ticket.started", {"branch": "b", "base": "c", "target": "main"})]
    )
    builders.start(desk.store, worked.uid, "diagnose")
    builders.append(desk.store, blocked.uid, [events.Draft("ticket.blocked", {"blocker": "it rains"})])
    due = {"due_at": {"from": late.due_at, "to": "2026-11-22T07:00:00Z"}}
    builders.append(desk.store, late.uid, [events.Draft("ticket.edited", {"changes": due})])
    link = {"ticket_id": late.id, "relationship": "blocked_by"}
    builders.append(desk.store, held.uid, [events.Draft("ticket.linked", link)])

    text = list(review.lines(statistics.review_now(desk)))

    assert text == [
        "**Status on 2026-11-22**: currently tracking 3 active tickets.",
        "", "**Closed in the last 7 days** (1)", "- BUG-2026-001 Ticket a (fixed)",
        "", "**In progress** (1)", "- BUG-2026-002 Ticket b (0 of 3 done)",
        "", "**Blocked** (1)", "- BUG-2026-003 Ticket c (it rains)",
        "", "**Overdue** (1)", "- BUG-2026-004 Ticket d (2 h overdue)",
        "", "**Waits for a person** (0)",
        "", "**Waits for other tickets** (1)", "- BUG-2026-005 Ticket e (waits for BUG-2026-004)",
        "", "**Next up** (1)", "- BUG-2026-004 Ticket d (2 h overdue)",
    ]  # fmt: skip
    assert text == list(review.lines(statistics.review_now(desk)))
