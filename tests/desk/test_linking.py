"""Links between tickets: both ends in one command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import room
from tickety.core import editing, errors, ticket
from tickety.desk import archiving, closing, linking, memory
from tickety.desk import editing as edits

BLOCKED_BY, BLOCKS = ticket.Relationship.BLOCKED_BY, ticket.Relationship.BLOCKS


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path)
    yield opened
    opened.store.close()


def held(desk: memory.Memory, uid: str) -> list[tuple[str, str]]:
    return [(link.relationship.value, link.ticket_id) for link in desk.store.load(uid).linked_tickets]


def test_both_ends_of_a_link_are_changed_by_one_command(desk: memory.Memory) -> None:
    one, two, other = room.open_some(desk, "bug", "bug", "feature")

    linking.link_many(desk, [one.uid, two.uid], BLOCKED_BY, other.uid)

    assert held(desk, one.uid) == held(desk, two.uid) == [("blocked_by", other.id)]
    assert held(desk, other.uid) == [("blocks", one.id), ("blocks", two.id)]
    assert len({desk.store.log(uid)[-1].command_id for uid in (one.uid, two.uid, other.uid)}) == 1


def test_the_same_link_from_the_other_end_is_there_already(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "bug", "feature")
    linking.link_many(desk, [one.uid], BLOCKED_BY, other.uid)

    assert all(changed.is_same for changed in linking.link_many(desk, [other.uid], BLOCKS, one.uid))


@pytest.mark.parametrize("relationship", ["starts_with", "duplicate_of"])
def test_some_links_are_held_by_one_end_only(desk: memory.Memory, relationship: str) -> None:
    one, other = room.open_some(desk, "bug", "bug")

    linking.link_many(desk, [one.uid], ticket.Relationship(relationship), other.uid)

    assert (held(desk, one.uid), held(desk, other.uid)) == ([(relationship, other.id)], [])


def test_a_circle_over_links_and_parents_is_refused_by_name(desk: memory.Memory) -> None:
    epic, child, other = room.open_some(desk, "epic", "feature", "task")
    edits.edit_many(desk, [child.uid], editing.Edit({"parent": epic.id}))
    linking.link_many(desk, [child.uid], ticket.Relationship.STARTS_WITH, other.uid)

    with pytest.raises(errors.Refused, match=f"{other.id} -> {epic.id} -> {child.id} -> {other.id}"):
        linking.link_many(desk, [other.uid], BLOCKED_BY, epic.uid)
    with pytest.raises(errors.Refused, match="would wait for itself"):
        edits.edit_many(desk, [epic.uid], editing.Edit({"parent": other.id}))
    linking.link_many(desk, [other.uid], ticket.Relationship.RELATED_TO, epic.uid)


def test_a_parent_must_be_there_open_and_another_ticket(desk: memory.Memory) -> None:
    epic, child = room.open_some(desk, "epic", "feature")
    closing.close_many(desk, [epic.uid])

    for parent, error in ((epic.id, errors.Refused), (child.id, errors.Refused), ("BUG-2026-999", errors.NotFound)):
        with pytest.raises(error):
            edits.edit_many(desk, [child.uid], editing.Edit({"parent": parent}))


def test_an_archived_end_refuses_a_closed_one_does_not(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "bug", "feature")
    closing.close_many(desk, [other.uid])
    linking.link_many(desk, [one.uid], BLOCKED_BY, other.uid)
    archiving.archive_many(desk, [other.uid])

    with pytest.raises(errors.Refused, match="is archived"):
        linking.unlink_many(desk, [one.uid], None, other.uid)


def test_unlinking_takes_every_link_or_only_the_one_named(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "bug", "bug")
    for relationship in (BLOCKED_BY, ticket.Relationship.RELATED_TO, ticket.Relationship.STARTS_WITH):
        linking.link_many(desk, [one.uid], relationship, other.uid)
    linking.link_many(desk, [other.uid], ticket.Relationship.DUPLICATE_OF, one.uid)

    linking.unlink_many(desk, [other.uid], BLOCKS, one.uid)
    assert [name for name, _ in held(desk, one.uid)] == ["related_to", "starts_with"]

    linking.unlink_many(desk, [one.uid], None, other.uid)
    assert held(desk, one.uid) == held(desk, other.uid) == []
    assert all(one.is_same for one in linking.unlink_many(desk, [one.uid], None, other.uid))
