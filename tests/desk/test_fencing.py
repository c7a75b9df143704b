"""A worker that slept past its lease can do no harm: not to the ticket, not to the branch."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tests.stories import house as houses
from tickety import places
from tickety.bootstrap import desk as bootstrap
from tickety.bootstrap import memory
from tickety.core import opening, report, trusted, verdict
from tickety.desk import dispatch, intake, performance, ports, reporting, trusting


@pytest.fixture
def clock() -> builders.HandClock:
    return builders.HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: builders.HandClock) -> Iterator[ports.Ports]:
    """A desk on the example project, trusted, with one ticket whose first step is done."""
    house = houses.notes(tmp_path)
    found = places.find(str(house.path), {"XDG_STATE_HOME": str(tmp_path / "state")})
    made = bootstrap.open_desk(found, memory.open_memory(found, "user:ada", clock), lambda _: None)
    trusting.trust(made, trusted.stake(made.settings_at(made.workspaces.head().commit)))
    asked = intake.prepare(made, opening.Request(houses.SENTENCE, "user:ada", "user"))
    intake.open_ticket(made, asked)
    _perform_next(made)
    yield made
    made.store.close()


def test_a_late_report_changes_neither_the_ticket_nor_the_branch(desk: ports.Ports, clock: builders.HandClock) -> None:
    sleeper = _open_next(desk)
    clock.go_on(300)
    successor = _open_next(desk)
    before = desk.store.log(sleeper.ticket.uid)
    head = desk.workspaces.head().commit

    said = report.Report(report.Status.PASSED, "I am back, and done")
    account = reporting.Account("Engineer Agent", said, (), "finished")
    ending = reporting.Ending(desk, sleeper, account, verdict.Outcome(said.status, said.summary), head)
    desk.store.change(desk.author(), ending.record)
    dispatch.release(desk, sleeper, builders.INTERRUPTED)

    assert (sleeper.number, successor.number) == (1, 2)
    assert desk.store.log(sleeper.ticket.uid) == before
    assert desk.workspaces.branch_head(sleeper.ticket.branch or "") == successor.head


def test_a_sleeper_cannot_renew_a_claim_that_was_taken_over(desk: ports.Ports, clock: builders.HandClock) -> None:
    sleeper = _open_next(desk)
    clock.go_on(300)
    successor = _open_next(desk)

    assert not desk.store.renew(sleeper.claim)
    assert desk.store.renew(successor.claim)


def test_of_two_workers_that_see_the_same_dead_claim_one_wins(desk: ports.Ports, clock: builders.HandClock) -> None:
    _open_next(desk)
    clock.go_on(300)
    (work,) = desk.store.work(None)

    first, second = builders.open_attempt(desk, work), builders.open_attempt(desk, work)

    assert first is not None
    assert second is None


def test_a_token_is_kept_as_a_digest_only(desk: ports.Ports) -> None:
    attempt = _open_next(desk)

    stored = Path(desk.runs).parent / "tickety.db"
    kept = b"".join(path.read_bytes() for path in (stored, stored.with_name("tickety.db-wal")) if path.exists())
    assert attempt.token.encode() not in kept
    assert stored.stat().st_mode & 0o077 == 0


def _open_next(desk: ports.Ports) -> dispatch.Attempt:
    (work,) = desk.store.work(None)
    assert desk.engine.is_free(work)
    attempt = builders.open_attempt(desk, work)
    assert attempt is not None
    return attempt


def _perform_next(desk: ports.Ports) -> None:
    ending = asyncio.run(performance.perform(desk, _open_next(desk)))
    desk.store.change(desk.author(), ending.record)
