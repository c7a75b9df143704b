"""Tickets find their place in a store: their ids, their ties, and nothing newer is lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tickety import store
from tickety.core import catalogue, document, errors, events, policy, query, ticket
from tickety.core.exchange import paper, table
from tickety.desk import exporting, importing, memory, provenance, taking
from tickety.papers import frontmatter
from tickety.stores import sqlite

WAY = importing.Way("auto", frontmatter.parse)
ALL = query.Query(sort="id")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = a_desk(tmp_path / "one")
    yield opened
    opened.store.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = a_desk(tmp_path / "other")
    yield opened
    opened.store.close()


def a_desk(folder: Path) -> memory.Memory:
    folder.mkdir(exist_ok=True)
    kept = sqlite.SqliteStore(str(folder / "tickety" / "tickety.db"))
    clock = builders.HandClock()
    return memory.Memory(
        kept, clock, lambda n: __import__("os").urandom(n), "user:ada", lambda: catalogue.BUILT_IN, policy.usual
    )


def bring(desk: memory.Memory, text: str, place: str = "x.json", way: importing.Way = WAY) -> taking.Outcome:
    return importing.import_many(desk, [paper.Paper(place, text)], way)


def text_of(desk: memory.Memory, form: str = "json") -> str:
    return "".join(exporting.export(desk, ALL, form))


def log_of(desk: memory.Memory) -> str:
    return "".join(exporting.export_log(desk, None))


def guide(ticket_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"id": ticket_id, "title": f"About {ticket_id}", "updated_at": "2026-01-01T00:00:00Z", **fields}


def loaded(desk: memory.Memory, ticket_id: str) -> ticket.Ticket:
    uid = desk.store.change(builders.author(), lambda transaction: transaction.uid_of(ticket_id))
    assert uid
    return desk.store.load(uid)


def a_worked_store(kept: store.Store) -> None:
    first, second = builders.open_one(kept), builders.open_one(kept, kind="feature")
    for holder, other, kind in ((first, second, "blocked_by"), (second, first, "blocks")):
        builders.append(
            kept, holder.uid, [events.Draft("ticket.linked", {"ticket_id": other.id, "relationship": kind})]
        )
    builders.append(kept, first.uid, [events.Draft("ticket.commented", {"id": "c", "text": "so", "origin": "user"})])
    builders.append(kept, second.uid, [events.Draft("ticket.closed", {"resolution": "done"})])


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_an_export_imported_into_an_empty_store_gives_equal_tickets(
    desk: memory.Memory, other: memory.Memory, form: str
) -> None:
    a_worked_store(desk.store)

    outcome = bring(other, text_of(desk, form), f"x.{form}")

    assert (len(outcome.of("imported")), outcome.faults) == (2, ())
    assert text_of(other) == text_of(desk)
    assert list(other.store.examine()) == []


def test_a_log_imported_into_an_empty_store_is_the_same_log(desk: memory.Memory, other: memory.Memory) -> None:
    a_worked_store(desk.store)

    bring(other, log_of(desk), "x.ndjson")

    assert log_of(other) == log_of(desk)
    assert text_of(other) == text_of(desk)
    assert builders.open_one(other.store).id == "BUG-2026-002"
    assert list(other.store.examine()) == []


def test_a_log_adds_what_is_missing_and_refuses_a_gap_and_another_history_by_name(
    desk: memory.Memory, other: memory.Memory
) -> None:
    first = builders.open_one(desk.store)
    bring(other, log_of(desk), "x.ndjson")
    builders.append(desk.store, first.uid, [builders.edited(a=1)])
    builders.append(desk.store, first.uid, [builders.edited(b=2)])
    lines = log_of(desk).splitlines()

    gap = bring(other, lines[2], "gap.ndjson")
    more = bring(other, log_of(desk), "more.ndjson")
    twisted = bring(
        other, log_of(desk).replace('"a": {"from"', '"z": {"from"').replace("metadata/a", "metadata/z"), "y.ndjson"
    )

    assert "gap" in gap.faults[0].reason
    assert more.of("updated")[0].id == first.id
    assert log_of(other) == log_of(desk)
    assert "another one here" in twisted.faults[0].reason


def test_a_log_that_begins_in_the_middle_or_takes_an_id_is_refused(desk: memory.Memory, other: memory.Memory) -> None:
    first = builders.open_one(desk.store)
    builders.append(desk.store, first.uid, [builders.edited(a=1)])
    builders.open_one(other.store)
    lines = log_of(desk).splitlines()

    assert "beginning is missing" in bring(other, lines[1], "x.ndjson").faults[0].reason
    assert "belongs to" in bring(other, log_of(desk), "x.ndjson").faults[0].reason
    assert len(other.store.since(0, 99)) == 1


@pytest.mark.parametrize(("line", "said"), [
    ('"type": "ticket.dreamt"', "ticket.dreamt (version 1) is no event that this release knows"),
    ('"n": 4', "gap"), ('"n": 1', "another one here"), ("{", "no JSON")],
    ids=["an unknown type", "a gap", "another history", "half a line"])  # fmt: skip
def test_a_log_with_one_event_that_does_not_fit_is_refused_whole_and_nothing_is_changed(
    desk: memory.Memory, other: memory.Memory, line: str, said: str
) -> None:
    good = builders.open_one(desk.store)
    bring(other, log_of(desk), "x.ndjson")
    builders.append(desk.store, good.uid, [builders.edited(a=1)])
    bad = builders.open_one(desk.store)
    builders.append(desk.store, bad.uid, [builders.edited(b=1)])
    *lines, last = log_of(desk).splitlines()
    broken = {"{": "{", '"n": 1': log_of(desk).splitlines()[0].replace("fails", "hums")}.get(
        line, last.replace('"type": "ticket.edited", "v": 2', f'{line}, "v": 1') if "type" in line
        else last.replace('"n": 2', line)
    )  # fmt: skip
    before = log_of(other)

    outcome = bring(other, "\n".join([*lines, broken]), "log.ndjson")

    assert said in outcome.faults[0].reason
    assert outcome.faults[0].left_out >= 1
    assert outcome.taken == ()
    assert log_of(other) == before


def test_a_log_that_is_said_to_be_another_tools_is_refused_and_nothing_is_changed(
    desk: memory.Memory, other: memory.Memory
) -> None:
    builders.open_one(desk.store)

    with pytest.raises(errors.Usage, match="no ticket of guide"):
        bring(other, log_of(desk), "x.ndjson", importing.Way("guide", frontmatter.parse))
    assert other.store.since(0, 1) == ()


def test_where_only_new_tickets_may_come_none_that_is_here_is_changed(desk: memory.Memory) -> None:
    here = guide("BUG-2025-001", created_at="2025-01-01")
    bring(desk, json.dumps(here))
    before = text_of(desk)
    way = importing.Way("auto", frontmatter.parse, with_updates=False)
    closing = {**here, "status": "closed", "updated_at": "2026-03-01"}

    with pytest.raises(errors.Refused, match="BUG-2025-001"):
        bring(desk, json.dumps([closing, guide("BUG-2025-002")]), way=way)
    assert text_of(desk) == before
    assert bring(desk, json.dumps([here, guide("BUG-2025-002")]), way=way).of("imported")[0].id == "BUG-2025-002"


def test_a_command_that_came_with_a_log_is_said_not_to_be_run(desk: memory.Memory, other: memory.Memory) -> None:
    uid = builders.open_one(desk.store, metadata={"reproduction": ["touch", "pwned"]}).uid

    (taken,) = bring(other, log_of(desk), "x.ndjson").taken

    assert taken.notes[0].startswith("its reproduction is not run before you give it again: tickety retry BUG-2026-001")
    assert "reproduction" not in provenance.load(other.store, uid).metadata
    assert "reproduction" in provenance.load(desk.store, uid).metadata


def test_importing_twice_changes_nothing(desk: memory.Memory) -> None:
    text = json.dumps([guide("BUG-2025-001"), {"title": "no date, no id"}, guide("odd", depends_on=["BUG-2025-001"])])
    bring(desk, text)
    before = text_of(desk)

    again = bring(desk, text)

    assert (len(again.of("skipped")), len(again.of("imported")), len(again.of("updated"))) == (3, 0, 0)
    assert text_of(desk) == before


def test_what_is_newer_updates_and_the_work_done_here_stays(desk: memory.Memory) -> None:
    record = guide("BUG-2025-001", created_at="2025-01-01")
    bring(desk, json.dumps(record))
    uid = loaded(desk, "BUG-2025-001").uid
    builders.append(desk.store, uid, [events.Draft("ticket.commented", {"id": "c", "text": "mine", "origin": "user"})],
                    at="2026-02-01T00:00:00Z")  # fmt: skip

    older = bring(desk, json.dumps({**record, "title": "Older", "updated_at": "2026-01-15"}))
    newer = bring(desk, json.dumps({**record, "title": "Newer", "updated_at": "2026-03-01"}))
    subject = loaded(desk, "BUG-2025-001")

    assert (len(older.of("skipped")), len(newer.of("updated"))) == (1, 1)
    assert (subject.title, subject.version, subject.comments[0].text) == ("Newer", 3, "mine")


def test_a_taken_id_becomes_another_and_links_and_parents_go_with_it(desk: memory.Memory) -> None:
    taken = builders.open_one(desk.store)
    records = [guide(taken.id), guide("FEAT-2024-007", depends_on=[taken.id], parent="EP-0001"), guide("EP-0001")]

    outcome = bring(desk, json.dumps(records))

    bug, feature, epic = outcome.taken
    assert (bug.id, bug.was, feature.id) == ("BUG-2026-002", "BUG-2026-001", "FEAT-2024-007")
    assert (epic.id, epic.was) == ("EPIC-2026-001", "EP-0001")
    subject = loaded(desk, feature.id)
    assert (subject.linked_tickets[0].ticket_id, subject.parent) == (bug.id, epic.id)
    assert loaded(desk, bug.id).linked_tickets[0].relationship == "blocks"
    assert loaded(desk, bug.id).metadata["imported"]["id"] == "BUG-2026-001"
    assert desk.store.load(taken.uid).linked_tickets == ()
    assert list(desk.store.examine()) == []


def test_imported_ids_move_the_counter_but_no_further_than_is_sane(desk: memory.Memory) -> None:
    bring(desk, json.dumps([guide("BUG-2026-041"), guide("BUG-2026-999999999")]))

    assert builders.open_one(desk.store).id == "BUG-2026-043"


def test_a_circle_refuses_the_link_that_closes_it_and_imports_the_tickets(desk: memory.Memory) -> None:
    records = [guide("BUG-2025-001", depends_on=["BUG-2025-002"]), guide("BUG-2025-002", depends_on=["BUG-2025-001"]),
               guide("BUG-2025-003", depends_on=["BUG-2025-003", "BUG-2025-999"])]  # fmt: skip

    outcome = bring(desk, json.dumps(records))

    assert [one.result for one in outcome.taken] == ["imported"] * 3
    assert any("would wait for itself" in note for note in outcome.taken[1].notes)
    assert len(loaded(desk, "BUG-2025-003").metadata["imported"]["links"]) == 2
    assert loaded(desk, "BUG-2025-001").linked_tickets[0].relationship == "blocked_by"


def test_a_link_to_a_ticket_that_was_here_before_is_known_to_both(desk: memory.Memory) -> None:
    bring(desk, json.dumps(guide("BUG-2025-009")))

    bring(desk, json.dumps(guide("FEAT-2025-001", depends_on=["BUG-2025-009"])))

    here = loaded(desk, "BUG-2025-009")
    assert here.linked_tickets == (ticket.Link("FEAT-2025-001", ticket.Relationship.BLOCKS),)


def test_a_branch_that_is_not_of_our_making_is_not_taken_over(desk: memory.Memory) -> None:
    written = {**document.from_ticket(builders.opened()), "branch": "main", "base": "--output=x", "target": "main"}

    bring(desk, json.dumps(written))
    subject = desk.store.load(written["uid"])

    assert (subject.branch, subject.base, subject.target) == (None, None, None)
    assert subject.metadata["imported"]["branch"] == "main"


def test_a_rehearsal_changes_nothing(desk: memory.Memory) -> None:
    outcome = importing.import_many(desk, [paper.Paper("x", json.dumps(guide("BUG-2025-001")))], WAY, dry_run=True)

    assert outcome.taken[0].id == "BUG-2025-001"
    assert desk.store.since(0, 1) == ()


def test_a_table_comes_back_as_it_was(desk: memory.Memory, other: memory.Memory) -> None:
    bring(desk, json.dumps(guide("BUG-2025-001", title="=HYPERLINK(1)", tags=["a", "b"])))

    bring(other, text_of(desk, "csv"), "t.csv")
    subject = loaded(other, "BUG-2025-001")

    assert ",'=HYPERLINK(1)," in text_of(desk, "csv")
    assert (subject.title, subject.tags, subject.uid) == ("=HYPERLINK(1)", ("a", "b"), loaded(desk, "BUG-2025-001").uid)


def test_a_table_carries_what_fits_into_cells_and_what_does_not_is_named(
    desk: memory.Memory, other: memory.Memory
) -> None:
    record = guide("BUG-2025-001", status="closed", archived=True, closed_by="ada", related=1, metadata={
        "goal": {"deep": [1]}, "user_votes": 3}, comments=[{"id": "c", "by": "ada", "text": 'so,\n"it" is'}],
        orchestration={"initial": "Research Agent", "conditions": {"default": "QA Agent"}},
        linked_tickets=[{"ticket_id": "BUG-2025-002", "relationship": "related_to"}])  # fmt: skip
    bring(desk, json.dumps([record, guide("BUG-2025-002", depends_on=["BUG-2025-001"])]))

    bring(other, text_of(desk, "csv"), "t.csv")
    written, read = (loaded(where, "BUG-2025-001") for where in (desk, other))

    for name in ("archived", "closed_by", "closed_at", "comments", "uid", "orchestration"):
        assert getattr(read, name) == getattr(written, name), name
    assert set(read.linked_tickets) == set(written.linked_tickets)
    assert (read.metadata["goal"], read.metadata["user_votes"]) == ({"deep": [1]}, 3)
    assert read.metadata["imported"]["progress"] == "2 of 2"
    assert all(name in exporting.LEFT_OUT["csv"] for name in table.LEFT_OUT)
