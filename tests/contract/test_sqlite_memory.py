"""What a SQLite store keeps in mind between changes is never other than what its file says."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec  # noqa: F401 - so that it is there
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import builders
from tickety import store
from tickety.core import document, errors, events, ticket
from tickety.stores import rows, sqlite

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab$", max_size=2), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickety" / "tickety.db"


@pytest.fixture
def kept(path: Path) -> Iterator[sqlite.SqliteStore]:
    opened = sqlite.SqliteStore(str(path))
    yield opened
    opened.close()


@pytest.fixture
def neighbour(path: Path) -> Iterator[sqlite.SqliteStore]:
    """Another process's store on the same file."""
    opened = sqlite.SqliteStore(str(path))
    yield opened
    opened.close()


def titled(title: str) -> events.Draft:
    return events.Draft("ticket.edited", {"changes": {"title": {"from": None, "to": title}}})


def test_what_somebody_else_changed_is_seen_inside_and_outside_of_a_change(
    kept: sqlite.SqliteStore, neighbour: sqlite.SqliteStore
) -> None:
    uid = builders.open_one(kept).uid
    for title in ("first", "second"):
        builders.append(neighbour, uid, [titled(title)])

        assert kept.load(uid).title == title
        assert kept.change(builders.author(), lambda transaction: transaction.load(uid).title) == title


def test_the_next_change_goes_on_from_what_somebody_else_left(
    kept: sqlite.SqliteStore, neighbour: sqlite.SqliteStore
) -> None:
    uid = builders.open_one(kept).uid
    for _ in range(3):
        builders.append(neighbour, uid, [titled("theirs")])
        builders.append(kept, uid, [titled("ours")])

    assert [event.n for event in kept.log(uid)] == list(range(1, 8))
    assert kept.load(uid) == neighbour.load(uid)
    assert not list(kept.examine())


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_nothing_of_a_change_that_failed_is_kept_in_mind(kept: sqlite.SqliteStore, is_looked_at: bool) -> None:  # noqa: FBT001 - a parameter
    uid = builders.open_one(kept).uid
    before = kept.load(uid)

    def fail(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(uid), [titled("never")])
        if is_looked_at:
            transaction.unfinished(uid)
            kept.load(uid)
        raise errors.Refused("no", "do something else")

    with pytest.raises(errors.Refused):
        kept.change(builders.author(), fail)

    assert kept.load(uid) == before
    assert builders.append(kept, uid, [titled("after")]).version == 2


def test_a_part_that_was_refused_leaves_the_log_without_a_gap(kept: sqlite.SqliteStore) -> None:
    one, two = (builders.open_one(kept).uid for _ in range(2))

    def refused(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(one), [titled("never")])
        transaction.unfinished(one)
        raise errors.Refused("no", "do something else")

    def work(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(one), [titled("before")])
        with pytest.raises(errors.Refused):
            transaction.tried(lambda: refused(transaction))
        transaction.append(transaction.load(two), [titled("after")])

    heard: list[int] = []
    kept.subscribe(lambda event: heard.append(event.seq))
    kept.change(builders.author(), work)

    assert heard == [3, 4]
    assert [event.seq for event in kept.since(0, 9)] == [1, 2, 3, 4]
    assert [kept.load(uid).title for uid in (one, two)] == ["before", "after"]
    assert not list(kept.examine())


def test_a_kind_of_event_whose_first_one_was_refused_is_noted_with_its_next(kept: sqlite.SqliteStore) -> None:
    uid = builders.open_one(kept).uid

    def vote(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(uid), [events.Draft("ticket.voted", {"votes": 1})])

    def refused(transaction: store.Transaction) -> None:
        vote(transaction)
        transaction.unfinished(uid)
        raise errors.Refused("no", "do something else")

    def work(transaction: store.Transaction) -> None:
        with pytest.raises(errors.Refused):
            transaction.tried(lambda: refused(transaction))
        vote(transaction)

    kept.change(builders.author(), work)

    assert not list(kept.examine())
    assert kept.load(uid).metadata["user_votes"] == 1


def test_alarms_follow_from_their_grounds_alone() -> None:
    states = [builders.opened(priority="critical"), builders.opened(kind="doc")]
    for happened in (
        [events.Draft("ticket.blocked", {"blocker": "the vendor"})],
        [events.Draft("ticket.unblocked")],
        [builders.edited(note=1)],
        [events.Draft("ticket.closed", {"resolution": "done"})],
        [events.Draft("ticket.reopened")],
    ):
        states += [builders.after(state, happened) for state in states[-2:]]
    states += [builders.started(states[0], "diagnose"), builders.done(states[0], "diagnose")]

    alike = [(one, two) for one in states for two in states if rows.alarm_grounds(one) == rows.alarm_grounds(two)]

    assert len(alike) > len(states)
    assert all(rows.alarms_of(one) == rows.alarms_of(two) for one, two in alike)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), ANY_JSON, max_size=4))
def test_a_ticket_is_written_alike_with_and_without_msgspec(said: dict[str, object]) -> None:
    subject = builders.reported(builders.started(builders.opened(metadata=said), "diagnose"), "diagnose")
    quick, plain = (_written(subject, is_quick=is_quick) for is_quick in (True, False))

    assert json.loads(quick) == json.loads(plain)
    assert document.to_ticket(json.loads(quick)) == subject


def _written(subject: ticket.Ticket, *, is_quick: bool) -> str:
    loaded = sys.modules["msgspec"]
    if not is_quick:
        del sys.modules["msgspec"]
    try:
        return str(rows.from_ticket(subject, lambda _digest, _body: None)["document"])
    finally:
        sys.modules["msgspec"] = loaded
