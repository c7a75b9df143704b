"""Finding tickets by their words, by the beginning of an id, and what stands around one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tickety.core import catalogue, errors, events
from tickety.desk import lookup, memory, naming, overview, surroundings
from tickety.stores import sqlite


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> memory.Memory:
    folder: Path = tmp_path_factory.mktemp("search")
    kept = sqlite.SqliteStore(str(folder / "tickety" / "tickety.db"))
    made = memory.Memory(kept, builders.HandClock(), lambda count: b"x" * count, "user:ada", lambda: catalogue.BUILT_IN)
    epic = builders.open_one(kept, kind="epic", title="Refactor", description="All of the auth system")
    auth = builders.open_one(kept, title="The auth fails", description="Nobody gets in", parent=epic.id)
    said = [events.Draft("ticket.commented", {"id": "c1", "text": "the auth crashed at night", "origin": "user"})]
    doc = builders.open_one(kept, kind="doc", title="Write it down", description="All of it", parent=epic.id)
    builders.append(kept, doc.uid, said)
    link = {"ticket_id": auth.id, "relationship": "blocked_by"}
    builders.append(kept, doc.uid, [events.Draft("ticket.linked", link)])
    old = builders.open_one(kept, title="Long ago", description="auth was slow", priority="low")
    ended = [events.Draft("ticket.closed", {"resolution": "done"}), events.Draft("ticket.archived")]
    builders.append(kept, old.uid, ended)
    return made


def found(desk: memory.Memory, asked: str, limit: int = 20) -> list[str]:
    return [hit.document["id"] for hit in lookup.look_up(desk, asked, limit).found]


def test_the_best_comes_first_and_a_title_says_more_than_a_comment(desk: memory.Memory) -> None:
    ids = found(desk, "auth")

    assert ids[0] == "BUG-2026-001"
    assert set(ids) == {"BUG-2026-001", "BUG-2026-002", "DOC-2026-001", "EPIC-2026-001"}


def test_comments_and_archived_tickets_are_searched_too(desk: memory.Memory) -> None:
    assert found(desk, "crashed night") == ["DOC-2026-001"]
    assert found(desk, "auth is:archived") == ["BUG-2026-002"]


def test_without_words_the_order_is_the_ordinary_one(desk: memory.Memory) -> None:
    assert found(desk, "type:bug") == ["BUG-2026-001", "BUG-2026-002"]
    assert found(desk, "type:bug sort:id -auth") == []


def test_a_list_without_words_can_be_gone_on_with(desk: memory.Memory) -> None:
    assert lookup.look_up(desk, "is:unfinished", 1).cursor
    assert lookup.look_up(desk, "auth", 1).cursor is None


def test_each_hit_shows_where_the_words_are(desk: memory.Memory) -> None:
    hits = lookup.look_up(desk, "crash", 20)

    assert hits.as_json()["snippets"] == {"DOC-2026-001": {"text": "the auth crashed at night", "marks": ((9, 16),)}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_words_break_a_search(desk: memory.Memory, words: str) -> None:
    try:
        hits = lookup.look_up(desk, words, 5)
    except errors.Usage:
        return
    assert len(hits.found) <= 5


def test_an_unfinished_id_may_become_those_that_begin_so_the_closed_ones_last(desk: memory.Memory) -> None:
    assert [row.id for row in naming.beginning(desk.store, "bug-", 10)] == ["BUG-2026-001", "BUG-2026-002"]
    assert [row.id for row in naming.beginning(desk.store, "", 2)] == ["EPIC-2026-001", "DOC-2026-001"]
    assert naming.beginning(desk.store, "BUG-2026-003", 10) == ()


def test_around_a_ticket_stand_its_parent_its_parts_and_its_links_from_both_ends(desk: memory.Memory) -> None:
    def look(ticket_id: str) -> surroundings.Surroundings:
        (hit,) = lookup.look_up(desk, f"id:{ticket_id}", 1).found
        return surroundings.look(desk.store, hit.document)

    doc, auth, epic = look("DOC-2026-001"), look("BUG-2026-001"), look("EPIC-2026-001")

    assert [(tie.relationship, tie.id) for tie in doc.ties] == [("blocked_by", "BUG-2026-001")]
    assert [(tie.relationship, tie.id) for tie in auth.ties] == [("blocks", "DOC-2026-001")]
    assert doc.parent
    assert doc.parent.other
    assert doc.parent.other.title == "Refactor"
    assert [row.id for row in epic.children] == ["BUG-2026-001", "DOC-2026-001"]


def test_the_overview_tells_who_waits_for_tickets_from_who_waits_for_a_person(desk: memory.Memory) -> None:
    seen = overview.look(desk.store)

    assert [row.id for row in seen.held] == ["DOC-2026-001", "EPIC-2026-001"]
    assert [row.id for row in seen.open] == ["BUG-2026-001"]
    assert (seen.waiting, seen.blocked, seen.running) == ((), (), ())
    assert "Waits for other tickets" in dict(seen.sections())
    assert seen.sentence() == "Currently tracking 3 active tickets; none of them needs you."


def test_a_question_of_its_own_comes_before_what_a_ticket_waits_for(tmp_path: Path) -> None:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    other, asked = builders.open_one(kept), builders.open_one(kept)
    builders.start(kept, asked.uid, "diagnose")
    builders.append(kept, asked.uid, [
        events.Draft("step.waiting", {"step": "diagnose", "reason": "which one?"}, 1),
        events.Draft("ticket.linked", {"ticket_id": other.id, "relationship": "blocked_by"}),
    ])  # fmt: skip

    seen = overview.look(kept)

    assert [row.id for row in seen.waiting] == [asked.id]
    assert seen.held == ()
