"""Closing and reopening, one ticket or many."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import room
from tickety.core import editing, errors, ticket
from tickety.desk import closing, commenting, linking, memory
from tickety.desk import editing as edits

BLOCKED_BY = ticket.Relationship.BLOCKED_BY


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path)
    yield opened
    opened.store.close()


def test_a_parent_and_its_children_a_blocker_and_what_it_blocks_close_in_any_order(desk: memory.Memory) -> None:
    epic, child, bug, blocker = room.open_some(desk, "epic", "feature", "bug", "task")
    edits.edit_many(desk, [child.uid], editing.Edit({"parent": epic.id}))
    linking.link_many(desk, [bug.uid], BLOCKED_BY, blocker.uid)

    closed = closing.close_many(desk, [epic.uid, bug.uid, blocker.uid, child.uid])

    assert [one.after.resolution for one in closed] == ["done", "fixed", "done", "done"]


def test_open_children_and_blockers_are_named_and_stand_against_a_good_end_only(desk: memory.Memory) -> None:
    epic, child, blocker = room.open_some(desk, "epic", "feature", "task")
    edits.edit_many(desk, [child.uid], editing.Edit({"parent": epic.id}))
    linking.link_many(desk, [epic.uid], BLOCKED_BY, blocker.uid)

    with pytest.raises(errors.Refused, match="while TASK-2026-001, FEAT-2026-001 are still open"):
        closing.close_many(desk, [epic.uid])

    (closed,) = closing.close_many(desk, [epic.uid], closing.Ending(ticket.Resolution.CANCELLED))
    assert closed.after.resolution == "cancelled"


def test_what_a_ticket_starts_with_need_not_be_over(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "qa", "feature")
    linking.link_many(desk, [one.uid], ticket.Relationship.STARTS_WITH, other.uid)

    assert closing.close_many(desk, [one.uid])[0].after.is_closed


def test_one_that_cannot_be_closed_keeps_all_of_them_open(desk: memory.Memory) -> None:
    one, two, blocker = room.open_some(desk, "bug", "bug", "task")
    linking.link_many(desk, [two.uid], BLOCKED_BY, blocker.uid)

    with pytest.raises(errors.Refused):
        closing.close_many(desk, [one.uid, two.uid])

    assert not desk.store.load(one.uid).is_closed


def test_a_duplicate_is_linked_to_its_original_as_it_is_closed(desk: memory.Memory) -> None:
    original, copy = room.open_some(desk, "bug", "bug")
    ending = closing.Ending(original=original.uid, comment=commenting.Words("see there", "user"))

    (closed,) = closing.close_many(desk, [copy.uid], ending)

    assert closed.after.resolution == "duplicate"
    assert closed.after.linked_tickets == (ticket.Link(original.id, ticket.Relationship.DUPLICATE_OF),)
    assert [comment.text for comment in closed.after.comments] == ["see there"]
    assert closing.close_many(desk, [copy.uid], ending)[0].is_same


def test_no_ticket_is_a_duplicate_of_itself_not_even_around_a_corner(desk: memory.Memory) -> None:
    one, two, three = room.open_some(desk, "bug", "bug", "bug")
    closing.close_many(desk, [one.uid], closing.Ending(original=two.uid))
    closing.close_many(desk, [two.uid], closing.Ending(original=three.uid))

    with pytest.raises(errors.Refused, match="BUG-2026-003 would be a duplicate of itself"):
        closing.close_many(desk, [three.uid], closing.Ending(original=one.uid))
    with pytest.raises(errors.Refused, match="tied to itself"):
        closing.close_many(desk, [three.uid], closing.Ending(original=three.uid))


def test_a_duplicate_has_no_other_resolution(desk: memory.Memory) -> None:
    one, two = room.open_some(desk, "bug", "bug")

    with pytest.raises(errors.Usage):
        closing.close_many(desk, [one.uid], closing.Ending(ticket.Resolution.FIXED, original=two.uid))


def test_closed_again_says_nothing_twice(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    ending = closing.Ending(comment=commenting.Words("so", "user"))

    closing.close_many(desk, [one.uid], ending)
    (again,) = closing.close_many(desk, [one.uid], ending)

    assert again.is_same
    assert len(again.after.comments) == 1


def test_what_is_reopened_can_be_worked_on_again(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    closing.close_many(desk, [one.uid])
    assert desk.store.work(one.uid) == ()

    closing.reopen_many(desk, [one.uid])

    assert [work.step for work in desk.store.work(one.uid)] == ["diagnose"]
