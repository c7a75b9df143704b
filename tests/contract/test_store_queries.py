"""What every store answers when it is asked for tickets: fields, flags, words, orders and cursors."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import builders
from tests.contract.houses import House
from tickety import store
from tickety.core import errors, events, query, recipes, ticket

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def ask(kept: store.Store, text: str, limit: int = 100, cursor: str | None = None) -> list[str]:
    """The ids that a query finds, without the prefix and year that they share; both forms of a page say the same."""
    wanted = asked(text)
    rows = kept.page(wanted, limit, cursor, whole=False)
    whole = kept.page(wanted, limit, cursor, whole=True)
    assert [row.id for row in rows.rows] == [shown["id"] for shown in whole.documents]
    assert rows.cursor == whole.cursor
    if cursor is None and limit >= 100:
        assert kept.count(wanted) == len(rows.rows)
    return [row.id.replace("-2026-00", "") for row in rows.rows]


def asked(text: str) -> query.Query:
    return query.parse(text, NOW, lambda: tuple(recipes.BY_TYPE), "user:ada")


@pytest.fixture
def town(kept: store.Store) -> store.Store:
    """Six tickets that differ in everything one can ask for."""
    epic = builders.open_one(kept, kind="epic", priority="low", title="Sign-in", at="2026-11-01T09:00:00Z")
    bug = builders.open_one(
        kept, tags=["auth", "ui"], title="Export fails", description="A ZeroDivisionError on start",
        at="2026-11-10T09:00:00Z", due_at="2026-11-11T09:00:00Z", metadata={"user_votes": 12, "estimated_hours": 3},
        assignee="user:ada",
    )  # fmt: skip
    feature = builders.open_one(
        kept, kind="feature", priority="medium", tags=["auth"], parent=epic.id, at="2026-11-21T09:00:00Z",
        title="Export from a file", description="Somebody wants it", sprint="7", assignee=None,
        metadata={"user_votes": 2}, due_at="2026-11-24T09:00:00Z",
    )  # fmt: skip
    security = builders.open_one(
        kept, kind="security", priority="critical", title="Token leaks", at="2026-11-22T08:00:00Z",
        reporter="agent:Security", assignee="agent:Research", due_at="2026-11-22T16:00:00Z",
    )  # fmt: skip
    blocked = builders.open_one(kept, kind="task", priority="low", title="Wait", at="2026-11-12T09:00:00Z")
    closed = builders.open_one(kept, kind="doc", priority="medium", title="Write it", at="2026-11-05T09:00:00Z")
    link = {"ticket_id": bug.id, "relationship": "blocked_by"}
    builders.append(kept, feature.uid, [events.Draft("ticket.linked", link)], at="2026-11-21T10:00:00Z")
    started = {"branch": "tickety/x", "base": "c", "target": "main"}
    builders.append(kept, security.uid, [events.Draft("ticket.started", started)], at="2026-11-22T09:00:00Z")
    said = {"id": "c1", "text": "A colleague mentioned the sunflower", "origin": "user"}
    waits = [events.Draft("ticket.blocked", {"blocker": "no key"}), events.Draft("ticket.commented", said)]
    builders.append(kept, blocked.uid, waits, at="2026-11-13T09:00:00Z")
    over = [events.Draft("ticket.closed", {"resolution": "wont_fix"}), events.Draft("ticket.archived")]
    builders.append(kept, closed.uid, over, at="2026-11-06T09:00:00Z")
    return kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "SEC1 BUG1 DOC1 FEAT1 EPIC1 TASK1"),
        ("type:bug,security", "SEC1 BUG1"),
        ("-type:bug,security,doc", "FEAT1 EPIC1 TASK1"),
        ("status:open", "BUG1 FEAT1 EPIC1"),
        ("status:blocked,closed", "DOC1 TASK1"),
        ("priority:>=high", "SEC1 BUG1"),
        ("priority:<medium", "EPIC1 TASK1"),
        ("resolution:wont_fix", "DOC1"),
        ("-resolution:wont_fix", "SEC1 BUG1 FEAT1 EPIC1 TASK1"),
        ("tag:auth", "BUG1 FEAT1"),
        ("tag:auth -tag:ui", "FEAT1"),
        ("tag:ui,nothing", "BUG1"),
        ("assignee:me", "BUG1"),
        ("assignee:ADA", "BUG1"),
        ("assignee:research", "SEC1"),
        ("assignee:none", "FEAT1"),
        ("-assignee:none type:feature", ""),
        ("reporter:agent:Security", "SEC1"),
        ("parent:epic-2026-001", "FEAT1"),
        ("parent:none type:feature", ""),
        ("sprint:7", "FEAT1"),
        ("sprint:none type:feature,bug", "BUG1"),
        ("id:BUG-2026-001,feat-2026-001", "BUG1 FEAT1"),
        ("is:open", "BUG1 FEAT1 EPIC1"),
        ("is:in_progress", "SEC1"),
        ("is:blocked", "TASK1"),
        ("is:closed", "DOC1"),
        ("is:active", "SEC1 BUG1 FEAT1 EPIC1"),
        ("is:ready", "SEC1 BUG1"),
        ("is:waiting", "FEAT1 EPIC1"),
        ("-is:waiting is:active", "SEC1 BUG1"),
        ("is:archived", "DOC1"),
        ("is:overdue", "BUG1"),
        ("is:epic", "EPIC1"),
        ("is:unassigned", "FEAT1"),
        ("is:unfinished", "SEC1 BUG1 FEAT1 EPIC1 TASK1"),
        ("is:blocked,closed", "DOC1 TASK1"),
        ("has:comments", "TASK1"),
        ("has:links", "FEAT1"),
        ("has:children", "EPIC1"),
        ("has:parent", "FEAT1"),
        ("has:tags", "BUG1 FEAT1"),
        ("has:estimate", "BUG1"),
        ("has:branch", "SEC1"),
        ("created:2026-11-21", "FEAT1"),
        ("created:<3d", "SEC1 FEAT1"),
        ("created:>=2026-11-12", "SEC1 FEAT1 TASK1"),
        ("created:<=2026-11-05", "DOC1 EPIC1"),
        ("updated:>=2026-11-22", "SEC1"),
        ("closed:2026-11-06", "DOC1"),
        ("-closed:2026-11-06", "SEC1 BUG1 FEAT1 EPIC1 TASK1"),
        ("due:<12h", "SEC1 BUG1"),
        ("votes:>2", "BUG1"),
        ("votes:>=2", "BUG1 FEAT1"),
        ("votes:0", "SEC1 DOC1 EPIC1 TASK1"),
        ("export", "BUG1 FEAT1"),
        ('"export from"', "FEAT1"),
        ("zerodiv*", "BUG1"),
        ("export -file", "BUG1"),
        ("sunflowers", "TASK1"),
        ("auth", "BUG1 FEAT1"),
        ("BUG-2026-001", "BUG1"),
        ("export type:bug", "BUG1"),
        ("nowhere", ""),
        ("'; DROP TABLE ticket; --", ""),
        ("tag:'--", ""),
        ("!!! export", "BUG1 FEAT1"),
        ("sort:created", "SEC1 FEAT1 TASK1 BUG1 DOC1 EPIC1"),
        ("sort:updated", "SEC1 FEAT1 TASK1 BUG1 DOC1 EPIC1"),
        ("sort:due is:active type:bug,feature,security", "BUG1 SEC1 FEAT1"),
        ("sort:votes votes:>0", "BUG1 FEAT1"),
        ("sort:id", "BUG1 DOC1 EPIC1 FEAT1 SEC1 TASK1"),
        ("sort:relevance", "SEC1 BUG1 DOC1 FEAT1 EPIC1 TASK1"),
    ],
)
def test_a_query_finds_what_it_says_and_counts_it(town: store.Store, text: str, found: str) -> None:
    assert ask(town, text) == found.split()


def test_what_fits_best_comes_first_and_a_title_says_more_than_a_description(kept: store.Store) -> None:
    builders.open_one(kept, title="A long story", description="the parser is mentioned here once " + "and more " * 50)
    builders.open_one(kept, title="The parser fails", description="it does")
    builders.open_one(kept, title="Something else", description="entirely")

    page = kept.page(asked("parser sort:relevance"), 1, None, whole=False)

    assert ([row.id for row in page.rows], page.cursor) == (["BUG-2026-002"], None)
    assert ask(kept, "parser sort:relevance") == ["BUG2", "BUG1"]


def test_words_are_found_as_they_are_now_and_not_as_they_were(kept: store.Store) -> None:
    uid = builders.open_one(kept, title="Apples", description="red").uid
    change = {"title": {"from": "Apples", "to": "Pears"}, "description": {"from": "red", "to": "green"}}

    builders.append(kept, uid, [events.Draft("ticket.edited", {"changes": change})])

    assert [len(ask(kept, word)) for word in ("apples", "red", "pears", "green")] == [0, 0, 1, 1]


def test_tags_are_found_as_they_are_now(kept: store.Store) -> None:
    uid = builders.open_one(kept, tags=["old", "stays"]).uid
    change = {"tags/old": {"from": True, "to": None}, "tags/new": {"from": None, "to": True}}

    builders.append(kept, uid, [events.Draft("ticket.edited", {"changes": change})])

    assert [len(ask(kept, f"tag:{tag}")) for tag in ("old", "stays", "new")] == [0, 1, 1]


@pytest.mark.parametrize("sort", query.SORTS[:-1])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_turning_the_pages_in_any_order_shows_every_ticket_once(town: store.Store, sort: str, limit: int) -> None:
    whole = ask(town, f"sort:{sort}")
    turned: list[str] = []
    cursor: str | None = None
    while True:
        turned += ask(town, f"sort:{sort}", limit, cursor)
        cursor = town.page(asked(f"sort:{sort}"), limit, cursor, whole=False).cursor
        if cursor is None:
            break

    assert turned == whole
    assert len(whole) == 6


def test_a_cursor_goes_past_votes_below_none(kept: store.Store) -> None:
    for votes in (-3, -3, 5, 0):
        builders.open_one(kept, metadata={"user_votes": votes})
    first = kept.page(asked("sort:votes"), 3, None, whole=False)

    second = kept.page(asked("sort:votes"), 3, first.cursor, whole=False)

    assert [row.id[-1] for row in (*first.rows, *second.rows)] == ["3", "4", "2", "1"]


@pytest.mark.parametrize("votes", [10**30, "many", None, [1], True])
def test_votes_that_are_no_number_of_people_are_sorted_all_the_same(kept: store.Store, votes: object) -> None:
    builders.open_one(kept, metadata={"user_votes": votes})

    assert ask(kept, "sort:votes") == ["BUG1"]


@pytest.mark.parametrize("cursor", ["", "x", "1", "9" * 40 + "|2026|B", "|||", "1|2"])
def test_a_cursor_of_another_list_is_refused(kept: store.Store, cursor: str) -> None:
    builders.open_one(kept)

    with pytest.raises(errors.Usage, match="is not a cursor"):
        kept.page(asked(""), 10, cursor, whole=False)


# What a ticket waits for.


def tie(kept: store.Store, holder: ticket.Ticket, relationship: str, other: str) -> None:
    link = {"ticket_id": other, "relationship": relationship}
    builders.append(kept, holder.uid, [events.Draft("ticket.linked", link)])


def move(kept: store.Store, subject: ticket.Ticket, parent: str | None) -> None:
    changes = {"parent": {"from": kept.load(subject.uid).parent, "to": parent}}
    builders.append(kept, subject.uid, [events.Draft("ticket.edited", {"changes": changes})])


def close(kept: store.Store, subject: ticket.Ticket) -> None:
    builders.append(kept, subject.uid, [events.Draft("ticket.closed", {"resolution": "cancelled"})])


def reopen(kept: store.Store, subject: ticket.Ticket) -> None:
    builders.append(kept, subject.uid, [events.Draft("ticket.reopened")])


def begin(kept: store.Store, subject: ticket.Ticket) -> None:
    builders.append(kept, subject.uid, [events.Draft("ticket.started", {"branch": "b", "base": "c", "target": None})])


def is_held(kept: store.Store, subject: ticket.Ticket) -> bool:
    """Whether it waits for others: rows, documents, work, readiness and the store's answer say the same."""
    held = bool(kept.unfinished(subject.uid))
    names = sorted({other.id for other in kept.unfinished(subject.uid)})
    short = subject.id.replace("-2026-00", "")
    assert held == (short in ask(kept, "is:waiting"))
    assert (not held) == (short in ask(kept, "is:ready"))
    shown = kept.document(subject.uid)["waiting_for"]
    assert shown == (f"waits for {', '.join(names)}" if held else None)
    if kept.load(subject.uid).orchestration.steps:
        assert held == (kept.work(subject.uid) == ())
    assert list(kept.examine()) == []
    return held


def test_a_blocked_ticket_waits_until_its_blocker_is_closed_and_again_when_it_is_reopened(kept: store.Store) -> None:
    blocker, waiting = builders.open_one(kept), builders.open_one(kept)
    tie(kept, waiting, "blocked_by", blocker.id)

    assert is_held(kept, waiting)
    begin(kept, blocker)
    assert is_held(kept, waiting)
    close(kept, blocker)
    assert not is_held(kept, waiting)
    reopen(kept, blocker)
    assert is_held(kept, waiting)
    link = {"ticket_id": blocker.id, "relationship": "blocked_by"}
    builders.append(kept, waiting.uid, [events.Draft("ticket.unlinked", link)])
    assert not is_held(kept, waiting)


def test_a_ticket_that_starts_with_another_waits_until_that_has_started(kept: store.Store) -> None:
    first, second = builders.open_one(kept), builders.open_one(kept)
    tie(kept, second, "starts_with", first.id)

    assert is_held(kept, second)
    builders.start(kept, first.uid, "diagnose")
    assert not is_held(kept, second)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_an_epic_has_started_when_a_part_of_it_has(kept: store.Store, depth: int) -> None:
    chain = [builders.open_one(kept, kind="epic")]
    for level in range(depth):
        kind = "task" if level == depth - 1 else "epic"
        chain.append(builders.open_one(kept, kind=kind, parent=chain[-1].id))
    waiting = builders.open_one(kept)
    tie(kept, waiting, "starts_with", chain[0].id)
    assert is_held(kept, waiting)

    begin(kept, chain[-1])
    assert not is_held(kept, waiting)

    move(kept, chain[-1], None)
    assert is_held(kept, waiting)
    move(kept, chain[-1], chain[-2].id)
    assert not is_held(kept, waiting)


def test_a_part_that_comes_and_goes_with_what_was_begun_in_it_counts(kept: store.Store) -> None:
    epic, middle, task = (builders.open_one(kept, kind=kind) for kind in ("epic", "epic", "task"))
    waiting = builders.open_one(kept)
    tie(kept, waiting, "starts_with", epic.id)
    move(kept, task, middle.id)
    begin(kept, task)
    assert is_held(kept, waiting)

    move(kept, middle, epic.id)
    assert not is_held(kept, waiting)
    move(kept, middle, None)
    assert is_held(kept, waiting)


def test_a_parent_waits_for_its_children_through_closing_reopening_and_moving(kept: store.Store) -> None:
    epic, other = (builders.open_one(kept, kind="epic") for _ in range(2))
    child = builders.open_one(kept, kind="task", parent=epic.id)
    assert is_held(kept, epic)
    assert kept.unfinished(epic.uid) == (store.Unfinished(child.id, "child", "open", child.title),)

    close(kept, child)
    assert not is_held(kept, epic)
    reopen(kept, child)
    assert is_held(kept, epic)
    move(kept, child, other.id)
    assert not is_held(kept, epic)
    assert is_held(kept, other)


def test_a_child_or_a_link_may_come_before_the_ticket_that_it_names(kept: store.Store) -> None:
    child = builders.open_one(kept, kind="task", parent="EPIC-2026-001")
    waiting = builders.open_one(kept)
    tie(kept, waiting, "blocked_by", "EPIC-2026-001")
    assert not is_held(kept, waiting)

    epic = builders.open_one(kept, kind="epic")

    assert is_held(kept, waiting)
    assert is_held(kept, epic)
    close(kept, child)
    assert not is_held(kept, epic)


def test_a_held_ticket_keeps_the_work_that_is_running(kept: store.Store) -> None:
    blocker, waiting = builders.open_one(kept), builders.open_one(kept)
    builders.start(kept, waiting.uid, "diagnose")

    tie(kept, waiting, "blocked_by", blocker.id)

    assert [(work.ticket_uid, work.claim is not None) for work in kept.work(waiting.uid)] == [(waiting.uid, True)]


def test_what_a_ticket_waits_for_is_told_once_each_by_kind_and_id(kept: store.Store) -> None:
    epic = builders.open_one(kept, kind="epic")
    bugs = [builders.open_one(kept) for _ in range(2)]
    tie(kept, epic, "starts_with", bugs[0].id)
    tie(kept, epic, "blocked_by", bugs[1].id)
    tie(kept, epic, "blocked_by", bugs[0].id)
    tie(kept, epic, "related_to", bugs[0].id)
    child = builders.open_one(kept, kind="task", parent=epic.id)

    told = [(entry.relationship, entry.id) for entry in kept.unfinished(epic.uid)]

    assert told == [("blocked_by", bugs[0].id), ("blocked_by", bugs[1].id), ("child", child.id),
                    ("starts_with", bugs[0].id)]  # fmt: skip
    assert kept.change(builders.author(), lambda changing: changing.unfinished(epic.uid)) == kept.unfinished(epic.uid)
    assert kept.document(epic.uid)["waiting_for"].count(bugs[0].id) == 1
    assert kept.document(epic.uid)["progress"] == {"done": 0, "total": 1}


def test_links_are_found_from_their_other_end(kept: store.Store) -> None:
    one, two, three = (builders.open_one(kept) for _ in range(3))
    tie(kept, two, "blocked_by", one.id)
    tie(kept, three, "duplicate_of", one.id)

    assert kept.linked_from(one.id) == ((two.id, "blocked_by"), (three.id, "duplicate_of"))
    assert kept.linked_from(two.id) == ()


def test_who_waits_for_whom_is_told_over_or_not(kept: store.Store, house: House) -> None:
    epic = builders.open_one(kept, kind="epic")
    child = builders.open_one(kept, kind="task", parent=epic.id)
    bug = builders.open_one(kept)
    tie(kept, epic, "blocked_by", bug.id)
    tie(kept, child, "starts_with", bug.id)
    tie(kept, child, "related_to", epic.id)
    close(kept, bug)

    answered = house().change(builders.author(), lambda changing: changing.waits([epic.id, child.id, bug.id, "X-1"]))

    assert answered == {epic.id: (bug.id, child.id), child.id: (bug.id,)}
    assert kept.change(builders.author(), lambda changing: changing.waits([])) == {}


# Commands, cursors, and logs of other stores.


def test_the_commands_of_a_principal_come_newest_first_with_what_they_follow_from(kept: store.Store) -> None:
    one, two = (builders.open_one(kept, command_id=f"open-{number}") for number in (1, 2))

    def vote(author: events.Author, *subjects: ticket.Ticket) -> None:
        draft = events.Draft("ticket.voted", {"votes": 1})
        kept.change(
            author, lambda changing: [changing.append(changing.load(subject.uid), [draft]) for subject in subjects]
        )

    vote(builders.author("both"), two, one)
    vote(builders.author("bobs", by="user:bob"), one)
    vote(events.Author("user:ada", builders.AT, "taken-back", "undo:both"), one)

    told = kept.commands("user:ada", 10)

    assert [(command.id, command.causation) for command in told] == [
        ("taken-back", "undo:both"), ("both", None), ("open-2", None), ("open-1", None),
    ]  # fmt: skip
    assert [command.id for command in kept.commands("user:ada", 2)] == ["taken-back", "both"]
    assert [command.id for command in kept.commands("user:bob", 9)] == ["bobs"]
    assert kept.commands("user:eve", 9) == ()
    assert kept.changed_by("both") == (two.uid, one.uid)
    assert kept.changed_by("unheard-of") == ()


def test_reading_on_from_a_place_misses_nothing_and_repeats_nothing(kept: store.Store, house: House) -> None:
    reader = house()
    assert reader.since(0, 10) == ()
    uids = [builders.open_one(kept).uid for _ in range(3)]
    builders.append(kept, uids[0], [builders.edited(a=1), builders.edited(b=1)])

    first = reader.since(0, 2)
    rest = reader.since(first[-1].seq, 100)

    assert [(event.ticket_uid, event.n) for event in (*first, *rest)] == [
        (uids[0], 1), (uids[1], 1), (uids[2], 1), (uids[0], 2), (uids[0], 3)
    ]  # fmt: skip
    assert reader.since(rest[-1].seq, 100) == ()


def test_a_log_that_is_adopted_makes_the_same_tickets(
    kept: store.Store, house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tests.contract import houses

    del house
    one = builders.open_one(kept, tags=["a"], description="words")
    builders.start(kept, one.uid, "diagnose")
    two = builders.open_one(kept)
    tie(kept, two, "blocked_by", one.id)
    other = houses.HOUSES["sqlite"](tmp_path_factory.mktemp("other"))()

    adopt(other, kept.since(0, 100))

    assert [other.load(uid) for uid in (one.uid, two.uid)] == [kept.load(uid) for uid in (one.uid, two.uid)]
    stamped = [[replaced(event) for event in store.since(0, 100)] for store in (kept, other)]
    assert stamped[0] == stamped[1]
    assert is_held(other, two)
    other.close()


def test_a_store_knows_how_much_of_a_ticket_did_not_happen_in_it(
    kept: store.Store, house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tests.contract import houses

    del house
    here = builders.open_one(kept)
    builders.append(kept, here.uid, [builders.edited(a=1)])
    reopened = houses.HOUSES["sqlite"](tmp_path_factory.mktemp("other"))
    other = reopened()

    adopt(other, kept.since(0, 100))
    builders.append(other, here.uid, [builders.edited(b=1)])
    told = other.change(builders.author(), lambda changing: changing.foreign_until(here.uid))
    other.rebuild()
    after = reopened()

    assert kept.foreign_until(here.uid) == kept.foreign_until("unheard-of") == 0
    assert told == other.foreign_until(here.uid) == after.foreign_until(here.uid) == 2
    assert (kept.adopted_until(here.uid), other.adopted_until(here.uid), after.adopted_until(here.uid)) == (0, 2, 2)
    for one in (other, after):
        one.close()


def test_what_was_imported_did_not_happen_here_and_what_follows_did(kept: store.Store) -> None:
    subject = builders.open_one(kept)
    imported = events.Draft("ticket.imported", {"document": kept.document(subject.uid)})

    builders.append(kept, subject.uid, [imported, builders.edited(a=1)])

    assert (kept.foreign_until(subject.uid), kept.adopted_until(subject.uid)) == (2, 0)


def test_a_transaction_tells_who_holds_a_step_and_what_was_done_before_it(kept: store.Store) -> None:
    subject = builders.open_one(kept, command_id="opened")
    held = builders.start(kept, subject.uid, "diagnose")

    def look(changing: store.Transaction) -> tuple[object, ...]:
        done = [command.id for command in changing.commands("user:ada", 9)]
        holders = changing.claim_on(subject.uid, "diagnose"), changing.claim_on(subject.uid, "fix")
        return (*holders, "opened" in done, changing.changed_by("opened"))

    assert kept.change(builders.author(), look) == (held, None, True, (subject.uid,))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_no_json_is_refused(kept: store.Store, number: float) -> None:
    with pytest.raises(errors.Usage, match="no JSON"):
        builders.open_one(kept, metadata={"hours": number})

    assert kept.since(0, 9) == ()


def adopt(kept: store.Store, log: tuple[events.Event, ...]) -> None:
    def work(changing: store.Transaction) -> None:
        for event in log:
            changing.adopt(event)

    kept.change(builders.author(), work)


def replaced(event: events.Event) -> dict[str, object]:
    return {**event.as_json(), "seq": 0}


@pytest.mark.parametrize(
    "fault",
    [
        lambda event: {**event, "n": 4},
        lambda event: {**event, "n": 2},
        lambda event: {**event, "type": "ticket.dreamt"},
        lambda event: {**event, "v": 99},
    ],
    ids=["a gap", "twice", "an unknown type", "a newer version"],
)
def test_an_event_that_does_not_follow_or_is_not_known_is_not_adopted(
    kept: store.Store, fault: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    uid = builders.open_one(kept).uid
    builders.append(kept, uid, [builders.edited(a=1)])
    last = kept.log(uid)[-1].as_json()
    before = (kept.load(uid), kept.since(0, 100))

    with pytest.raises(errors.TicketyError):
        adopt(kept, (events.Event(**fault(last | {"n": 3})),))

    assert (kept.load(uid), kept.since(0, 100)) == before


def test_a_number_that_somebody_elses_ticket_has_is_not_given(kept: store.Store) -> None:
    def moved(number: int) -> None:
        kept.change(builders.author(), lambda changing: changing.move_counter("BUG", 2026, number))

    moved(41)
    moved(7)

    assert builders.open_one(kept).id == "BUG-2026-042"


def test_a_ticket_is_known_by_its_whole_id_within_a_change(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid

    def looked(changing: store.Transaction) -> list[str | None]:
        fresh = changing.open("fresh", builders.opening("BUG-2026-002"))
        return [changing.uid_of(name) for name in ("BUG-2026-001", fresh.id, "BUG-2026-0011", "bug-2026-001")]

    assert kept.change(builders.author(), looked) == [uid, "fresh", None, None]


def test_a_log_within_a_change_holds_what_the_change_added(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid

    def look(changing: store.Transaction) -> list[int]:
        changing.append(changing.load(uid), [builders.edited(a=1)])
        return [event.n for event in changing.log(uid)]

    assert kept.change(builders.author(), look) == [1, 2]


# Upkeep.


def test_nothing_is_found_in_a_store_that_is_well_or_was_never_written(kept: store.Store, house: House) -> None:
    assert list(kept.examine()) == []
    assert kept.mend() == ()

    town_of = builders.open_one(kept, tags=["a"]).uid
    builders.start(kept, town_of, "diagnose")

    assert list(kept.examine()) == list(house().examine()) == []
    assert kept.mend() == ()


def test_rebuilding_gives_the_same_store(town: store.Store) -> None:
    held = builders.start(town, town.work(None)[0].ticket_uid, town.work(None)[0].step)
    asked_for = ("", "export", "tag:auth", "is:ready", "is:waiting", "sort:votes", "has:links")
    before = [ask(town, text) for text in asked_for], town.work(None), town.since(0, 100)

    town.rebuild()

    assert ([ask(town, text) for text in asked_for], town.work(None), town.since(0, 100)) == before
    assert town.claim_of(held.token) == held
    assert list(town.examine()) == []
    assert builders.open_one(town).id == "BUG-2026-002"


def test_rebuilding_on_demand_says_what_it_did(town: store.Store) -> None:
    assert any("anew" in sentence for sentence in town.mend(anew=True))
    assert list(town.examine()) == []
