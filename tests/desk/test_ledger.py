"""The book of attempts where budgets are spent, workers are gone, and tickets come to wait for others."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from tests import builders
from tests.simulation import memory_book, memory_store
from tickety import store
from tickety.core import answering, budget, document, events, policy, report, ticket, times, verdict
from tickety.desk import ledger

UNLIMITED = policy.USUAL


@pytest.fixture
def kept() -> store.Store:
    return cast("store.Store", memory_store.MemoryStore(memory_book.Book()))


def limited(**scopes: budget.Limits) -> policy.Policy:
    return replace(UNLIMITED, limits=budget.Budget(**scopes))


def begin(
    kept: store.Store, uid: str, rules: policy.Policy = UNLIMITED, hours: float = 0, step: str | None = None
) -> store.Claim | None:
    """Begin, or take over, what comes first of a ticket, or a step of it."""
    now = builders.NOW + timedelta(hours=hours)
    found = [*kept.running(uid), *kept.ready(store.Wanted(times.as_text(now), 9, uid=uid))]
    work = [one for one in found if step is None or one.step == step]
    bid = ledger.Bid("somebody", builders.WORKER, f"secret {kept.end()}", now, 60.0, is_paid=True)
    who = builders.author(at=times.as_text(now))
    return kept.change(who, lambda transaction: ledger.begin(transaction, work[0], bid, rules)) if work else None


def finish(
    kept: store.Store, uid: str, step: str, status: report.Status = report.Status.PASSED, hours: float = 0
) -> None:
    """The running attempt of a step ends, and does not say what it used."""
    now = builders.NOW + timedelta(hours=hours)
    said = replace(builders.update(kept.load(uid), step, status), usage=dict(ticket.UNKNOWN_USAGE))
    ended = verdict.End(said, verdict.Outcome(status, "so it is"))
    who = builders.author(at=times.as_text(now))
    kept.change(who, lambda transaction: ledger.end(transaction, uid, ended, now, UNLIMITED))


def answer(kept: store.Store, uid: str, *, is_yes: bool) -> None:
    when = answering.When(builders.NOW, "user:ada")
    subject = kept.load(uid)
    drafts = answering.approve(subject, None, when) if is_yes else answering.reject(subject, None, "no", when)
    ada = builders.author(by="user:ada")
    kept.change(ada, lambda transaction: transaction.append(transaction.load(uid), drafts))


def wide(kept: store.Store, *names: str, parent: str | None = None) -> str:
    """A ticket whose steps are all ready at once."""
    steps = tuple(ticket.Step(name, "Ops Agent", "do it") for name in names)
    plan = document.from_plan(ticket.Plan(("Ops Agent",), "", "24 hours", steps))
    return builders.open_one(kept, kind="task", orchestration=plan, parent=parent).uid


def state(kept: store.Store, uid: str, step: str) -> str:
    return kept.load(uid).orchestration.step(step).state.value


# Tickets that come to wait.


def test_a_gone_workers_step_is_given_back_where_its_ticket_waits_for_others_by_now(kept: store.Store) -> None:
    blocker, uid = builders.open_one(kept), wide(kept, "one")
    begin(kept, uid)
    link = {"ticket_id": blocker.id, "relationship": "blocked_by"}
    builders.append(kept, uid, [events.Draft("ticket.linked", link)])

    assert begin(kept, uid) is None

    assert state(kept, uid, "one") == "ready"
    assert kept.running(uid) == ()
    assert kept.change(builders.author(), lambda transaction: transaction.claim_on(uid, "one")) is None


# Budgets.


def test_what_a_gone_attempt_may_have_used_counts_before_its_step_is_taken_over(kept: store.Store) -> None:
    uid = wide(kept, "one")
    rules = limited(step=budget.Limits(runs=1))
    begin(kept, uid, rules)

    assert begin(kept, uid, rules) is None

    assert state(kept, uid, "one") == "waiting"
    assert kept.change(builders.author(), lambda transaction: transaction.claim_on(uid, "one")) is None
    assert [event.type for event in kept.log(uid)][-4:-2] == ["step.released", "step.waiting"]


def test_a_gone_workers_step_that_waits_for_the_next_days_budget_is_deferred_once(kept: store.Store) -> None:
    uid = wide(kept, "one")
    rules = limited(day=budget.Limits(runs=1))
    begin(kept, uid, rules)

    for _ in range(3):
        assert begin(kept, uid, rules) is None

    assert [event.type for event in kept.log(uid)].count("step.deferred") == 1
    assert begin(kept, uid, rules, hours=24) is not None


def test_an_attempt_that_goes_on_past_midnight_is_charged_to_the_day_that_it_was_reserved_from(
    kept: store.Store,
) -> None:
    uid = wide(kept, "one", "two", "three")
    rules = limited(day=budget.Limits(runs=1))
    begin(kept, uid, rules)
    finish(kept, uid, "one", hours=24)

    assert kept.load(uid).spent.keys() == {"2026-11-22"}
    assert begin(kept, uid, rules, hours=24) is not None
    assert begin(kept, wide(kept, "other"), rules, hours=25) is None


def test_an_epic_within_an_epic_spends_from_both(kept: store.Store) -> None:
    epic = builders.open_one(kept, kind="epic")
    inner = builders.open_one(kept, kind="epic", parent=epic.id)
    rules = limited(epic=budget.Limits(runs=1))

    assert begin(kept, wide(kept, "one", parent=epic.id), rules) is not None
    assert begin(kept, wide(kept, "one", parent=inner.id), rules) is None


def test_a_yes_to_more_for_one_step_is_none_for_another(kept: store.Store) -> None:
    uid = wide(kept, "one", "two")
    rules = limited(step=budget.Limits(cost_usd=0.5))
    for name in ("one", "two"):
        begin(kept, uid, rules, step=name)
        finish(kept, uid, name, report.Status.LIMITED)
    begin(kept, uid, rules, hours=1, step="one")
    answer(kept, uid, is_yes=True)

    begun = [begin(kept, uid, rules, hours=1, step=name) for name in ("one", "two")]

    assert [claim.step for claim in begun if claim] == ["one"]
    assert state(kept, uid, "two") == "waiting"


def test_asked_again_after_a_no_it_is_another_question_and_a_yes_counts_once(kept: store.Store) -> None:
    uid = wide(kept, "one")
    rules = limited(step=budget.Limits(cost_usd=0.5))
    begin(kept, uid, rules)
    finish(kept, uid, "one", report.Status.LIMITED)
    begin(kept, uid, rules, hours=1)
    answer(kept, uid, is_yes=False)
    again = [events.Draft("step.retried", {"step": "one", "by_hand": None, "approved": []})]
    builders.append(kept, uid, [*again, events.Draft("ticket.unblocked")])
    begin(kept, uid, rules, hours=1)
    answer(kept, uid, is_yes=True)

    assert [one.answer for one in kept.load(uid).questions] == ["rejected: no", "approved"]
    assert len({one.id for one in kept.load(uid).questions}) == 2
    assert begin(kept, uid, rules, hours=1) is not None
    finish(kept, uid, "one", report.Status.LIMITED, hours=1)
    assert begin(kept, uid, rules, hours=2) is None


def test_each_step_whose_budget_is_spent_is_told(kept: store.Store) -> None:
    uid = wide(kept, "one", "two")
    rules = limited(step=budget.Limits(cost_usd=0.5), ticket=budget.Limits(runs=9))
    for name in ("one", "two"):
        begin(kept, uid, rules, step=name)
        finish(kept, uid, name, report.Status.LIMITED)
        begin(kept, uid, rules, hours=1, step=name)

    assert [one.cause for one in kept.load(uid).escalations] == ["step one cost_usd 0", "step two cost_usd 0"]
