"""What a store knows of rules that are due, of delays, and of what a ticket waits for: one indexed look each."""

import sqlite3
from pathlib import Path

import pytest

from tests import builders
from tickety import store
from tickety.core import escalation, events, query, report
from tickety.stores import sqlite

DELAYS = escalation.DELAYS
HOUR = 3600.0
START = builders.NOW.timestamp()
BLOCKED = events.Draft("ticket.blocked", {"blocker": "so it is"})


def due(kept: store.Store, hours: float) -> list[str]:
    return sorted(entry.rule for entry in kept.due(START + hours * HOUR, 99))


def raise_all(kept: store.Store, uid: str, hours: float) -> None:
    """What the rules would tell of a ticket at a moment."""
    subject = kept.load(uid)
    now = builders.NOW.fromtimestamp(START + hours * HOUR, builders.NOW.tzinfo)
    found = [alarm for rule in escalation.DELAYS for alarm in escalation.due(subject, rule, now.timestamp(), DELAYS)]
    builders.append(kept, uid, [escalation.raised(subject, alarm, now, None) for alarm in found])


def test_a_rule_is_due_from_its_moment_on_and_not_once_it_was_told(kept: store.Store) -> None:
    subject = builders.open_one(kept, priority="critical", due_at="2026-11-23T09:00:00Z")

    assert (due(kept, 1.9), due(kept, 2)) == ([], ["critical_open"])
    raise_all(kept, subject.uid, 2)
    assert due(kept, 3) == []
    assert due(kept, 24) == ["sla_near", "sla_past"]


def test_a_project_says_after_how_long_a_rule_fires(kept: store.Store) -> None:
    builders.open_one(kept, priority="critical")
    kept.change(builders.author(), lambda transaction: transaction.delay("critical_open", 60.0))

    assert due(kept, 0.1) == ["critical_open"]
    assert kept.delays() == {**DELAYS, escalation.OVER: 0.0, "critical_open": 60.0}


def test_every_rule_that_waits_has_a_delay_from_the_beginning(kept: store.Store) -> None:
    builders.open_one(kept)

    assert kept.delays() == {**DELAYS, escalation.OVER: 0.0}


def test_what_is_over_is_due_to_be_told_and_then_no_more(kept: store.Store) -> None:
    subject = builders.open_one(kept)
    builders.append(kept, subject.uid, [BLOCKED])
    raise_all(kept, subject.uid, 0)
    assert due(kept, 0) == []

    builders.append(kept, subject.uid, [events.Draft("ticket.unblocked")])
    assert due(kept, 0) == [escalation.OVER]
    (one,) = kept.load(subject.uid).escalations
    builders.append(kept, subject.uid, [events.Draft("escalation.resolved", {"id": one.id})])
    assert due(kept, 0) == []
    assert list(kept.examine()) == []


def test_a_ticket_that_stalled_and_goes_on_is_due_to_be_told_of(kept: store.Store) -> None:
    subject = builders.open_one(kept, due_at="2026-12-23T09:00:00Z")
    builders.start(kept, subject.uid, "diagnose", lease_until=START)
    assert due(kept, 1) == []  # nothing began: its ticket is still open
    builders.append(kept, subject.uid, [events.Draft("ticket.started", {"branch": "b", "base": "c", "target": None})])
    assert due(kept, 1) == ["stalled"]
    raise_all(kept, subject.uid, 1)
    assert due(kept, 2) == []

    builders.append(kept, subject.uid, [builders.edited(note="still here")])

    assert due(kept, 0) == [escalation.OVER]


def test_a_store_finds_what_waits_for_a_person_a_moment_or_to_be_resumed(kept: store.Store) -> None:
    asked, limited, paused, free = (builders.open_one(kept) for _ in range(4))
    for subject in (asked, limited):
        builders.start(kept, subject.uid, "diagnose")
    ended = builders.end(kept.load(asked.uid), "diagnose", report.Status.NEEDS_HUMAN)
    builders.append(kept, asked.uid, [
        events.Draft("step.waiting", {"step": "diagnose", "reason": ended.outcome.sentence}, 1),
        events.Draft("question.asked", {"step": "diagnose", "id": "d", "kind": "question", "text": "Which?"}, 1),
    ])  # fmt: skip
    later = {"step": "diagnose", "reason": "a limit", "cause": "limited", "not_before": "2026-11-23T09:00:00Z"}
    builders.append(kept, limited.uid, [events.Draft("step.released", later, 1)])
    builders.append(kept, paused.uid, [events.Draft("ticket.paused", {"reason": ""})])

    def awaiting(what: str) -> list[str]:
        wanted = query.Query((query.Term("awaits", "in", (what,)),))
        return [row.id for row in kept.page(wanted, 9, None, whole=False).rows]

    assert [awaiting(what) for what in ("person", "moment", "pause")] == [[asked.id], [limited.id], [paused.id]]
    assert free.id not in {*awaiting("person"), *awaiting("moment"), *awaiting("pause")}


def test_a_store_finds_what_is_escalated_and_whether_anybody_has_seen_it(kept: store.Store) -> None:
    subject, _ = builders.open_one(kept), builders.open_one(kept)
    builders.append(kept, subject.uid, [BLOCKED])
    raise_all(kept, subject.uid, 0)

    def counts() -> tuple[int, int]:
        unseen = query.Query((query.Term("escalated", "in", ("2",)),))
        return kept.count(query.Query((query.Term("is", "is", ("escalated",)),))), kept.count(unseen)

    assert counts() == (1, 1)
    builders.append(kept, subject.uid, escalation.acknowledge(kept.load(subject.uid), None))
    assert counts() == (1, 0)
    builders.append(kept, subject.uid, [events.Draft("escalation.resolved", {"id": "blocked:event 2"})])
    assert counts() == (0, 0)


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT count(*) FROM ticket WHERE escalated = 2",
        "SELECT id FROM ticket WHERE escalated IS NOT NULL",
        "SELECT id FROM ticket WHERE awaits = 'person'",
    ],
)
def test_sqlite_finds_them_by_an_index(tmp_path: Path, asked: str) -> None:
    path = tmp_path / "tickety" / "tickety.db"
    kept = sqlite.SqliteStore(str(path))
    builders.open_one(kept)
    kept.close()
    connection = sqlite3.connect(path)
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {asked}"))
    connection.close()

    assert "USING" in plan
    assert "INDEX ticket_" in plan
