"""What an engine promises: ready steps reach a worker, one holder each, and a dead holder's step reaches the next."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests import builders
from tickety import engine, store
from tickety.core import errors, lifecycle, policy, report, verdict
from tickety.desk import ledger
from tickety.engines import local, workers
from tickety.stores import sqlite

ROOT = Path(__file__).parents[2]
ELSEWHERE = "another-host/1/100/200"
LIVE = "from tickety.engines import workers; print(workers.own_name(), flush=True); input()"


@dataclass(frozen=True)
class Held:
    """An attempt as an engine sees it."""

    claim: store.Claim


@dataclass(frozen=True)
class Ended:
    """An attempt's end: its step passes or fails."""

    shop: "Shop"
    held: Held
    status: report.Status = report.Status.PASSED

    def record(self, transaction: store.Transaction) -> None:
        claim = self.held.claim
        subject = transaction.load(claim.ticket_uid)
        update = builders.update(subject, claim.step, self.status, claim.attempt)
        end = verdict.End(update, verdict.Outcome(self.status, "so it is"))
        ledger.end(transaction, claim.ticket_uid, end, self.shop.clock.now(), self.shop.rules)
        self.shop.performed.append(f"{subject.id} {claim.step} {claim.attempt}")

    def give_up(self, transaction: store.Transaction, error: Exception) -> None:
        ledger.release(transaction, self.held.claim, lifecycle.Release("interrupted", str(error)))


Perform = Callable[[Held], Awaitable[engine.Ending | None]]


@dataclass
class Shop:
    """A store, a clock, an engine on both, and an errand to run with it."""

    kept: store.Store
    clock: builders.HandClock
    performed: list[str] = field(default_factory=list)
    rules: policy.Policy = field(default_factory=lambda: policy.Policy(workers=1))
    way: Perform | None = None
    attended: int = 0
    stopped: list[tuple[str, str]] = field(default_factory=list)

    @property
    def works(self) -> engine.Engine:
        return local.LocalEngine(self.kept, self.clock, lambda: self.rules)

    def drain(self, perform: Perform | None = None, uid: str | None = None) -> int:
        self.way = perform
        return asyncio.run(self._drain(uid))

    async def _drain(self, uid: str | None) -> int:
        async with asyncio.timeout(30):
            return await self.works.drain(self, (uid,) if uid else None)

    def begin(self, transaction: store.Transaction, work: store.Work) -> Held | None:
        claim = ledger.begin(transaction, work, self.bid(workers.own_name()), self.rules)
        return Held(claim) if claim else None

    async def perform(self, held: Held) -> engine.Ending | None:
        return await self.way(held) if self.way else self.end(held)

    def stop(self, uid: str, error: errors.TicketyError) -> None:
        self.stopped.append((uid, error.message))

    def attend(self) -> None:
        self.attended += 1

    def end(self, held: Held, status: report.Status = report.Status.PASSED) -> Ended:
        return Ended(self, held, status)

    def bid(self, worker: str) -> ledger.Bid:
        return ledger.Bid("somebody", worker, os.urandom(8).hex(), self.clock.now(), self.rules.lease)

    def start(self, uid: str, step: str, worker: str) -> store.Claim:
        """Somebody else begins the step."""
        work = next(one for one in self.kept.work(uid) if one.step == step)
        bid = self.bid(worker)
        claim = self.kept.change(
            builders.author(), lambda transaction: ledger.begin(transaction, work, bid, self.rules)
        )
        assert claim is not None
        return claim


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    yield Shop(kept, builders.HandClock())
    kept.close()


@pytest.fixture
def eager(shop: Shop) -> Shop:
    """The same, renewing at every turn of the event loop instead of every quarter of a minute."""
    shop.rules = replace(shop.rules, lease=0.0)
    return shop


@pytest.fixture
def neighbour() -> Iterator["subprocess.Popen[str]"]:
    """Another living process of this machine."""
    path = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", LIVE], stdin=-1, stdout=-1, text=True, env=path, cwd=ROOT) as process:
        yield process
        process.kill()


def name_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


# Delivering.


def test_steps_are_delivered_in_order_until_nothing_is_ready(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="task", priority="low")
    builders.open_one(shop.kept, kind="task", priority="critical")

    assert shop.drain() == 4
    assert shop.performed == [
        "TASK-2026-002 implement 1", "TASK-2026-002 test 1", "TASK-2026-001 implement 1", "TASK-2026-001 test 1"
    ]  # fmt: skip


def test_one_ticket_can_be_worked_on_alone(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc")
    uid = builders.open_one(shop.kept, kind="doc").uid

    assert shop.drain(uid=uid) == 1
    assert shop.performed == ["DOC-2026-002 document 1"]


def test_a_ticket_that_stands_still_does_not_keep_the_others_waiting(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc", priority="critical")
    builders.open_one(shop.kept, kind="doc")

    async def fail_the_first(held: Held) -> Ended:
        return shop.end(held, report.Status.PASSED if shop.performed else report.Status.FAILED)

    assert shop.drain(fail_the_first) == 2
    assert shop.performed == ["DOC-2026-001 document 1", "DOC-2026-002 document 1"]


def test_nothing_ready_is_nothing_done(shop: Shop) -> None:
    assert shop.drain() == 0


def test_a_step_that_another_worker_got_first_is_passed_over(shop: Shop) -> None:
    first = builders.open_one(shop.kept, kind="doc").uid
    builders.open_one(shop.kept, kind="doc")

    class Late(Shop):
        """Somebody is faster, every time."""

        def begin(self, transaction: store.Transaction, work: store.Work) -> Held | None:
            if work.ticket_uid == first:
                ledger.begin(transaction, work, self.bid(ELSEWHERE), self.rules)
            return super().begin(transaction, work)

    late = Late(shop.kept, shop.clock)

    assert late.drain() == 1
    assert late.performed == ["DOC-2026-002 document 1"]


# Holders, dead and alive.


def test_a_step_whose_worker_is_gone_is_taken_over(shop: Shop, neighbour: "subprocess.Popen[str]") -> None:
    uid = builders.open_one(shop.kept, kind="doc").uid
    shop.start(uid, "document", name_of(neighbour))
    neighbour.kill()
    neighbour.wait()

    assert shop.drain() == 1
    assert shop.performed == ["DOC-2026-001 document 2"]


def test_a_step_that_a_living_process_holds_is_left_to_it(shop: Shop, neighbour: "subprocess.Popen[str]") -> None:
    uid = builders.open_one(shop.kept, kind="doc").uid
    held = shop.start(uid, "document", name_of(neighbour))

    assert shop.drain() == 0
    assert shop.kept.renew(held)


def test_of_a_worker_on_another_machine_only_its_lease_tells(shop: Shop) -> None:
    shop.start(builders.open_one(shop.kept, kind="doc").uid, "document", ELSEWHERE)

    shop.clock.go_on(policy.LEASE)
    assert shop.drain() == 0
    shop.clock.go_on(1)
    assert shop.drain() == 1
    assert shop.performed == ["DOC-2026-001 document 2"]


def test_a_step_that_nobody_holds_is_free(shop: Shop) -> None:
    assert shop.works.is_free(store.Work("uid", "document", "Documentation Agent", None))


def test_a_process_knows_that_it_lives_and_that_a_name_used_again_is_another(
    neighbour: "subprocess.Popen[str]",
) -> None:
    name = name_of(neighbour)
    earlier = name.rpartition("/")[0] + "/1"

    assert not workers.is_gone(workers.own_name())
    assert not workers.is_gone(name)
    assert workers.is_gone(earlier)


@pytest.mark.parametrize("name", ["", "ada", "user:ada", "a/b", "a/b/c", "another-host/1/100/200", "a/b/c/d/e/f"])
def test_of_a_name_that_is_no_process_of_this_machine_nothing_is_known(name: str) -> None:
    assert not workers.is_gone(name)


# While an attempt is performed.


def test_a_claim_is_renewed_while_its_attempt_is_performed(eager: Shop) -> None:
    builders.open_one(eager.kept, kind="doc")

    async def outlast_the_lease(held: Held) -> Ended:
        eager.clock.go_on(3600)
        while eager.kept.claim_of(held.claim.token) == held.claim:  # noqa: ASYNC110 - an engine has no event for it
            await asyncio.sleep(0)  # gives the turn away, and waits for nothing
        return eager.end(held)

    assert eager.drain(outlast_the_lease) == 1
    assert eager.performed == ["DOC-2026-001 document 1"]


def test_an_attempt_that_lost_its_claim_is_cancelled(eager: Shop) -> None:
    uid = builders.open_one(eager.kept, kind="doc").uid
    ended: list[str] = []

    async def lose_it(held: Held) -> None:
        assert held
        eager.start(uid, "document", ELSEWHERE)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    eager.drain(lose_it)

    assert ended == ["cancelled"]
    assert [work.claim.worker for work in eager.kept.work(uid) if work.claim] == [ELSEWHERE]


def test_what_goes_wrong_in_a_performance_is_not_hidden_and_nothing_more_is_delivered(shop: Shop) -> None:
    for _ in range(2):
        builders.open_one(shop.kept, kind="doc")
    begun: list[str] = []

    async def break_down(held: Held) -> Ended:
        begun.append(held.claim.ticket_uid)
        raise errors.Failed("the disk is full")

    with pytest.raises(errors.Failed, match="the disk is full"):
        shop.drain(break_down)

    assert len(begun) == 1


def test_a_performance_that_nobody_can_hold_any_more_is_ended_before_the_error_is_told(
    eager: Shop, tmp_path: Path
) -> None:
    class Full(sqlite.SqliteStore):
        def renew(self, claim: store.Claim) -> bool:
            raise errors.Failed(f"{claim.step} cannot be renewed: the disk is full")

    builders.open_one(eager.kept, kind="doc")
    kept = Full(str(tmp_path / "tickety" / "tickety.db"))
    full = Shop(kept, eager.clock, rules=eager.rules)
    ended: list[str] = []

    async def go_on(_: Held) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    full.way = go_on

    async def story() -> list[str]:
        with pytest.raises(errors.Failed, match="the disk is full"):
            await full._drain(None)  # noqa: SLF001 - the loop must still run when we look
        return list(ended)

    assert asyncio.run(story()) == ["cancelled"]
    kept.close()


def test_whoever_is_interrupted_takes_the_performance_along(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc")
    ended: list[str] = []

    async def story() -> None:
        begun = asyncio.Event()

        async def go_on(_: Held) -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("cancelled")

        shop.way = go_on
        draining = asyncio.ensure_future(shop.works.drain(shop, None))
        await begun.wait()
        draining.cancel()
        with pytest.raises(asyncio.CancelledError):
            await draining
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(story())

    assert ended == ["cancelled"]


# Several tickets, and what stops one of them.


def test_some_tickets_can_be_worked_on_and_no_others(shop: Shop) -> None:
    uids = [builders.open_one(shop.kept, kind="doc").uid for _ in range(3)]

    assert asyncio.run(shop.works.drain(shop, (uids[2], uids[0]))) == 2
    assert sorted(shop.performed) == ["DOC-2026-001 document 1", "DOC-2026-003 document 1"]


def test_no_ticket_at_all_is_nothing_done(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc")

    assert asyncio.run(shop.works.drain(shop, ())) == 0


def test_the_slots_of_a_role_hold_over_several_tickets(shop: Shop) -> None:
    shop.rules = policy.Policy(workers=4, slots={"documentation": 1})
    uids = tuple(builders.open_one(shop.kept, kind="doc").uid for _ in range(3))
    most, running = 0, 0

    async def count(held: Held) -> Ended:
        nonlocal most, running
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return shop.end(held)

    shop.way = count

    assert asyncio.run(shop.works.drain(shop, uids)) == 3
    assert most == 1


def test_what_stops_a_ticket_does_not_stop_the_others(shop: Shop) -> None:
    bad = builders.open_one(shop.kept, kind="task", priority="critical").uid
    builders.open_one(shop.kept, kind="doc")

    async def refuse_the_first(held: Held) -> Ended:
        if held.claim.ticket_uid == bad:
            give_up = lifecycle.Release("interrupted", "refused")
            shop.kept.change(builders.author(), lambda changing: ledger.release(changing, held.claim, give_up))
            raise errors.Refused("its branch was moved")
        return shop.end(held)

    assert shop.drain(refuse_the_first) == 2
    assert shop.performed == ["DOC-2026-001 document 1"]
    assert shop.stopped == [(bad, "its branch was moved")]
    assert [work.claim for work in shop.kept.work(bad)] == [None]


def test_a_ticket_that_cannot_begin_does_not_stop_the_others(shop: Shop) -> None:
    bad = builders.open_one(shop.kept, kind="doc", priority="critical").uid
    builders.open_one(shop.kept, kind="doc")

    class Strict(Shop):
        def begin(self, transaction: store.Transaction, work: store.Work) -> Held | None:
            if work.ticket_uid == bad:
                raise errors.Waits("it is not trusted")
            return super().begin(transaction, work)

    strict = Strict(shop.kept, shop.clock)

    assert strict.drain() == 1
    assert strict.stopped == [(bad, "it is not trusted")]


def test_an_ending_that_cannot_be_recorded_gives_its_step_back_and_the_others_go_on(shop: Shop) -> None:
    bad = builders.open_one(shop.kept, kind="doc", priority="critical").uid
    builders.open_one(shop.kept, kind="doc")

    class Unrecordable(Ended):
        def record(self, transaction: store.Transaction) -> None:
            del transaction
            raise errors.Refused("the branch is checked out")

    async def end(held: Held) -> Ended:
        return Unrecordable(shop, held) if held.claim.ticket_uid == bad else shop.end(held)

    assert shop.drain(end) == 2
    assert shop.stopped == [(bad, "the branch is checked out")]
    assert [work.claim for work in shop.kept.work(bad)] == [None]


# Steps that are taken, and performed elsewhere.

DOC = "Documentation Agent"


def test_of_all_that_is_ready_the_first_in_its_turn_is_taken_and_no_other_time(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc", priority="low")
    first = builders.open_one(shop.kept, kind="doc", priority="critical").uid
    taken = [shop.works.take(shop, engine.Wish()) for _ in range(3)]

    assert taken[0] is not None
    assert taken[0].claim.ticket_uid == first
    assert taken[1] is not None
    assert taken[2] is None


def test_only_what_was_wished_for_is_taken(shop: Shop) -> None:
    task = builders.open_one(shop.kept, kind="task").uid
    doc = builders.open_one(shop.kept, kind="doc").uid

    assert shop.works.take(shop, engine.Wish(roles=("Ops Agent",))) is None
    assert shop.works.take(shop, engine.Wish(task, roles=(DOC,))) is None
    assert shop.works.take(shop, engine.Wish(task, "test")) is None
    found = shop.works.take(shop, engine.Wish(roles=(DOC,)))
    assert found is not None
    assert found.claim.ticket_uid == doc
    assert shop.works.take(shop, engine.Wish(task, "implement")) is not None


def test_a_claim_that_ran_out_is_taken_over_and_one_that_holds_is_not(shop: Shop) -> None:
    uid = builders.open_one(shop.kept, kind="doc").uid
    shop.start(uid, "document", ELSEWHERE)

    assert shop.works.take(shop, engine.Wish(uid)) is None
    shop.clock.go_on(policy.LEASE + 1)
    again = shop.works.take(shop, engine.Wish(uid))

    assert again is not None
    assert again.claim.attempt == 2


def test_what_stands_against_the_only_step_is_passed_on(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc")

    class Strict(Shop):
        def begin(self, transaction: store.Transaction, work: store.Work) -> Held | None:
            del transaction
            raise errors.Waits(f"{work.step} is not trusted")

    strict = Strict(shop.kept, shop.clock)
    with pytest.raises(errors.Waits, match="document is not trusted"):
        strict.works.take(strict, engine.Wish())


def test_what_was_taken_is_performed_and_recorded_when_it_is_carried_to_its_end(shop: Shop) -> None:
    builders.open_one(shop.kept, kind="doc", priority="critical")
    builders.open_one(shop.kept, kind="doc")
    held = shop.works.take(shop, engine.Wish())
    assert held is not None

    asyncio.run(shop.works.carry(shop, held))

    assert shop.performed == ["DOC-2026-001 document 1"]


def test_a_lease_that_is_longer_than_an_engines_own_is_not_made_shorter(eager: Shop) -> None:
    builders.open_one(eager.kept, kind="doc")
    held = eager.works.take(eager, engine.Wish())
    assert held is not None
    longer = replace(held.claim, lease_until=held.claim.lease_until + 1800)
    eager.kept.renew(longer)

    async def look_after_some_turns(held: Held) -> Ended:
        for _ in range(20):
            await asyncio.sleep(0)
        assert eager.kept.claim_of(held.claim.token) == longer
        return eager.end(held)

    eager.way = look_after_some_turns
    asyncio.run(eager.works.carry(eager, Held(longer)))
    assert eager.performed == ["DOC-2026-001 document 1"]
