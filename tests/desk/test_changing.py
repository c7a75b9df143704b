"""One command over many tickets: all of it or nothing, and told ahead by a dry run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import room
from tickety.core import errors
from tickety.desk import archiving, blocking, closing, commenting, memory
from tickety.desk import editing as edits


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[memory.Memory]:
    opened = room.memory_in(tmp_path)
    yield opened
    opened.store.close()


def test_a_dry_run_tells_what_would_be_and_stores_nothing(desk: memory.Memory) -> None:
    uids = [one.uid for one in room.open_some(desk, "bug", "doc")]

    changed = closing.close_many(desk, uids, dry_run=True)

    assert [(one.before.is_closed, one.after.is_closed) for one in changed] == [(False, True)] * 2
    assert [len(desk.store.log(uid)) for uid in uids] == [1, 1]


def test_what_is_so_already_leaves_no_event(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug", tags=["ui"])

    for changed in (
        edits.tag_many(desk, [one.uid], ["ui"], ["auth"]),
        edits.assign_many(desk, [one.uid], one.assignee),
        blocking.unblock_many(desk, [one.uid]),
        archiving.unarchive_many(desk, [one.uid]),
        closing.reopen_many(desk, [one.uid]),
    ):
        assert changed[0].is_same
    assert len(desk.store.log(one.uid)) == 1


def test_every_comment_has_an_id_of_its_own(desk: memory.Memory) -> None:
    uids = [one.uid for one in room.open_some(desk, "bug", "doc")]
    for _ in range(2):
        commenting.comment_many(desk, uids, commenting.Words("  so\x1b[31m ", "import:stdin"))

    said = [comment for uid in uids for comment in desk.store.load(uid).comments]
    assert len({comment.id for comment in said}) == 4
    assert {(comment.text, comment.origin) for comment in said} == {("so", "import:stdin")}


def test_nobody_works_on_what_is_blocked(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")

    (blocked,) = blocking.block_many(desk, [one.uid], "the vendor\nhas to answer")
    assert blocked.after.blocker == "the vendor has to answer"
    assert desk.store.work(one.uid) == ()

    blocking.unblock_many(desk, [one.uid])
    assert len(desk.store.work(one.uid)) == 1


def test_an_archived_ticket_takes_no_comment_and_no_edit_until_it_is_brought_back(desk: memory.Memory) -> None:
    (one,) = room.open_some(desk, "bug")
    closing.close_many(desk, [one.uid])
    archiving.archive_many(desk, [one.uid])

    with pytest.raises(errors.Refused, match="is archived"):
        commenting.comment_many(desk, [one.uid], commenting.Words("so", "user"))

    archiving.unarchive_many(desk, [one.uid])
    assert edits.assign_many(desk, [one.uid], None)[0].after.assignee is None
