"""Undo and redo over many tickets and many people, on a real store."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.desk import room
from tickety.core import editing, errors, facts, opening, ticket
from tickety.desk import archiving, blocking, changing, closing, intake, linking, memory, undoing, voting
from tickety.desk import editing as edits

BLOCKED_BY = ticket.Relationship.BLOCKED_BY


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path)
    yield opened
    opened.store.close()


def everything(desk: memory.Memory, uids: list[str]) -> list[dict[str, object]]:
    return [facts.of(desk.store.load(uid)) for uid in uids]


def edited(desk: memory.Memory, *uids: str, **plain: object) -> tuple[changing.Changed, ...]:
    return edits.edit_many(desk, uids, editing.Edit(plain))


def test_one_undo_takes_back_a_command_over_many_tickets(desk: memory.Memory) -> None:
    uids = [one.uid for one in room.open_some(desk, "bug", "doc", "task")]
    before = everything(desk, uids)
    closing.close_many(desk, uids)

    changed = undoing.undo_last(desk)

    assert [one.after.uid for one in changed] == uids
    assert everything(desk, uids) == before
    assert len({desk.store.log(uid)[-1].command_id for uid in uids}) == 1


def test_a_link_is_undone_and_redone_at_both_ends(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "bug", "feature")
    linking.link_many(desk, [one.uid], BLOCKED_BY, other.uid)
    linked = everything(desk, [one.uid, other.uid])

    undoing.undo_last(desk)
    assert desk.store.load(one.uid).linked_tickets == desk.store.load(other.uid).linked_tickets == ()
    assert desk.store.unfinished(one.uid) == ()

    undoing.redo_last(desk)
    assert everything(desk, [one.uid, other.uid]) == linked


def test_everybody_takes_back_only_what_they_did(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    edited(desk, one.uid, title="Ada's")
    bob = room.of(desk, "user:bob")
    voting.vote_many(bob, [one.uid], 3)

    undoing.undo_last(desk)
    assert desk.store.load(one.uid).metadata["user_votes"] == 3

    undoing.undo_last(bob)
    with pytest.raises(errors.Refused, match="nothing of user:bob"):
        undoing.undo_last(bob)


def test_all_of_it_is_taken_back_or_nothing(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "bug", "task")
    edited(desk, one.uid, other.uid, title="Ada's")
    edited(room.of(desk, "user:bob"), other.uid, title="Bob's")

    with pytest.raises(errors.Refused, match="TASK-2026-001 cannot be put back: user:bob changed its title"):
        undoing.undo_last(desk)

    assert desk.store.load(one.uid).title == "Ada's"


def test_a_dry_run_shows_it_and_changes_nothing(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    edited(desk, one.uid, title="Ada's")

    (changed,) = undoing.undo_last(desk, dry_run=True)

    assert changed.after.title == one.title
    assert desk.store.load(one.uid).title == "Ada's"


def test_nothing_to_take_back_or_to_do_again_is_refused(desk: memory.Memory) -> None:
    for last in (undoing.undo_last, undoing.redo_last):
        with pytest.raises(errors.Refused):
            last(desk)


def test_undo_reaches_past_many_commands_that_were_taken_back(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    edited(desk, one.uid, title="The first")
    for count in range(40):
        edited(desk, one.uid, title=f"title {count}")
        undoing.undo_last(desk)

    undoing.undo_last(desk)

    assert desk.store.load(one.uid).title == one.title


# What others did since, because of what is now taken back.


def test_a_link_does_not_come_back_into_a_circle_made_since(desk: memory.Memory) -> None:
    one, other = room.open_some(desk, "bug", "feature")
    linking.link_many(desk, [one.uid], BLOCKED_BY, other.uid)
    linking.unlink_many(desk, [one.uid], None, other.uid)
    linking.link_many(room.of(desk, "user:bob"), [other.uid], BLOCKED_BY, one.uid)

    with pytest.raises(errors.Refused, match=r"would wait for itself: .* -> .* -> "):
        undoing.undo_last(desk)


def test_a_parent_does_not_come_back_into_a_circle_made_since(desk: memory.Memory) -> None:
    epic, child = room.open_some(desk, "epic", "feature")
    edited(desk, child.uid, parent=epic.id)
    edited(desk, child.uid, parent=None)
    linking.link_many(room.of(desk, "user:bob"), [child.uid], BLOCKED_BY, epic.uid)

    with pytest.raises(errors.Refused, match="would wait for itself"):
        undoing.undo_last(desk)


@pytest.mark.parametrize("tie", ["parent", "blocked_by"])
def test_a_ticket_is_not_open_again_under_what_was_closed_as_done_since(desk: memory.Memory, tie: str) -> None:
    upper, lower = room.open_some(desk, "feature", "task")
    if tie == "parent":
        edited(desk, lower.uid, parent=upper.id)
    else:
        linking.link_many(desk, [upper.uid], BLOCKED_BY, lower.uid)
    closing.close_many(desk, [lower.uid])
    closing.close_many(room.of(desk, "user:bob"), [upper.uid])

    with pytest.raises(
        errors.Refused, match="user:bob closed FEAT-2026-001, which waited for it, as done since"
    ) as refused:
        undoing.undo_last(desk)

    assert refused.value.hint.startswith("tickety reopen FEAT-2026-001")
    closing.reopen_many(room.of(desk, "user:bob"), [upper.uid])
    assert undoing.undo_last(desk)[0].after.status == "open"


def test_a_ticket_is_not_closed_again_over_what_was_opened_since(desk: memory.Memory) -> None:
    upper, lower = room.open_some(desk, "feature", "task")
    linking.link_many(desk, [upper.uid], BLOCKED_BY, lower.uid)
    closing.close_many(desk, [lower.uid])
    closing.close_many(desk, [upper.uid])
    closing.reopen_many(desk, [upper.uid])
    closing.reopen_many(room.of(desk, "user:bob"), [lower.uid])

    with pytest.raises(
        errors.Refused, match="FEAT-2026-001 cannot be closed as done again: it waits for TASK-2026-001"
    ):
        undoing.undo_last(desk)


def test_an_epic_is_not_unmade_over_somebody_elses_open_child(desk: memory.Memory) -> None:
    (child,) = room.open_some(desk, "task")
    request = opening.Request("The whole", "user:ada", "user", type="epic")
    epic = intake.open_ticket(desk, intake.prepare(desk, request))
    bob = room.of(desk, "user:bob")
    edited(bob, child.uid, parent=epic.id)

    with pytest.raises(errors.Refused, match=f"{child.id} hangs under it") as refused:
        undoing.undo_last(desk)

    assert refused.value.hint == f"tickety epic remove {child.id}, then try again"
    edited(bob, child.uid, parent=None)
    assert undoing.undo_last(desk)[0].after.archived


# Whatever one person does, in whatever order.

Verb = Callable[[memory.Memory, list[str]], object]
VERBS: list[Verb] = [
    lambda desk, uids: edited(desk, uids[0], title="One"),
    lambda desk, uids: edited(desk, *uids, priority="low", due_at="2027-01-01T00:00:00Z"),
    lambda desk, uids: edits.tag_many(desk, uids[:2], ["a"], ["b"]),
    lambda desk, uids: edited(desk, uids[1], uids[2], parent=desk.store.load(uids[0]).id),
    lambda desk, uids: edited(desk, uids[1], parent=None),
    lambda desk, uids: linking.link_many(desk, uids[:1], BLOCKED_BY, uids[1]),
    lambda desk, uids: linking.link_many(desk, uids[1:2], BLOCKED_BY, uids[2]),
    lambda desk, uids: linking.unlink_many(desk, uids[:1], None, uids[1]),
    closing.close_many,
    lambda desk, uids: closing.close_many(desk, uids[1:]),
    lambda desk, uids: closing.close_many(desk, uids[:1]),
    lambda desk, uids: closing.close_many(desk, uids[2:], closing.Ending(original=uids[0])),
    lambda desk, uids: closing.reopen_many(desk, uids[1:2]),
    lambda desk, uids: closing.reopen_many(desk, uids[2:]),
    lambda desk, uids: closing.reopen_many(desk, uids[:1]),
    lambda desk, uids: blocking.block_many(desk, uids[:1], "the vendor"),
    lambda desk, uids: blocking.unblock_many(desk, uids[:1]),
    lambda desk, uids: archiving.archive_many(desk, uids[1:2]),
    lambda desk, _: builders.open_one(desk.store, kind="doc"),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(range(len(VERBS))), max_size=10))
@pytest.mark.slow
def test_everything_one_person_did_is_undone_and_done_again(
    tmp_path_factory: pytest.TempPathFactory, picked: list[int]
) -> None:
    desk = room.memory_in(tmp_path_factory.mktemp("store"))
    uids = [one.uid for one in room.open_some(desk, "epic", "bug", "task")]
    states = [everything(desk, uids)]
    for index in picked:
        states += _done(desk, uids, VERBS[index])

    for state in reversed(states[:-1]):
        undoing.undo_last(desk)
        assert everything(desk, uids) == state
    for state in states[1:]:
        undoing.redo_last(desk)
        assert everything(desk, uids) == state
    assert list(desk.store.examine()) == []
    desk.store.close()


def _done(desk: memory.Memory, uids: list[str], verb: Verb) -> list[list[dict[str, object]]]:
    """The state after a verb, when it was a command that left an event."""
    before = desk.store.commands(desk.principal, 1)
    try:
        verb(desk, uids)
    except errors.Refused:
        return []
    return [everything(desk, uids)] if desk.store.commands(desk.principal, 1) != before else []


class Interrupting(builders.HandClock):
    """A clock at whose next look something happens first."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = [happens]

    def now(self) -> datetime:
        if self._happens:
            self._happens.pop()()
        return super().now()


def test_of_two_undos_at_once_each_takes_back_a_command_of_its_own(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    edited(desk, one.uid, title="The first")
    edited(desk, one.uid, title="The second")
    slow = replace(desk, clock=Interrupting(lambda: undoing.undo_last(desk)))

    undoing.undo_last(slow)

    assert desk.store.load(one.uid).title == one.title
    taken_back = [event.causation for event in desk.store.log(one.uid) if event.type == "ticket.reverted"]
    assert len(set(taken_back)) == len(taken_back) == 2
