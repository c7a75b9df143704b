"""What is a part of what: no circles, whatever was tied before, and trees of any depth."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tickety import places
from tickety.bootstrap import memory as memories
from tickety.core import dependency, errors, events, ticket
from tickety.desk import epics, memory


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    (tmp_path / ".git").mkdir()
    found = places.Places(str(tmp_path / ".git"), str(tmp_path), str(tmp_path / "state"))
    opened = memories.open_memory(found, "user:ada", builders.HandClock())
    yield opened
    opened.store.close()


def _close(desk: memory.Memory, subject: ticket.Ticket) -> None:
    builders.append(desk.store, subject.uid, [events.Draft("ticket.closed", {"resolution": "done"})])


def test_children_are_added_counted_and_taken_out(desk: memory.Memory) -> None:
    epic, *parts = (builders.open_one(desk.store, kind=kind) for kind in ("epic", "feature", "doc"))

    added = epics.add_many(desk, epic.uid, [part.uid for part in parts])
    _close(desk, parts[0])

    assert [one.after.parent for one in added] == [epic.id, epic.id]
    assert epics.tree(desk, epic.uid)[0].document["progress"] == {"done": 1, "total": 2}
    assert all(one.is_same for one in epics.add_many(desk, epic.uid, [parts[1].uid]))
    assert epics.remove_many(desk, [parts[1].uid])[0].after.parent is None
    assert epics.remove_many(desk, [parts[1].uid])[0].is_same
    assert [node.document["id"] for node in epics.tree(desk, epic.uid)] == [epic.id, parts[0].id]


def test_a_dry_run_changes_nothing(desk: memory.Memory) -> None:
    epic, part = (builders.open_one(desk.store, kind=kind) for kind in ("epic", "doc"))

    assert epics.add_many(desk, epic.uid, [part.uid], dry_run=True)[0].after.parent == epic.id
    assert desk.store.load(part.uid) == part


def test_a_ticket_is_no_part_of_itself_nor_of_its_own_parts(desk: memory.Memory) -> None:
    first, second, third = (builders.open_one(desk.store, kind="epic") for _ in range(3))
    epics.add_many(desk, first.uid, [second.uid])
    epics.add_many(desk, second.uid, [third.uid])

    with pytest.raises(errors.Refused, match=f"{first.id} cannot be tied to itself"):
        epics.add_many(desk, first.uid, [first.uid])
    with pytest.raises(errors.Refused, match=f"{third.id} -> {first.id} -> {second.id} -> {third.id}"):
        epics.add_many(desk, third.uid, [first.uid])


def test_parents_and_links_together_make_no_circle(desk: memory.Memory) -> None:
    epic, part = (builders.open_one(desk.store, kind=kind) for kind in ("epic", "doc"))
    tie = dependency.Tie(part.id, ticket.Relationship.BLOCKED_BY, epic.id)
    builders.append(desk.store, part.uid, dependency.link(part, tie))

    with pytest.raises(errors.Refused, match="would wait for itself"):
        epics.add_many(desk, epic.uid, [part.uid])


def test_one_refused_child_keeps_all_out(desk: memory.Memory) -> None:
    epic, part, other = (builders.open_one(desk.store, kind=kind) for kind in ("epic", "doc", "doc"))
    _close(desk, other)
    builders.append(desk.store, other.uid, [events.Draft("ticket.archived")])

    with pytest.raises(errors.Refused, match="is archived"):
        epics.add_many(desk, epic.uid, [part.uid, other.uid])
    assert desk.store.load(part.uid).parent is None


def test_a_closed_epic_gets_no_part(desk: memory.Memory) -> None:
    epic, part = (builders.open_one(desk.store, kind=kind) for kind in ("epic", "doc"))
    _close(desk, epic)

    with pytest.raises(errors.Refused, match="cannot get another child"):
        epics.add_many(desk, epic.uid, [part.uid])


def test_a_tree_shows_what_each_waits_for_and_puts_what_waits_last(desk: memory.Memory) -> None:
    epic, doc, feature = (builders.open_one(desk.store, kind=kind) for kind in ("epic", "doc", "feature"))
    tie = dependency.Tie(doc.id, ticket.Relationship.BLOCKED_BY, feature.id)
    builders.append(desk.store, doc.uid, dependency.link(doc, tie))
    epics.add_many(desk, epic.uid, [doc.uid, feature.uid])

    shown = [(node.document["id"], node.depth, [one.id for one in node.waits]) for node in epics.tree(desk, epic.uid)]

    assert shown == [(epic.id, 0, []), (feature.id, 1, []), (doc.id, 1, [feature.id])]


def test_a_tree_may_be_very_deep(desk: memory.Memory) -> None:
    top = builders.open_one(desk.store, kind="epic")
    above = top
    for _ in range(60):
        above = builders.open_one(desk.store, kind="epic", parent=above.id)

    nodes = epics.tree(desk, top.uid)

    assert [node.depth for node in nodes] == list(range(61))
