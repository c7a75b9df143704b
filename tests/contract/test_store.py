"""What every implementation of the store port promises. A new one is added to ``houses.HOUSES`` and runs all of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.contract.houses import House
from tickety import store
from tickety.core import document, errors, events, ids, query, ticket

TURN = builders.NOW.timestamp()
LONG = "ä line of words\n" * 6_000  # 102,000 bytes, 96,000 letters


def everything(kept: store.Store) -> tuple[object, ...]:
    """All that a reader can see."""
    page = kept.page(query.EVERYTHING, 1000, None, whole=True)
    return page, kept.work(None), [kept.log(shown["uid"]) for shown in page.documents]


# Opening, appending, the log.


def test_a_ticket_that_is_not_there_is_not_found(kept: store.Store) -> None:
    builders.open_one(kept)

    for look in (kept.load, kept.document):
        with pytest.raises(errors.NotFound, match="nobody"):
            look("nobody")
    with pytest.raises(errors.NotFound, match="nobody"):
        kept.change(builders.author(), lambda transaction: transaction.load("nobody"))
    assert kept.log("nobody") == ()


# Numbers and commands.


def test_the_same_command_twice_opens_one_ticket(kept: store.Store, house: House) -> None:
    first = builders.open_one(kept, command_id="command-1")

    assert builders.open_one(house(), command_id="command-1") == first
    assert builders.open_one(kept, command_id="command-2") != first
    assert len(kept.page(query.EVERYTHING, 10, None, whole=False).rows) == 2


def test_an_id_that_is_taken_is_not_given_to_another_ticket(kept: store.Store) -> None:
    builders.open_one(kept)

    with pytest.raises(errors.TicketyError):
        kept.change(
            builders.author(), lambda transaction: transaction.open("another", builders.opening("BUG-2026-001"))
        )

    assert len(kept.page(query.EVERYTHING, 10, None, whole=False).rows) == 1


# Finding.


def found(kept: store.Store, typed: str, this_year: int = builders.YEAR) -> list[str]:
    return [ticket_id for _, ticket_id in kept.find(ids.parse_reference(typed), this_year)]


def test_a_ticket_is_found_by_as_much_of_its_id_as_is_needed(kept: store.Store) -> None:
    for kind in ("bug", "feature", "bug"):
        builders.open_one(kept, kind=kind)

    assert found(kept, "BUG-2026-001") == found(kept, "bug-1") == ["BUG-2026-001"]
    assert found(kept, "2") == found(kept, "BUG-002") == ["BUG-2026-002"]
    assert found(kept, "1") == ["BUG-2026-001", "FEAT-2026-001"]
    assert found(kept, "FEAT-2") == found(kept, "3") == found(kept, "QA-1") == []


def test_a_number_alone_means_this_year_and_never_the_end_of_another_number(kept: store.Store) -> None:
    uid = builders.new_uid()
    kept.change(builders.author(), lambda transaction: transaction.open(uid, builders.opening("BUG-2025-112")))

    assert found(kept, "112", 2025) == ["BUG-2025-112"]
    assert found(kept, "112") == found(kept, "12", 2025) == found(kept, "BUG-112") == []
    assert kept.find(ids.parse_reference("BUG-2025-112"), builders.YEAR) == ((uid, "BUG-2025-112"),)


# Pages.


def ladder(kept: store.Store) -> list[str]:
    """Twelve tickets in a confused order; their ids as a page should have them."""
    opened: list[tuple[int, str, str]] = []
    for index in range(12):
        priority = ("low", "critical", "medium", "high")[index % 4]
        at = f"2026-11-{22 - index % 3:02}T09:00:00Z"
        subject = builders.open_one(kept, priority=priority, at=at, kind=("bug", "feature")[index % 2])
        opened.append((subject.priority.rank, at, subject.id))
    return [name for *_, name in sorted(opened)]


def turn(kept: store.Store, limit: int, *, whole: bool) -> Iterator[list[str]]:
    """The ids on each page, to the end."""
    cursor: str | None = None
    while True:
        page = kept.page(query.EVERYTHING, limit, cursor, whole=whole)
        yield [row.id for row in page.rows] + [shown["id"] for shown in page.documents]
        if page.cursor is None:
            return
        cursor = page.cursor


def test_a_page_has_the_most_important_first_and_of_those_the_oldest(kept: store.Store) -> None:
    wanted = ladder(kept)

    assert list(turn(kept, 100, whole=False)) == [wanted]


@pytest.mark.parametrize("whole", [False, True], ids=["rows", "documents"])
@pytest.mark.parametrize("limit", [1, 5, 6, 11, 12, 13])
def test_turning_the_pages_shows_every_ticket_once_and_ends(kept: store.Store, limit: int, *, whole: bool) -> None:
    wanted = ladder(kept)

    pages = list(turn(kept, limit, whole=whole))

    assert [name for page in pages for name in page] == wanted
    assert all(len(page) == limit for page in pages[:-1])
    assert pages[-1]


def test_a_cursor_stays_true_while_tickets_come_and_change(kept: store.Store) -> None:
    wanted = ladder(kept)
    first = kept.page(query.EVERYTHING, 6, None, whole=False)

    builders.open_one(kept, priority="critical", at="2026-11-01T09:00:00Z")
    builders.append(kept, kept.find(ids.parse_reference(wanted[8]), builders.YEAR)[0][0], [builders.edited(a=1)])
    second = kept.page(query.EVERYTHING, 100, first.cursor, whole=False)

    assert [row.id for row in (*first.rows, *second.rows)] == wanted


def test_a_page_shows_only_the_statuses_asked_for(kept: store.Store) -> None:
    uids = [builders.open_one(kept).uid for _ in range(4)]
    builders.append(kept, uids[1], [events.Draft("ticket.started", {"branch": "b", "base": "c", "target": None})])
    builders.append(kept, uids[2], [events.Draft("ticket.blocked", {"blocker": "it rains"})])
    builders.append(kept, uids[3], [events.Draft("ticket.closed", {"resolution": "done"})])

    def shown(*statuses: str) -> list[str]:
        return [row.id for row in kept.page(builders.of_status(*statuses), 10, None, whole=False).rows]

    assert [shown(status) for status in ticket.Status] == [[f"BUG-2026-00{number}"] for number in (1, 2, 3, 4)]
    assert shown("open", "closed") == ["BUG-2026-001", "BUG-2026-004"]
    assert shown() == []


def test_a_row_says_what_a_list_shows(kept: store.Store) -> None:
    uid = builders.open_one(kept, title="It fails").uid
    builders.append(kept, uid, [events.Draft("ticket.blocked", {"blocker": "it rains"})], at="2026-11-22T10:00:00Z")

    (row,) = kept.page(builders.of_status("blocked"), 10, None, whole=False).rows

    assert row == store.Row(
        "BUG-2026-001", "bug", "It fails", "blocked", "high", "2026-11-22T10:00:00Z", None, "it rains",
        due_at="2026-11-23T09:00:00Z",
    )  # fmt: skip


def test_a_row_says_what_its_ticket_waits_for(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    builders.start(kept, uid, "diagnose")
    builders.append(kept, uid, [events.Draft("step.waiting", {"step": "diagnose", "reason": "which module?"}, 1)])

    (row,) = kept.page(query.EVERYTHING, 10, None, whole=False).rows

    assert row.waiting_for == "which module?"


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "1", "1|", "1|2026-11-22T09:00:00Z", "x|2026-11-22T09:00:00Z|BUG-2026-001"]
)
def test_what_is_no_cursor_is_refused(kept: store.Store, cursor: str) -> None:
    builders.open_one(kept)

    with pytest.raises(errors.Usage, match="is not a cursor"):
        kept.page(query.EVERYTHING, 10, cursor, whole=False)


# Work.


# Claims.


def test_a_document_tells_until_when_its_running_steps_are_held(kept: store.Store) -> None:
    subject = builders.open_one(kept)
    builders.start(kept, subject.uid, "diagnose", lease_until=1_795_338_060.0)

    shown = kept.document(subject.uid)

    assert [step["lease_until"] for step in shown["orchestration"]["steps"]] == ["2026-11-22T09:01:00Z", None, None]
    assert document.to_ticket(shown) == kept.load(subject.uid)


# Long and strange texts.


def test_a_long_text_survives_in_the_ticket_the_log_the_document_and_the_page(kept: store.Store, house: House) -> None:
    uid = builders.open_one(kept, description=LONG, metadata={"output": [LONG, LONG + "!"]}).uid
    reader = house()

    assert kept.load(uid).description == reader.load(uid).description == LONG
    assert reader.document(uid)["metadata"] == {"output": [LONG, LONG + "!"]}
    assert reader.log(uid)[0].data["description"] == LONG
    assert reader.page(builders.of_status("open"), 1, None, whole=True).documents[0]["description"] == LONG


def test_a_long_text_outlives_the_change_that_failed_with_it(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid

    def fail(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(uid), [builders.edited(output=LONG)])
        raise KeyError

    with pytest.raises(KeyError):
        kept.change(builders.author(), fail)
    builders.append(kept, uid, [builders.edited(output=LONG)])

    assert kept.load(uid).metadata == {"output": LONG}


REFERENCES = st.sampled_from(("$long_text", "$$long_text", "$$$long_text", "long_text", "$", "a"))
STRANGE = st.recursive(
    st.none() | st.text(st.characters(codec="utf-8"), max_size=5) | st.integers() | REFERENCES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(REFERENCES, inner, max_size=2),
    max_leaves=5,
)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(REFERENCES, STRANGE, max_size=3))
def test_whatever_an_agent_says_it_is_kept_as_said_and_never_taken_for_the_stores_own_marks(
    kept: store.Store, said: dict[str, object]
) -> None:
    uid = builders.open_one(kept, metadata={"said": said}).uid

    assert kept.load(uid).metadata == {"said": said}
    assert kept.log(uid)[0].data["metadata"] == {"said": said}
    assert kept.document(uid)["metadata"] == {"said": said}
    assert json.loads(json.dumps(kept.document(uid)))["metadata"] == {"said": said}


# Failing, and hearing.


def test_a_change_that_fails_leaves_nothing_behind(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    builders.start(kept, uid, "diagnose")
    before = everything(kept)

    def fail(transaction: store.Transaction) -> None:
        transaction.open(
            builders.new_uid(), builders.opening(ids.format_id("BUG", 2026, transaction.take_number("BUG", 2026)))
        )
        transaction.append(transaction.load(uid), [builders.edited(a=1)])
        transaction.claim(builders.claim(uid, attempt=9))
        raise errors.Refused("no")

    with pytest.raises(errors.Refused, match="no"):
        kept.change(builders.author("failed"), fail)

    assert everything(kept) == before
    assert kept.change(builders.author(), lambda transaction: transaction.opened_by("failed")) is None
    assert builders.open_one(kept).id == "BUG-2026-002"


def test_a_transaction_reads_what_it_has_written_and_nobody_else_does(kept: store.Store, house: House) -> None:
    uid = builders.open_one(kept).uid
    reader = house()

    def work(transaction: store.Transaction) -> tuple[object, object]:
        transaction.append(transaction.load(uid), [builders.edited(a=1)])
        return transaction.load(uid).metadata, reader.load(uid).metadata

    assert kept.change(builders.author(), work) == ({"a": 1}, {})


# Before the first change, and after the last.


def test_a_store_that_was_never_written_reads_as_empty(kept: store.Store) -> None:
    assert kept.page(query.EVERYTHING, 10, None, whole=False) == store.Page((), (), None)
    assert kept.page(query.EVERYTHING, 10, None, whole=True) == store.Page((), (), None)
    assert (kept.work(None), kept.log("nobody"), kept.find(ids.Reference(1), builders.YEAR)) == ((), (), ())
    assert kept.claim_of("token") is None
    with pytest.raises(errors.NotFound):
        kept.load("nobody")


def test_a_claim_in_a_store_that_was_never_written_is_nobodys(kept: store.Store) -> None:
    assert not kept.renew(builders.claim("nobody"))


def test_reading_a_store_that_was_never_written_makes_nothing(kept: store.Store, tmp_path: Path) -> None:
    kept.page(query.EVERYTHING, 10, None, whole=False)
    kept.work(None)

    assert list(tmp_path.iterdir()) == []


def test_a_store_that_was_closed_can_be_used_again(kept: store.Store) -> None:
    opened = builders.open_one(kept)

    kept.close()
    kept.close()

    assert kept.load(opened.uid) == opened
    assert builders.open_one(kept).id == "BUG-2026-002"
