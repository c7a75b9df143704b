"""What comes in is as sound as what is made here: whatever a file says, it is taken soundly or refused by name."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.desk import room
from tickety.core import dependency, document, editing, errors, events, facts, history, ids, query, ticket
from tickety.core.exchange import arrival, paper
from tickety.desk import changing, exporting, importing, linking, memory, taking, undoing
from tickety.papers import frontmatter

WAY = importing.Way("auto", frontmatter.parse)
BLOCKED_BY, BLOCKS = ticket.Relationship.BLOCKED_BY, ticket.Relationship.BLOCKS
FIELDS = st.sampled_from((*document.from_ticket(builders.opened()), "schema", "odd"))
PARTS = st.sampled_from((
    "name", "agent", "task", "needs", "state", "attempt", "id", "by", "at", "text", "origin", "ticket_id", "steps",
    "relationship", "description", "user_votes", "estimated_hours", "imported", "sla", "when", "signal", "outputs",
))  # fmt: skip
WORDS = st.text(max_size=8) | st.sampled_from((
    "", "..", "../../x", "a\x00b", "\x1b[31m", "closed", "open", "blocked", "done", "user:ada", "QA Agent", "running",
    "9999-12-31T23:59:59Z", "2026-11-22T09:00:00Z", "BUG-2026-001", "BUG-2026-999999999", "999999 days", "fix",
    "blocked_by", "starts_with", "EPIC-2026-001",
))  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from((0, 10**30, 2**63, -1)) | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(PARTS | WORDS, inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path / "one")
    yield opened
    opened.store.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path / "other")
    yield opened
    opened.store.close()


def bring(desk: memory.Memory, given: object, place: str = "x.json") -> taking.Outcome:
    text = given if isinstance(given, str) else json.dumps(given)
    return importing.import_many(desk, [paper.Paper(place, text)], WAY)


def written(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a document
    return {**document.from_ticket(builders.opened()), "uid": builders.new_uid(), **fields}


def planned(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of its first step
    made = written()
    made["orchestration"]["steps"][0] |= fields
    return made


def said(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a comment
    return {"id": "c", "by": "user:ada", "at": builders.AT, "text": "so", "origin": "user", **fields}


def log_of(desk: memory.Memory) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exporting.export_log(desk, None)]


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def called(desk: memory.Memory, ticket_id: str) -> ticket.Ticket:
    uid = desk.store.change(builders.author(), lambda transaction: transaction.uid_of(ticket_id))
    assert uid
    return desk.store.load(uid)


def guide(ticket_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"id": ticket_id, "title": f"About {ticket_id}", "updated_at": "2026-01-01T00:00:00Z", **fields}


@pytest.mark.parametrize(("made", "named"), [
    (planned(name="../../x"), "../../x"), (planned(name=".."), ".."), (planned(name="a" * 41), "aaa"),
    (planned(agent="Poet", state="pending"), "Poet"), (planned(attempt=10**30), "attempt"), (planned(mode="x"), "mode"),
    (written(tags=["two words"]), "tags"), (written(title="a\x00b"), "title"), (written(title="a\x1b[31m"), "title"),
    (written(description="a\x07"), "description"), (written(created_at="9999-13-31T23:59:59Z"), "created_at"),
    (written(closed_at=builders.AT), "closed_at"), (written(status="closed", resolution="done"), "closed_at"),
    (written(archived=True), "archived"), (written(status="blocked"), "blocker"), (written(version=2**70), "version"),
    (written(comments=[said(), said()]), "comments"), (written(comments=[said(at="soon")]), "comments.c.at"),
    (written(comments=[said(text="\x1b[2J")]), "comments.c"), (written(origin={}), "origin"),
])  # fmt: skip
def test_a_document_that_no_verb_could_have_made_is_refused_by_its_field(
    desk: memory.Memory, made: dict[str, Any], named: str
) -> None:
    outcome = bring(desk, made)

    assert outcome.taken == ()
    assert named in outcome.faults[0].reason


def test_a_log_that_no_verb_could_have_made_is_refused(desk: memory.Memory, other: memory.Memory) -> None:
    builders.open_one(desk.store)
    (opened,) = log_of(desk)
    odd_step = json.loads(json.dumps(opened))
    odd_step["data"]["orchestration"]["steps"][0]["name"] = "../../x"
    odd_tag = {**opened, "data": {**opened["data"], "tags": ["a b"]}}
    no_changes = {**opened, "n": 2, "type": "ticket.edited", "v": 2, "data": {"changes": {"metadata/verification": 5}}}
    titles: list[Any] = [{}, "t"]
    odd_between = [{**no_changes, "n": n, "data": {"changes": {"title": {"to": to}}}} for n, to in enumerate(titles, 2)]

    for log in ([odd_step], [odd_tag], [opened, no_changes], [opened, *odd_between], [{**opened, "attempt": 10**30}]):
        outcome = bring(other, lines(log), "x.ndjson")
        assert (outcome.taken, len(outcome.faults) > 0) == ((), True)
    assert other.store.since(0, 1) == ()


@pytest.mark.parametrize(("text", "place", "named"), [
    ('{"title": "t", "metadata": {"a": [NaN]}}', "x.json", "metadata.a.0"),
    ('{"title": "t", "metadata": {"a": 1e400}}', "x.json", "metadata.a"),
    (f'{{"title": "t", "metadata": {{"a": 1{"0" * 400}}}}}', "x.json", "metadata.a"),
    ('{"id": "bd-1", "title": "t", "estimated_minutes": -Infinity}', "x.json", "estimated_minutes"),
    ("title,estimate\nt,inf\n", "x.csv", "estimated_hours"), ("title,votes\nt,1e300\n", "x.csv", "user_votes"),
    ("---\ntitle: t\ngoal: .nan\n---\n", "x.md", "goal"), (f"---\ntitle: t\ngoal: {'9' * 5000}\n---\n", "x.md", ""),
    (f"---\ntitle: t\ngoal: 0x{'f' * 5000}\n---\n", "x.md", "goal"),
])  # fmt: skip
def test_a_number_or_a_time_that_cannot_be_kept_is_refused_by_its_field(
    desk: memory.Memory, text: str, place: str, named: str
) -> None:
    outcome = bring(desk, text, place)

    assert (outcome.taken, len(outcome.faults)) == ((), 1)
    assert named in outcome.faults[0].reason


def test_one_odd_line_keeps_out_itself_alone(desk: memory.Memory) -> None:
    good, odd = guide("BUG-2025-001"), guide("BUG-2025-002", metadata={"n": 10**30})

    outcome = bring(desk, lines([good, odd, guide("BUG-2025-003")]), "x.jsonl")

    assert [one.id for one in outcome.taken] == ["BUG-2025-001", "BUG-2025-003"]
    assert outcome.faults[0].place == "x.jsonl line 2"


def test_what_counts_nothing_is_kept_apart_and_a_vote_begins_at_none(desk: memory.Memory) -> None:
    bring(desk, guide("BUG-2025-001", metadata={"user_votes": "many", "estimated_hours": [2], "affected_users": 7}))
    bring(desk, written(id="BUG-2026-007", metadata={"actual_hours": "all day"}))

    foreign, own = called(desk, "BUG-2025-001"), called(desk, "BUG-2026-007")
    voted = builders.append(desk.store, foreign.uid, [events.Draft("ticket.voted", {"votes": 2})])

    assert (voted.metadata["user_votes"], voted.metadata["affected_users"]) == (2, 7)
    assert foreign.metadata["imported"]["estimated_hours"] == [2]
    assert own.metadata == {"imported": {"actual_hours": "all day"}}


def test_a_vote_is_counted_whatever_was_there_before() -> None:
    subject = replace(builders.opened(), metadata={"user_votes": "many"})

    assert builders.after(subject, [events.Draft("ticket.voted", {"votes": 3})]).metadata["user_votes"] == 3


def a_log_of_two(desk: memory.Memory, *events_of_first: events.Draft) -> list[dict[str, Any]]:
    first, _ = room.open_some(desk, "bug", "bug")
    builders.append(desk.store, first.uid, events_of_first)
    return log_of(desk)


def linked(relationship: str, ticket_id: str) -> events.Draft:
    return events.Draft("ticket.linked", {"relationship": relationship, "ticket_id": ticket_id})


@pytest.mark.parametrize(("drafts", "said_of_it"), [
    ((linked("blocked_by", "BUG-2026-002"),), "does not know of it"),
    ((linked("related_to", "BUG-2026-001"),), "itself"),
    ((linked("blocked_by", "BUG-2026-077"),), "not here"),
    ((events.Draft("ticket.edited", {"changes": {"parent": {"from": None, "to": "EPIC-2026-009"}}}),), "not here"),
])  # fmt: skip
def test_a_log_with_a_loose_end_is_refused_as_a_whole(
    desk: memory.Memory, other: memory.Memory, drafts: tuple[events.Draft, ...], said_of_it: str
) -> None:
    outcome = bring(other, lines(a_log_of_two(desk, *drafts)), "x.ndjson")

    assert said_of_it in outcome.faults[0].reason
    assert other.store.since(0, 1) == ()


def test_a_log_that_makes_a_circle_with_what_is_here_is_refused(desk: memory.Memory, other: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "bug")
    bring(other, lines(log_of(desk)), "x.ndjson")
    linking.link_many(other, [second.uid], ticket.Relationship.STARTS_WITH, first.uid)
    builders.append(desk.store, first.uid, [linked("starts_with", second.id)])
    before = log_of(other)

    outcome = bring(other, lines(log_of(desk)), "x.ndjson")

    assert "would wait for itself" in outcome.faults[0].reason
    assert log_of(other) == before


def test_an_update_that_drops_a_link_unties_the_other_ticket_too(desk: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "bug")
    linking.link_many(desk, [first.uid], BLOCKED_BY, second.uid)
    newer = {**desk.store.document(first.uid), "linked_tickets": [], "updated_at": "2026-12-01T00:00:00Z"}

    bring(desk, newer)

    assert (desk.store.load(first.uid).linked_tickets, desk.store.load(second.uid).linked_tickets) == ((), ())


def test_a_link_that_is_turned_round_over_there_is_turned_round_here(desk: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "bug")
    linking.link_many(desk, [first.uid], BLOCKED_BY, second.uid)
    later = {"updated_at": "2026-12-01T00:00:00Z"}
    to_second, to_first = ({"ticket_id": one.id} for one in (second, first))
    one = {**desk.store.document(first.uid), **later, "linked_tickets": [{**to_second, "relationship": "blocks"}]}
    two = {**desk.store.document(second.uid), **later, "linked_tickets": [{**to_first, "relationship": "blocked_by"}]}

    outcome = bring(desk, [one, two])

    assert [note for taken in outcome.taken for note in taken.notes] == []
    assert desk.store.load(first.uid).linked_tickets == (ticket.Link(second.id, BLOCKS),)
    assert desk.store.load(second.uid).linked_tickets == (ticket.Link(first.id, BLOCKED_BY),)


def test_a_number_from_elsewhere_never_means_a_ticket_that_was_made_here(desk: memory.Memory) -> None:
    (mine,) = room.open_some(desk, "bug")

    outcome = bring(desk, guide("FEAT-2025-001", depends_on=[mine.id], parent=mine.id))

    assert desk.store.load(mine.uid).linked_tickets == ()
    assert called(desk, "FEAT-2025-001").metadata["imported"]["links"][0]["ticket_id"] == mine.id
    assert any("is not here" in note for note in outcome.taken[0].notes)


def test_a_number_from_elsewhere_means_the_ticket_that_has_it_there(desk: memory.Memory) -> None:
    (mine,) = room.open_some(desk, "bug")
    bring(desk, guide(mine.id))
    bring(desk, guide("FEAT-2025-001", depends_on=[mine.id]))

    (link,) = called(desk, "FEAT-2025-001").linked_tickets
    assert (link.ticket_id, called(desk, link.ticket_id).title) == ("BUG-2026-002", f"About {mine.id}")


def test_a_document_from_another_store_is_not_tied_to_a_ticket_that_has_the_same_number_here(
    desk: memory.Memory, other: memory.Memory
) -> None:
    there, waiting = room.open_some(other, "bug", "feature")
    linking.link_many(other, [waiting.uid], BLOCKED_BY, there.uid)
    (mine,) = room.open_some(desk, "bug")

    bring(desk, other.store.document(waiting.uid))

    assert (mine.id, desk.store.load(mine.uid).linked_tickets) == (there.id, ())
    assert desk.store.load(waiting.uid).linked_tickets == ()


def test_a_document_that_comes_back_newer_brings_its_new_link(desk: memory.Memory) -> None:
    first, second = room.open_some(desk, "bug", "bug")
    links = [{"ticket_id": second.id, "relationship": "blocked_by"}]

    bring(desk, {**desk.store.document(first.uid), "linked_tickets": links, "updated_at": "2026-12-01T00:00:00Z"})

    assert desk.store.load(second.uid).linked_tickets == (ticket.Link(first.id, BLOCKS),)


def test_comments_with_one_id_are_all_kept_also_when_the_ticket_is_edited(desk: memory.Memory) -> None:
    bring(desk, guide("BUG-2025-001", comments=[{"id": "c", "text": "one"}, {"id": "c", "text": "two"}]))

    edited = builders.append(desk.store, called(desk, "BUG-2025-001").uid, [builders.edited(a=1)])

    assert [comment.text for comment in edited.comments] == ["one", "two"]


def test_labels_of_several_words_become_tags_that_can_be_typed(desk: memory.Memory) -> None:
    bring(desk, guide("BUG-2025-001", tags=["good first issue", 'a"b', "\x1b[1mred"]))

    subject = called(desk, "BUG-2025-001")
    assert subject.tags == ("good-first-issue", "a-b", "red")
    assert subject.metadata["imported"]["tags"][0] == "good first issue"


def test_an_import_that_updated_a_ticket_is_not_taken_back(desk: memory.Memory) -> None:
    known = guide("BUG-2025-001", created_at="2025-12-01T00:00:00Z")
    bring(desk, known)
    bring(desk, {**known, "title": "Newer", "updated_at": "2026-03-01T00:00:00Z"})

    with pytest.raises(errors.Refused, match="an import updated BUG-2025-001"):
        undoing.undo_last(desk)
    assert called(desk, "BUG-2025-001").title == "Newer"


def test_a_ticket_from_the_end_of_all_days_is_imported(desk: memory.Memory) -> None:
    outcome = bring(desk, guide("BUG-2025-001", created_at="9999-12-31T23:00:00Z", orchestration={"sla": "9 years"}))

    assert outcome.faults == ()


def test_a_child_that_is_taken_back_leaves_its_parent(desk: memory.Memory) -> None:
    (epic,) = room.open_some(desk, "epic")
    (child,) = room.open_some(desk, "bug", parent=epic.id)

    undone = undoing.undo_last(desk)

    assert (undone[0].after.id, undone[0].after.parent) == (child.id, None)
    assert undoing.redo_last(desk)[0].after.parent == epic.id


def test_our_own_export_is_taken_whatever_its_numbers_and_depth(desk: memory.Memory, other: memory.Memory) -> None:
    deep: Any = 10**30
    for _ in range(120):
        deep = {"a": [deep]} if len(str(deep)) % 2 else [deep]
    made = written(id="BUG-2026-1234567", metadata={"deep": deep})

    outcome = bring(desk, made)
    again = bring(other, desk.store.document(made["uid"]))

    assert (outcome.faults, again.faults) == ((), ())
    assert (again.taken[0].id, other.store.load(made["uid"]).metadata) == ("BUG-2026-1234567", made["metadata"])
    assert "nested" in bring(other, guide("BUG-2025-001", metadata={"deep": deep})).faults[0].reason


def test_taking_back_and_doing_again_gives_the_very_same_ticket(desk: memory.Memory) -> None:
    metadata = {"a": 1, "gone": None, "b": 2}
    (subject,) = room.open_some(desk, "bug", tags=["x", "y", "z"], metadata=metadata)
    changes = {"tags/x": None, "metadata/gone": 5, "metadata/a": None, "tags/w": True}
    edited = events.Draft("ticket.edited", {"changes": facts.changes(facts.of(subject), changes)})
    changed = changing.change_many(desk, [subject.uid], lambda _, __: [edited])

    back = undoing.undo_last(desk)[0].after
    again = undoing.redo_last(desk)[0].after

    assert alike(back) == alike(subject)
    assert alike(again) == alike(changed[0].after)


def alike(subject: ticket.Ticket) -> str:
    """The ticket's JSON to the order of its keys, without what every change changes."""
    return json.dumps({**document.from_ticket(subject), "version": 0, "updated_at": ""})


def test_hours_too_few_to_be_counted_are_refused() -> None:
    for typed in ("0.001", "0.0099"):
        with pytest.raises(errors.Usage, match="number of hours"):
            editing.hours(typed)
    assert editing.hours("0.01") == 0.01


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=4), st.dictionaries(PARTS, JSON, max_size=2), st.sampled_from((0, 12)))
def test_any_document_is_taken_soundly_or_refused(
    desk: memory.Memory, odd: dict[str, Any], odd_step: dict[str, Any], month: int
) -> None:
    made = planned(**odd_step) if odd_step else written()
    made |= {"updated_at": f"2026-{month}-01T00:00:00Z"} if month else {}
    made |= odd

    outcome = bring(desk, json.dumps(made))

    assert outcome.taken or outcome.faults[0].reason
    assert list(desk.store.examine()) == []
    for one in outcome.taken:
        require_usable(desk, one.uid)


def require_usable(desk: memory.Memory, uid: str) -> None:
    """It is shown, edited and put back; its log adds up to it; it can be exported and taken again."""
    before = desk.store.load(uid)
    assert history.fold(desk.store.log(uid)) == before
    assert ids.parse_id(desk.store.document(uid)["id"])
    if not before.archived:
        builders.append(desk.store, uid, [events.Draft("ticket.voted", {"votes": 1})])
        undoing.undo_last(desk)
        assert alike(desk.store.load(uid)) == alike(before)
    assert dependency.held(before) is not None
    exported = "".join(exporting.export(desk, query.Query(sort="id"), "json"))
    assert bring(desk, exported).faults == ()
    assert arrival.id_parts(before.id, 10**9)
