"""What every implementation of the store port promises. A new one is added to ``houses.HOUSES`` and runs all of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.contract.houses import House
from tickety import store
from tickety.core import document, errors, events, history, ids, lifecycle, query, ticket, verdict

TURN = builders.NOW.timestamp()
LONG = "ä line of words\n" * 6_000  # 102,000 bytes, 96,000 letters


def everything(kept: store.Store) -> tuple[object, ...]:
    """All that a reader can see."""
    page = kept.page(query.EVERYTHING, 1000, None, whole=True)
    return page, kept.work(None), [kept.log(shown["uid"]) for shown in page.documents]


# Opening, appending, the log.


def test_a_ticket_that_was_opened_is_there_as_it_was_opened(kept: store.Store, house: House) -> None:
    opened = builders.open_one(
        kept, title="It fails", tags=["cli"], metadata={"votes": 3, "seen": [None, 1.5, {"a": "ä"}]}
    )

    assert (opened.id, opened.title, opened.tags, opened.version) == ("BUG-2026-001", "It fails", ("cli",), 1)
    assert kept.load(opened.uid) == house().load(opened.uid) == opened


def test_a_change_is_seen_by_whoever_looks_next(kept: store.Store, house: House) -> None:
    reader = house()
    uid = builders.open_one(kept).uid
    assert reader.load(uid).metadata == {}

    builders.append(kept, uid, [builders.edited(votes=1)])

    assert reader.load(uid).metadata == {"votes": 1}


def test_what_a_change_answers_is_handed_back(kept: store.Store) -> None:
    assert kept.change(builders.author(), lambda _: "answer") == "answer"


def test_a_ticket_after_events_is_the_ticket_before_with_the_events_applied(kept: store.Store) -> None:
    opened = builders.open_one(kept)
    drafts = [builders.edited(a=1), *lifecycle.start_step(opened, "diagnose", builders.holder(builders.WORKER))]

    after = builders.append(kept, opened.uid, drafts)

    assert after == kept.load(opened.uid) == builders.after(opened, drafts)


def test_the_log_numbers_a_tickets_events_without_a_gap(kept: store.Store) -> None:
    one, other = builders.open_one(kept), builders.open_one(kept)
    for count in range(5):
        builders.append(kept, one.uid, [builders.edited(count=count)] * 2)
        builders.append(kept, other.uid, [builders.edited(count=count)])

    assert [event.n for event in kept.log(one.uid)] == list(range(1, 12))
    assert [event.n for event in kept.log(other.uid)] == list(range(1, 7))


def test_the_stores_whole_log_has_one_order(kept: store.Store) -> None:
    one, other = builders.open_one(kept), builders.open_one(kept)
    builders.append(kept, other.uid, [builders.edited(a=1)])
    builders.append(kept, one.uid, [builders.edited(a=1), builders.edited(b=1)])

    whole = sorted((*kept.log(one.uid), *kept.log(other.uid)), key=lambda event: event.seq)

    assert [(event.ticket_uid, event.n) for event in whole] == [
        (one.uid, 1), (other.uid, 1), (other.uid, 2), (one.uid, 2), (one.uid, 3)
    ]  # fmt: skip
    assert len({event.seq for event in whole}) == 5
    assert whole[0].seq > 0


def test_an_event_says_who_did_what_when_and_as_part_of_which_command(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    author = builders.author("command-1", by="user:bob", at="2026-11-22T10:00:00Z")
    draft = events.Draft("ticket.voted", {"votes": 2}, 7)

    kept.change(author, lambda transaction: transaction.append(transaction.load(uid), [draft]))

    event = kept.log(uid)[-1]
    assert event.as_json() == {
        "seq": event.seq, "ticket_uid": uid, "n": 2, "type": "ticket.voted", "v": 1, "at": "2026-11-22T10:00:00Z",
        "by": "user:bob", "command_id": "command-1", "causation": None, "attempt": 7, "data": {"votes": 2},
    }  # fmt: skip


def test_folding_the_log_gives_the_ticket_that_is_kept(kept: store.Store) -> None:
    subject = builders.open_one(kept)
    for step in ("diagnose", "fix", "test"):
        builders.start(kept, subject.uid, step)
        running = kept.load(subject.uid)
        builders.append(
            kept, subject.uid, verdict.follow(running, builders.end(running, step, commit="c"), builders.NOW)
        )

    folded = None
    for event in kept.log(subject.uid):
        folded = history.apply(folded, event)

    assert folded == kept.load(subject.uid)
    assert folded is not None
    assert folded.status is ticket.Status.CLOSED


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


def test_a_command_that_only_changed_a_ticket_opened_none(kept: store.Store) -> None:
    uid = builders.open_one(kept, command_id="opened").uid
    kept.change(
        builders.author("edited"), lambda transaction: transaction.append(transaction.load(uid), [builders.edited(a=1)])
    )

    def asked(transaction: store.Transaction) -> list[str | None]:
        return [transaction.opened_by(command) for command in ("opened", "edited", "unheard-of")]

    assert kept.change(builders.author(), asked) == [uid, None, None]


def test_numbers_are_counted_by_prefix_and_year(kept: store.Store) -> None:
    def taken(prefix: str, year: int) -> int:
        return kept.change(builders.author(), lambda transaction: transaction.take_number(prefix, year))

    assert [taken("BUG", 2026), taken("BUG", 2026), taken("FEAT", 2026)] == [1, 2, 1]
    assert [taken("BUG", 2027), taken("BUG", 2026), taken("FEAT", 2026)] == [1, 3, 2]


def test_two_connections_never_get_the_same_number(kept: store.Store, house: House) -> None:
    other = house()

    opened = [builders.open_one(one).id for _ in range(5) for one in (kept, other)]

    assert opened == [f"BUG-2026-{number:03}" for number in range(1, 11)]


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


def test_the_steps_that_are_ready_are_work_and_the_others_are_not(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid

    assert kept.work(None) == (store.Work(uid, "diagnose", "Research Agent", None, TURN),)


def test_work_comes_by_priority_and_then_by_age(kept: store.Store) -> None:
    uids = {
        name: builders.open_one(kept, priority=priority, at=f"2026-11-22T{hour}:00:00Z").uid
        for name, priority, hour in [
            ("d", "low", "07"),
            ("c", "high", "09"),
            ("b", "high", "08"),
            ("a", "critical", "10"),
        ]
    }

    assert [work.ticket_uid for work in kept.work(None)] == [uids[name] for name in "abcd"]


def test_work_can_be_asked_for_of_one_ticket(kept: store.Store) -> None:
    one, other = builders.open_one(kept).uid, builders.open_one(kept).uid

    assert [work.ticket_uid for work in kept.work(other)] == [other]
    assert [work.ticket_uid for work in kept.work(one)] == [one]
    assert kept.work("nobody") == ()


def test_a_running_step_is_work_under_its_claim(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    held = builders.start(kept, uid, "diagnose")

    assert kept.work(uid) == (store.Work(uid, "diagnose", "Research Agent", held, TURN),)


@pytest.mark.parametrize(
    "draft",
    [
        events.Draft("step.failed", {"step": "diagnose", "reason": "no"}, 1),
        events.Draft("step.waiting", {"step": "diagnose", "reason": "what?"}, 1),
        events.Draft("ticket.closed", {"resolution": "wont_fix"}),
    ],
    ids=lambda draft: draft.type,
)
def test_a_ticket_that_stands_still_is_no_work(kept: store.Store, draft: events.Draft) -> None:
    uid = builders.open_one(kept).uid
    builders.start(kept, uid, "diagnose")

    builders.append(kept, uid, [draft])

    assert kept.work(None) == ()


@pytest.mark.parametrize("kind", ["ticket.blocked", "ticket.paused"])
def test_what_is_stopped_begins_nothing_but_what_runs_is_work_still(kept: store.Store, kind: str) -> None:
    words = {"blocker": "it rains", "reason": "it rains"}
    idle, busy = builders.open_one(kept).uid, builders.open_one(kept).uid
    builders.start(kept, busy, "diagnose")

    for uid in (idle, busy):
        builders.append(kept, uid, [events.Draft(kind, words)])

    assert [work.ticket_uid for work in kept.work(None)] == [busy]


def test_a_step_that_passed_makes_work_of_the_next(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    builders.start(kept, uid, "diagnose")

    passed: dict[str, object] = {"step": "diagnose", "commit": None, "outputs": {}, "signals": []}
    builders.append(kept, uid, [events.Draft("step.passed", passed, 1)])

    assert [(work.step, work.role) for work in kept.work(None)] == [("fix", "Engineer Agent")]


# Claims.


def test_a_claim_is_found_by_its_token(kept: store.Store, house: House) -> None:
    held = builders.start(kept, builders.open_one(kept).uid, "diagnose")

    assert house().claim_of(held.token) == held
    assert kept.claim_of("another token") is None


def test_a_claim_that_is_held_can_be_renewed(kept: store.Store, house: House) -> None:
    held = builders.start(kept, builders.open_one(kept).uid, "diagnose", lease_until=1000.0)
    longer = builders.claim(held.ticket_uid, lease_until=2000.5)

    assert house().renew(longer)
    assert kept.claim_of(held.token) == longer


def test_renewing_a_claim_is_no_event(kept: store.Store) -> None:
    held = builders.start(kept, builders.open_one(kept).uid, "diagnose")
    heard: list[events.Event] = []
    kept.subscribe(heard.append)
    before = kept.log(held.ticket_uid)

    kept.renew(held)

    assert (kept.log(held.ticket_uid), heard) == (before, [])


def test_a_claim_that_another_attempt_took_over_is_lost(kept: store.Store, house: House) -> None:
    lost = builders.start(kept, builders.open_one(kept).uid, "diagnose")
    taken = builders.start(house(), lost.ticket_uid, "diagnose", gone=1)

    assert not kept.renew(lost)
    assert kept.renew(taken)
    assert (kept.claim_of(lost.token), kept.claim_of(taken.token)) == (None, taken)


def test_a_claim_that_was_dropped_is_lost(kept: store.Store) -> None:
    held = builders.start(kept, builders.open_one(kept).uid, "diagnose")

    kept.change(builders.author(), lambda transaction: transaction.drop_claim(held.ticket_uid, "diagnose"))

    assert not kept.renew(held)
    assert kept.claim_of(held.token) is None
    assert kept.work(None)[0].claim is None


def test_a_claim_is_renewed_only_with_its_own_token_for_its_own_attempt_of_its_own_step(kept: store.Store) -> None:
    held = builders.start(kept, builders.open_one(kept).uid, "diagnose")
    longer = replace(held, lease_until=3e9)

    assert not kept.renew(replace(longer, token="guessed"))  # noqa: S106 - a guess
    assert not kept.renew(replace(longer, attempt=2))
    assert not kept.renew(replace(longer, step="fix"))
    assert not kept.renew(replace(longer, ticket_uid="nobody"))
    assert kept.claim_of(held.token) == held


def test_dropping_a_claim_that_nobody_holds_does_nothing(kept: store.Store) -> None:
    held = builders.start(kept, builders.open_one(kept).uid, "diagnose")

    kept.change(builders.author(), lambda transaction: transaction.drop_claim(held.ticket_uid, "fix"))

    assert kept.claim_of(held.token) == held


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


@pytest.mark.parametrize("size", [64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1])
def test_a_text_around_the_size_where_it_is_kept_apart_survives(kept: store.Store, size: int) -> None:
    uid = builders.open_one(kept).uid

    after = builders.append(kept, uid, [builders.edited(plain="x" * size, wide="ä" * (size // 2) + "x" * (size % 2))])

    assert kept.load(uid) == after
    noted = {fact: change["to"] for fact, change in kept.log(uid)[-1].data["changes"].items()}
    assert noted == {f"metadata/{name}": value for name, value in after.metadata.items()}


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


@pytest.mark.parametrize("failure", [KeyboardInterrupt, SystemExit, ValueError])
def test_a_change_that_is_cut_off_leaves_the_store_ready_for_the_next(
    kept: store.Store, failure: type[BaseException]
) -> None:
    def fail(transaction: store.Transaction) -> None:
        transaction.take_number("BUG", 2026)
        raise failure

    with pytest.raises(failure):
        kept.change(builders.author(), fail)

    assert builders.open_one(kept).id == "BUG-2026-001"


def test_a_transaction_reads_what_it_has_written_and_nobody_else_does(kept: store.Store, house: House) -> None:
    uid = builders.open_one(kept).uid
    reader = house()

    def work(transaction: store.Transaction) -> tuple[object, object]:
        transaction.append(transaction.load(uid), [builders.edited(a=1)])
        return transaction.load(uid).metadata, reader.load(uid).metadata

    assert kept.change(builders.author(), work) == ({"a": 1}, {})


def test_a_listener_hears_every_event_in_order_once_it_is_there_to_be_read(kept: store.Store, house: House) -> None:
    reader = house()
    heard: list[tuple[int, bool]] = []
    kept.subscribe(lambda event: heard.append((event.n, event in reader.log(event.ticket_uid))))

    uid = builders.open_one(kept).uid
    builders.append(kept, uid, [builders.edited(a=1), builders.edited(b=1)])

    assert heard == [(1, True), (2, True), (3, True)]


def test_a_listener_hears_nothing_of_a_change_that_failed(kept: store.Store) -> None:
    heard: list[str] = []
    kept.subscribe(lambda event: heard.append(event.type))
    uid = builders.open_one(kept).uid

    def fail(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(uid), [builders.edited(a=1)])
        raise errors.Refused("no")

    with pytest.raises(errors.Refused):
        kept.change(builders.author(), fail)

    assert heard == ["ticket.opened"]


def test_a_listener_may_change_the_store_itself(kept: store.Store) -> None:
    def answer(event: events.Event) -> None:
        if event.type == "ticket.opened":
            builders.append(kept, event.ticket_uid, [builders.edited(heard=True)])

    kept.subscribe(answer)

    assert kept.load(builders.open_one(kept).uid).metadata == {"heard": True}


def test_every_listener_hears_and_those_of_another_connection_do_not(kept: store.Store, house: House) -> None:
    one: list[int] = []
    two: list[int] = []
    other: list[int] = []
    kept.subscribe(lambda event: one.append(event.n))
    kept.subscribe(lambda event: two.append(event.n))
    house().subscribe(lambda event: other.append(event.n))

    builders.open_one(kept)

    assert (one, two, other) == ([1], [1], [])


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


def test_whoever_read_an_empty_store_sees_the_first_ticket_all_the_same(kept: store.Store, house: House) -> None:
    assert kept.work(None) == ()

    uid = builders.open_one(house()).uid

    assert [work.ticket_uid for work in kept.work(None)] == [uid]
    assert kept.load(uid).id == "BUG-2026-001"


def test_a_store_that_was_closed_can_be_used_again(kept: store.Store) -> None:
    opened = builders.open_one(kept)

    kept.close()
    kept.close()

    assert kept.load(opened.uid) == opened
    assert builders.open_one(kept).id == "BUG-2026-002"
