"""Endings of attempts that ran side by side, recorded in whatever order their workers wake up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.process import workroom
from tickety import store
from tickety.core import errors, report, ticket, verdict
from tickety.desk import branches, dispatch, reporting

SAID = report.Report(report.Status.PASSED, "done")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[workroom.Room]:
    with workroom.open_room(tmp_path, workroom.PASSES) as made:
        yield made


def begin(room: workroom.Room, *steps: ticket.Step) -> dict[str, dispatch.Attempt]:
    """Attempts of all these steps, by step; none of them has ended."""
    uid = room.open(*steps)
    begun = [builders.open_attempt(room.desk, work) for work in room.desk.store.work(uid)]
    return {attempt.step.name: attempt for attempt in begun if attempt}


def ending(room: workroom.Room, attempt: dispatch.Attempt, path: str, words: str = "x") -> reporting.Ending:
    """The end of an attempt that wrote a file, joined with nothing."""
    spaces = room.desk.workspaces
    place = spaces.take(branches.key(attempt.ticket), "work", attempt.head, dispatch.holder(attempt))
    (place.path / path).write_text(words)
    commit = spaces.commit(place, spaces.snapshot(place), attempt.step.name)
    account = reporting.Account(attempt.step.agent, SAID, (), "finished")
    return reporting.Ending(room.desk, attempt, account, verdict.Outcome(SAID.status, SAID.summary), commit)


def record(room: workroom.Room, *ends: reporting.Ending) -> ticket.Ticket:
    """The ticket after these, each in a transaction of its own."""
    for end in ends:
        room.desk.store.change(room.desk.author(), end.record)
    return room.desk.store.load(ends[0].attempt.ticket.uid)


def test_what_was_joined_with_an_older_head_is_joined_once_more(room: workroom.Room) -> None:
    begun = begin(room, workroom.writes("one"), workroom.writes("two"))

    subject = record(room, ending(room, begun["two"], "b"), ending(room, begun["one"], "a"))

    assert [step.state.value for step in subject.orchestration.steps] == ["passed", "passed"]
    assert room.desk.workspaces.branch_head(subject.branch or "") == subject.head
    assert {"a", "b"} <= set(room.desk.workspaces.tree_at(subject.head or "").paths)


def test_what_contradicts_the_newer_head_moves_nothing(room: workroom.Room) -> None:
    begun = begin(room, workroom.writes("one"), workroom.writes("two"))
    first = record(room, ending(room, begun["two"], "file", "mine\n"))

    subject = record(room, ending(room, begun["one"], "file", "yours\n"))

    assert subject.head == first.head == room.desk.workspaces.branch_head(subject.branch or "")
    step = subject.orchestration.step("one")
    assert (step.state, step.breaks, step.commit) == (ticket.State.READY, 1, None)
    assert subject.agent_updates[-1].stop_reason == verdict.CONFLICT


def test_what_was_proved_on_an_older_head_is_made_again(room: workroom.Room) -> None:
    begun = begin(room, workroom.writes("one", receipts=(("true",),)), workroom.writes("two"))

    subject = record(room, ending(room, begun["two"], "b"), ending(room, begun["one"], "a"))

    assert subject.orchestration.step("one").state is ticket.State.READY
    assert "a" not in room.desk.workspaces.tree_at(subject.head or "").paths


def test_two_ends_in_one_transaction_follow_each_other(room: workroom.Room) -> None:
    begun = begin(room, workroom.writes("one"), workroom.writes("two"))
    ends = [ending(room, begun["one"], "a"), ending(room, begun["two"], "b")]

    def record_both(transaction: store.Transaction) -> None:
        for end in ends:
            end.record(transaction)

    room.desk.store.change(room.desk.author(), record_both)

    subject = room.desk.store.load(begun["one"].ticket.uid)
    assert {"a", "b"} <= set(room.desk.workspaces.tree_at(subject.head or "").paths)


def test_a_move_that_was_never_recorded_is_taken_back_before_a_sibling_is_joined(room: workroom.Room) -> None:
    begun = begin(room, workroom.writes("one"), workroom.writes("two"))
    lost = ending(room, begun["one"], "a")
    room.desk.workspaces.keep(branches.attempt_ref(lost.attempt.ticket, "one", 1), lost.commit or "")
    room.desk.workspaces.move_branch(lost.attempt.ticket.branch or "", lost.commit or "", lost.attempt.head)

    subject = record(room, ending(room, begun["two"], "b"))

    assert "a" not in room.desk.workspaces.tree_at(subject.head or "").paths
    assert room.desk.workspaces.branch_head(subject.branch or "") == subject.head


def test_a_branch_that_somebody_else_moved_is_not_joined_with(room: workroom.Room) -> None:
    begun = begin(room, workroom.writes("one"), workroom.writes("two"))
    branch = begun["one"].ticket.branch
    theirs = room.house.git("commit-tree", "main^{tree}", "-p", "main", "-m", "by hand").strip()
    room.house.git("update-ref", f"refs/heads/{branch}", theirs)

    with pytest.raises(errors.Refused, match="was moved while the step ran"):
        record(room, ending(room, begun["two"], "b"))

    assert room.desk.workspaces.branch_head(branch or "") == theirs
