"""What every implementation promises of the part of the store port that the ledger of attempts needs.

It is held by the stores on disk and by the one in memory that weeks are simulated with.
"""

from dataclasses import replace

import pytest

from tests import builders
from tests.contract import houses
from tests.contract.houses import House
from tickety import store
from tickety.core import document, errors, escalation, events, history, lifecycle, policy, ticket, verdict
from tickety.desk import ledger

TURN = builders.NOW.timestamp()


@pytest.fixture(params=houses.LEDGERS)
def house_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


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


@pytest.mark.parametrize("size", [64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1])
def test_a_text_around_the_size_where_it_is_kept_apart_survives(kept: store.Store, size: int) -> None:
    uid = builders.open_one(kept).uid

    after = builders.append(kept, uid, [builders.edited(plain="x" * size, wide="ä" * (size // 2) + "x" * (size % 2))])

    assert kept.load(uid) == after
    noted = {fact: change["to"] for fact, change in kept.log(uid)[-1].data["changes"].items()}
    assert noted == {f"metadata/{name}": value for name, value in after.metadata.items()}


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


def test_whoever_read_an_empty_store_sees_the_first_ticket_all_the_same(kept: store.Store, house: House) -> None:
    assert kept.work(None) == ()

    uid = builders.open_one(house()).uid

    assert [work.ticket_uid for work in kept.work(None)] == [uid]
    assert kept.load(uid).id == "BUG-2026-001"


# Ready work, in its turn.


def wanted(limit: int = 10, **asked: object) -> store.Wanted:
    return store.Wanted(builders.AT, limit, **asked)  # type: ignore[arg-type]  # fields of what is wanted


def ready(kept: store.Store, asked: store.Wanted) -> list[tuple[str, str]]:
    """What is ready, outside and inside of a change."""
    found = kept.ready(asked)
    assert kept.change(builders.author(), lambda transaction: transaction.ready(asked)) == found
    return [(kept.load(work.ticket_uid).id, work.step) for work in found]


def wide(kept: store.Store, *roles: str) -> ticket.Ticket:
    """A ticket whose steps are all ready at once."""
    steps = tuple(ticket.Step(f"s{place}", role, "do it") for place, role in enumerate(roles))
    return builders.open_one(kept, orchestration=document.from_plan(ticket.Plan(roles, "", "24 hours", steps)))


def test_ready_work_comes_in_its_turn_and_no_more_than_is_wanted(kept: store.Store) -> None:
    for priority, at in [("low", "07"), ("high", "09"), ("high", "08"), ("critical", "10")]:
        builders.open_one(kept, priority=priority, at=f"2026-11-22T{at}:00:00Z")

    assert [name[-1] for name, _ in ready(kept, wanted())] == ["4", "3", "2", "1"]
    assert [name[-1] for name, _ in ready(kept, wanted(2))] == ["4", "3"]
    assert ready(kept, wanted(0)) == []


def test_of_a_role_only_as_much_is_ready_as_it_has_slots(kept: store.Store) -> None:
    subject = wide(kept, "QA Agent", "QA Agent", "Ops Agent", "QA Agent")
    for uid in (None, subject.uid):
        assert sorted(step for _, step in ready(kept, wanted(slots={"QA Agent": 1}, uid=uid))) == ["s0", "s2"]
        assert sorted(step for _, step in ready(kept, wanted(slots={"QA Agent": 2}, uid=uid))) == ["s0", "s1", "s2"]
        assert [step for _, step in ready(kept, wanted(1, slots={"QA Agent": 0}, uid=uid))] == ["s2"]


def test_only_work_of_the_wanted_roles_is_given(kept: store.Store) -> None:
    subject = wide(kept, "QA Agent", "Ops Agent")

    for uid in (None, subject.uid):
        assert ready(kept, wanted(roles=("Ops Agent",), uid=uid)) == [(subject.id, "s1")]
        assert ready(kept, wanted(roles=(), uid=uid)) == []


def test_a_step_that_waits_for_a_moment_is_ready_from_that_moment_on(kept: store.Store) -> None:
    subject = builders.open_one(kept)
    later = {"step": "diagnose", "reason": "not yet", "not_before": "2026-11-22T10:00:00Z"}
    builders.append(kept, subject.uid, [events.Draft("step.deferred", later)])

    assert ready(kept, wanted()) == []
    assert ready(kept, replace(wanted(), now="2026-11-22T10:00:00Z")) == [(subject.id, "diagnose")]
    assert kept.next_moment(builders.AT, None) == kept.next_moment(builders.AT, subject.uid) == "2026-11-22T10:00:00Z"
    assert kept.next_moment("2026-11-22T10:00:00Z", None) is None
    assert kept.next_moment(builders.AT, "nobody") is None


def test_what_waits_for_another_ticket_is_not_ready_until_that_is_over(kept: store.Store) -> None:
    blocker, waiting = builders.open_one(kept), builders.open_one(kept)
    link = {"ticket_id": blocker.id, "relationship": "blocked_by"}
    builders.append(kept, waiting.uid, [events.Draft("ticket.linked", link)])
    held = (store.Unfinished(blocker.id, "blocked_by", "open", blocker.title),)

    assert kept.unfinished(waiting.uid) == held
    assert ready(kept, wanted()) == [(blocker.id, "diagnose")]
    builders.append(kept, blocker.uid, [events.Draft("ticket.closed", {"resolution": "done"})])
    assert kept.unfinished(waiting.uid) == ()
    assert ready(kept, wanted()) == [(waiting.id, "diagnose")]


def test_who_starts_with_another_waits_until_it_or_a_part_of_it_has_started(kept: store.Store) -> None:
    epic, waiting = builders.open_one(kept, kind="epic"), builders.open_one(kept)
    part = builders.open_one(kept, kind="task", parent=epic.id)
    link = {"ticket_id": epic.id, "relationship": "starts_with"}
    builders.append(kept, waiting.uid, [events.Draft("ticket.linked", link)])

    assert [one.relationship for one in kept.unfinished(waiting.uid)] == ["starts_with"]
    assert [one.relationship for one in kept.unfinished(epic.uid)] == ["child"]
    builders.start(kept, part.uid, "implement")
    assert kept.unfinished(waiting.uid) == ()
    assert [one.relationship for one in kept.unfinished(epic.uid)] == ["child"]


def test_what_runs_is_told_with_its_claim_whatever_its_ticket_waits_for(kept: store.Store) -> None:
    blocker, waiting = builders.open_one(kept), builders.open_one(kept)
    held = builders.start(kept, waiting.uid, "diagnose")
    link = {"ticket_id": blocker.id, "relationship": "blocked_by"}
    builders.append(kept, waiting.uid, [events.Draft("ticket.linked", link)])

    assert [work.claim for work in kept.running(None)] == [work.claim for work in kept.work(waiting.uid)] == [held]
    assert kept.change(builders.author(), lambda transaction: transaction.running(waiting.uid)) == kept.running(None)
    assert kept.running(blocker.uid) == ()


# Rules, and what was spent.


def test_a_rule_is_due_its_delay_after_its_alarm(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    builders.append(kept, uid, [events.Draft("ticket.blocked", {"blocker": "it rains"})])
    kept.change(builders.author(), lambda transaction: transaction.delay("blocked", 60.0))

    assert kept.delays()["blocked"] == 60.0
    assert kept.due(TURN + 59, 10) == ()
    assert kept.due(TURN + 60, 10) == (store.Due(uid, "blocked"),)
    assert kept.due(TURN + 60, 0) == ()
    assert kept.change(builders.author(), lambda transaction: transaction.due(TURN + 60, 1)) == kept.due(TURN + 60, 1)


def test_a_rule_that_was_told_is_not_due_again(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    builders.append(kept, uid, [events.Draft("ticket.blocked", {"blocker": "it rains"})])
    (alarm,) = (one for one in escalation.alarms(kept.load(uid)) if one.rule == "blocked")
    told = {"id": alarm.id, "rule": "blocked", "cause": alarm.cause, "owner": "user:ada", "sentence": "it is blocked"}

    builders.append(kept, uid, [events.Draft("escalation.raised", told)])

    assert kept.due(TURN, 10) == ()


def test_a_ticket_that_nobody_holds_is_stalled_after_a_while(kept: store.Store) -> None:
    uid = builders.open_one(kept, kind="task", due_at="2027-11-23T09:00:00Z").uid
    begun = events.Draft("ticket.started", {"branch": "b", "base": "c0", "target": None})
    builders.append(kept, uid, [begun])
    builders.start(kept, uid, "implement", lease_until=TURN + 7200)

    assert kept.due(TURN + 7199, 10) == ()
    assert kept.due(TURN + 7201, 10) == (store.Due(uid, "stalled"),)


def test_what_is_spent_and_reserved_is_summed_by_day_and_over_the_parts_of_an_epic(kept: store.Store) -> None:
    epic = builders.open_one(kept, kind="epic")
    for kind in ("task", "task"):
        subject = builders.open_one(kept, kind=kind, parent=epic.id)
        reserved = {"runs": 1, "seconds": 60.0, "tokens": 0, "cost_usd": 0.5}
        begun = lifecycle.start_step(subject, "implement", lifecycle.Holder("somebody", "w", reserved))
        builders.append(kept, subject.uid, begun)

    def spent(transaction: store.Transaction) -> tuple[store.Amount, store.Amount, store.Amount]:
        return transaction.spent_by(epic.id), transaction.spent_on(builders.AT[:10]), transaction.spent_on("2026-11-21")

    twice = {"runs": 2, "seconds": 120.0, "tokens": 0, "cost_usd": 1.0}
    assert kept.change(builders.author(), spent) == (twice, twice, dict.fromkeys(twice, 0))


# Parts of a change.


def test_a_part_that_is_refused_undoes_itself_and_nothing_else(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid

    def refused(transaction: store.Transaction) -> None:
        transaction.append(transaction.load(uid), [builders.edited(b=1)])
        transaction.claim(builders.claim(uid))
        raise errors.Refused("no")

    def work(transaction: store.Transaction) -> ticket.Ticket:
        transaction.append(transaction.load(uid), [builders.edited(a=1)])
        with pytest.raises(errors.Refused):
            transaction.tried(lambda: refused(transaction))
        assert transaction.claim_on(uid, "diagnose") is None
        return transaction.append(transaction.load(uid), [builders.edited(c=1)])

    after = kept.change(builders.author(), work)

    assert after == kept.load(uid)
    assert after.metadata == {"a": 1, "c": 1}
    assert [event.n for event in kept.log(uid)] == [1, 2, 3]
    assert kept.end() == kept.since(0, 10)[-1].seq == 3


def test_a_part_that_goes_well_answers(kept: store.Store) -> None:
    assert kept.change(builders.author(), lambda transaction: transaction.tried(lambda: "answer")) == "answer"


def test_several_authors_share_a_change(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid

    def work(transaction: store.Transaction) -> None:
        theirs = transaction.by(builders.author(by="user:bob"))
        theirs.append(theirs.load(uid), [builders.edited(a=1)])
        transaction.append(transaction.load(uid), [builders.edited(b=1)])

    kept.change(builders.author(by="user:eve"), work)

    assert [event.by for event in kept.log(uid)] == ["user:ada", "user:bob", "user:eve"]
    assert kept.load(uid).metadata == {"a": 1, "b": 1}


# Attempts.


def test_of_two_that_begin_a_step_the_second_gets_nothing(kept: store.Store) -> None:
    builders.open_one(kept)
    (work,) = kept.ready(wanted())

    first, second = (begin(kept, work, secret) for secret in ("one", "two"))

    assert second is None
    assert first is not None
    assert kept.claim_of(ledger.digest("one")) == first


def test_the_report_of_an_attempt_that_was_taken_over_changes_nothing(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    begin(kept, kept.ready(wanted())[0], "one")
    lost = builders.end(kept.load(uid), "diagnose")
    taken = begin(kept, kept.running(None)[0], "two")
    before = kept.log(uid)

    with pytest.raises(errors.Refused, match="not the running one any more"):
        kept.change(builders.author(), lambda transaction: end(transaction, uid, lost))

    assert kept.log(uid) == before
    assert [work.claim for work in kept.running(uid)] == [taken]


def test_an_attempt_that_ended_holds_its_step_no_more(kept: store.Store) -> None:
    uid = builders.open_one(kept).uid
    begin(kept, kept.ready(wanted())[0], "one")

    kept.change(
        builders.author(), lambda transaction: end(transaction, uid, builders.end(transaction.load(uid), "diagnose"))
    )

    assert kept.claim_of(ledger.digest("one")) is None
    assert [(work.step, work.claim) for work in kept.work(uid)] == [("fix", None)]


def begin(kept: store.Store, work: store.Work, secret: str) -> store.Claim | None:
    bid = ledger.Bid("somebody", builders.WORKER, secret, builders.NOW, 60.0)
    return kept.change(builders.author(), lambda transaction: ledger.begin(transaction, work, bid, policy.USUAL))


def end(transaction: store.Transaction, uid: str, ended: verdict.End) -> ticket.Ticket:
    return ledger.end(transaction, uid, ended, builders.NOW, policy.USUAL)
