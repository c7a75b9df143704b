"""Finding tickets by their words, by the beginning of an id, and what stands around one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.desk import room
from tickety.core import catalogue, errors, events, policy
from tickety.desk import lookup, memory, naming, overview, search, surroundings
from tickety.stores import sqlite


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> memory.Memory:
    folder: Path = tmp_path_factory.mktemp("search")
    kept = sqlite.SqliteStore(str(folder / "tickety" / "tickety.db"))
    made = memory.Memory(
        kept, builders.HandClock(), lambda count: b"x" * count, "user:ada", lambda: catalogue.BUILT_IN, policy.usual
    )
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

    assert [row.id for row in seen.held.rows] == ["DOC-2026-001", "EPIC-2026-001"]
    assert [row.id for row in seen.open.rows] == ["BUG-2026-001"]
    assert (seen.waiting.rows, seen.blocked.rows, seen.running.rows) == ((), (), ())
    assert "Waits for other tickets" in [part.heading for part in seen.sections()]
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

    assert [row.id for row in seen.waiting.rows] == [asked.id]
    assert seen.held.rows == ()


def test_a_question_that_reads_like_a_wait_for_a_ticket_is_a_question_all_the_same(tmp_path: Path) -> None:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    other, asked = builders.open_one(kept), builders.open_one(kept)
    builders.start(kept, asked.uid, "diagnose")
    builders.append(kept, asked.uid, [
        events.Draft("step.waiting", {"step": "diagnose", "reason": f"waits for {other.id}"}, 1),
        events.Draft("ticket.linked", {"ticket_id": other.id, "relationship": "blocked_by"}),
    ])  # fmt: skip

    assert [row.id for row in overview.look(kept).waiting.rows] == [asked.id]


def test_the_overview_counts_what_it_does_not_show(tmp_path: Path) -> None:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    opened = [builders.open_one(kept) for _ in range(3)]
    builders.append(kept, opened[0].uid, [events.Draft("ticket.blocked", {"blocker": "no key"})])

    seen = overview.look(kept, limit=1)

    assert (len(seen.open.rows), seen.open.total, seen.open.left) == (1, 2, 1)
    assert seen.as_json()["counts"] == {"waiting": 0, "blocked": 1, "running": 0, "open": 2, "later": 0, "held": 0}
    assert seen.sentence() == "Currently tracking 2 active tickets and 1 blocked; 1 of them needs you."


def test_parts_beyond_those_that_are_shown_are_counted_and_every_link_is_known(tmp_path: Path) -> None:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    epic = builders.open_one(kept, kind="epic")
    for _ in range(203):
        builders.open_one(kept, kind="doc", parent=epic.id)
    links = [{"ticket_id": f"DOC-2026-{number:03d}", "relationship": "related_to"} for number in range(1, 204)]
    builders.append(kept, epic.uid, [events.Draft("ticket.linked", link) for link in links])

    around = surroundings.look(kept, kept.document(epic.uid))

    assert (len(around.children), around.further) == (200, 3)
    assert all(tie.other for tie in around.ties)


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("id:BUG-1", ["BUG-2026-001"]),
        ("id:bug-2026-001", ["BUG-2026-001"]),
        ("id:1", ["BUG-2026-001", "DOC-2026-001", "EPIC-2026-001"]),
        ("parent:EPIC-1", ["BUG-2026-001", "DOC-2026-001"]),
        ("parent:1", ["BUG-2026-001", "DOC-2026-001"]),
        ("type:bug parent:none", ["BUG-2026-002"]),
        ("id:BUG-2026-099", []),
    ],
)
def test_a_query_names_tickets_as_everything_else_does(desk: memory.Memory, asked: str, ids: list[str]) -> None:
    wanted = search.asked(desk, f"{asked} sort:id")

    assert [document["id"] for document in search.documents(desk.store, wanted)] == ids


def test_a_query_refuses_what_can_be_no_ticket_and_does_not_find_what_is_none(desk: memory.Memory) -> None:
    with pytest.raises(errors.Usage):
        search.asked(desk, "id:../x")
    with pytest.raises(errors.NotFound):
        search.asked(desk, "parent:FEAT-9")


def test_me_is_who_acts_unless_somebody_else_is_said_to_be(desk: memory.Memory) -> None:
    assert search.asked(desk, "reporter:me").terms[0].values == ("user:ada",)
    assert search.asked(desk, "reporter:me", "user:grace").terms[0].values == ("user:grace",)


def test_a_type_that_is_gone_is_found_as_long_as_there_are_tickets_of_it(tmp_path: Path) -> None:
    known = room.memory_in(tmp_path)
    builders.append(known.store, builders.open_one(known.store).uid, [
        events.Draft("ticket.edited", {"changes": {"type": {"from": "bug", "to": "incident"}}})
    ])  # fmt: skip

    assert known.store.count(search.asked(known, "type:incident,bug")) == 1
    with pytest.raises(errors.Usage, match="type:outage names no type"):
        search.asked(known, "type:outage")


def test_the_tags_that_a_shell_offers_are_those_of_the_last_tickets(tmp_path: Path) -> None:
    kept = room.memory_in(tmp_path).store
    builders.open_one(kept, tags=["ui", "auth"])
    builders.open_one(kept)
    ended = builders.open_one(kept)
    builders.append(kept, ended.uid, [events.Draft("ticket.closed", {"resolution": "done"})])

    assert naming.tags(kept, 10) == ("ui", "auth")
    assert [row.id for row in naming.closed(kept, "bug", 10)] == [ended.id]
