"""Tidying up a real store: what is found, what is mended, and that it can be taken back."""

import time
from pathlib import Path

import pytest

from tests import builders
from tickety import store
from tickety.core import catalogue, events, ids, policy, ticket
from tickety.desk import hygiene, memory, undoing
from tickety.stores import sqlite

LONG_AGO = "2026-01-10T09:00:00Z"
CLOSED = events.Draft("ticket.closed", {"resolution": "done"})


@pytest.fixture
def desk(tmp_path: Path) -> memory.Memory:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    chance = iter(range(1_000))
    return memory.Memory(
        kept, builders.HandClock(), lambda count: next(chance).to_bytes(count, "big"), "user:ada",
        lambda: catalogue.BUILT_IN, policy.usual,
    )  # fmt: skip


@pytest.fixture
def untidy(desk: memory.Memory) -> memory.Memory:
    """An old closed ticket, one blocked by a closed one, and one that a person has to look at."""
    old = builders.open_one(desk.store, at=LONG_AGO)
    builders.append(desk.store, old.uid, [CLOSED], at=LONG_AGO)
    gone = builders.open_one(desk.store, kind="doc")
    builders.append(desk.store, gone.uid, [CLOSED])
    blocked = builders.open_one(desk.store, kind="task")
    builders.append(desk.store, blocked.uid, [events.Draft("ticket.blocked", {"blocker": f"needs {gone.id}"})])
    builders.open_one(desk.store, kind="feature", assignee=None, title="Ours to lose")
    return desk


def test_what_is_untidy_is_found_in_pages(untidy: memory.Memory) -> None:
    assert [(finding.rule, finding.id) for finding in hygiene.survey(untidy)] == [
        ("blocker_gone", "TASK-2026-001"), ("unowned", "FEAT-2026-001"), ("archivable", "BUG-2026-001"),
    ]  # fmt: skip


def test_what_is_safe_is_mended_as_one_command(untidy: memory.Memory) -> None:
    mended = hygiene.mend(untidy, hygiene.survey(untidy))

    assert {one.after.id: (one.after.status, one.after.archived) for one in mended} == {
        "BUG-2026-001": (ticket.Status.CLOSED, True),
        "TASK-2026-001": (ticket.Status.OPEN, False),
    }
    assert [finding.rule for finding in hygiene.survey(untidy)] == ["unowned"]
    newest = untidy.store.commands("user:ada", 1)[0]
    assert len(untidy.store.changed_by(newest.id)) == 2


def test_one_undo_takes_all_of_it_back(untidy: memory.Memory) -> None:
    found = hygiene.survey(untidy)
    hygiene.mend(untidy, found)

    undoing.undo_last(untidy)

    assert [(finding.rule, finding.id) for finding in hygiene.survey(untidy)] == [
        (finding.rule, finding.id) for finding in found
    ]


def test_a_dry_run_mends_nothing(untidy: memory.Memory) -> None:
    found = hygiene.survey(untidy)

    assert len(hygiene.mend(untidy, found, dry_run=True)) == 2
    assert hygiene.survey(untidy) == found


def test_what_changed_since_it_was_looked_at_is_left_alone(untidy: memory.Memory) -> None:
    found = hygiene.survey(untidy)
    for finding in found:
        if finding.mend == "archive":
            builders.append(untidy.store, finding.uid, [events.Draft("ticket.reopened")])
        if finding.mend == "unblock":
            builders.append(untidy.store, finding.uid, [CLOSED])

    assert all(one.is_same for one in hygiene.mend(untidy, found))


def test_where_nothing_is_safe_to_mend_nothing_is_written(desk: memory.Memory) -> None:
    builders.open_one(desk.store, assignee=None)

    assert hygiene.mend(desk, hygiene.survey(desk)) == ()
    assert desk.store.commands("user:ada", 1)[0].causation is None


@pytest.mark.slow
def test_ten_thousand_tickets_are_looked_through_in_a_few_seconds(desk: memory.Memory) -> None:
    def work(transaction: store.Transaction) -> None:
        for number in range(1, 10_001):
            opening = builders.opening(ids.format_id("BUG", 2026, number), title=f"Ticket {number}", assignee=None)
            transaction.open(builders.new_uid(), opening)

    desk.store.change(builders.author(), work)

    began = time.process_time()
    found = hygiene.survey(desk)

    assert len(found) == 10_000
    assert time.process_time() - began < 5
