"""Many workers on one store: no step is begun twice, none is left, and whoever is killed leaves no result twice.

The steps do nothing: what is looked at is the engine and the ledger. `make soak` kills for a minute.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import builders
from tests.contract import test_engine as contract
from tickety import clock, store
from tickety.core import policy, query, times
from tickety.stores import sqlite

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WORKERS = 16
STEPS = 10_000
KILLING = 60.0 if "TICKETY_KILLS" in os.environ else 15.0  # seconds
SHORT, MORE = 100, 400  # tickets: when there are fewer left, so many come
NURSERY = """
import asyncio, os, signal, sys
from tests.process import test_many_workers as many
from tickety.stores import sqlite

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
for _ in sys.stdin:
    child = os.fork()
    if not child:
        sys.stdin.close()
        many.work(sys.argv[1])
        os._exit(0)
    print(child, flush=True)
"""


class Shop(contract.Shop):
    """An errand of steps that do nothing, on the machine's clock."""

    async def perform(self, held: contract.Held) -> contract.Ended:
        await asyncio.sleep(0)
        return self.end(held)


def work(path: str) -> None:
    """Do all there is."""
    kept = sqlite.SqliteStore(path)
    asyncio.run(_drain(kept))
    kept.close()


async def _drain(kept: store.Store) -> None:
    shop = Shop(kept, Clock())
    shop.rules = policy.Policy(workers=4)
    await shop.works.drain(shop, None)


class Clock(clock.SystemClock, builders.HandClock):
    """The machine's clock, where one is expected that goes by hand."""


class Nursery:
    """A process that has loaded everything, and whose children work until they are done or killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def bear(self) -> int:
        """Another worker; its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print("go", file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


@contextmanager
def nursery(path: Path) -> Iterator[Nursery]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))}
    words = [sys.executable, "-c", NURSERY, str(path)]
    with subprocess.Popen(words, stdin=-1, stdout=-1, text=True, env=environment, cwd=ROOT) as process:
        yield Nursery(process)


def fill(kept: store.Store, tickets: int) -> None:
    """Open so many tickets of two steps."""

    def opened(transaction: store.Transaction) -> None:
        for _ in range(tickets):
            number = transaction.take_number("TASK", builders.YEAR)
            transaction.open(builders.new_uid(), builders.opening(f"TASK-2026-{number:03}", "task", "medium"))

    kept.change(builders.author(), opened)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickety" / "tickety.db"


def told(kept: store.Store) -> Counter[tuple[str, str, str]]:
    """How often each step was begun, given back, and passed: (type, ticket, step)."""
    types = ("step.started", "step.released", "step.passed")
    found: Counter[tuple[str, str, str]] = Counter()
    seq = 0
    while log := kept.since(seq, 10_000, types):
        found.update((event.type, event.ticket_uid, event.data["step"]) for event in log)
        seq = log[-1].seq
    return found


def of(found: Counter[tuple[str, str, str]], kind: str) -> dict[tuple[str, str], int]:
    return {(uid, step): count for (what, uid, step), count in found.items() if what == kind}


def test_sixteen_workers_begin_and_end_every_one_of_ten_thousand_steps_once(path: Path) -> None:
    kept = sqlite.SqliteStore(str(path))
    fill(kept, STEPS // 2)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))}
    words = [sys.executable, "-c", "import sys; from tests.process import test_many_workers as m; m.work(sys.argv[1])"]
    crowd = [
        subprocess.Popen([*words, str(path)], stderr=-1, text=True, env=environment, cwd=ROOT) for _ in range(WORKERS)
    ]
    ended = [process.communicate()[1] for process in crowd]

    assert [(process.returncode, err) for process, err in zip(crowd, ended, strict=True)] == [(0, "")] * WORKERS
    found = told(kept)
    for kind in ("step.started", "step.passed"):
        assert len(of(found, kind)) == STEPS
        assert set(of(found, kind).values()) == {1}
    assert of(found, "step.released") == {}
    workers = {event.data["worker"] for event in kept.since(0, 100_000, ("step.started",))}
    assert len(workers) > WORKERS // 2
    assert kept.count(builders.of_status("closed")) == STEPS // 2
    kept.close()


def test_every_ticket_ends_and_no_result_counts_twice_however_many_workers_are_killed(path: Path) -> None:
    chance = random.Random(KILLING)  # noqa: S311 - moments, no secrets
    kept = sqlite.SqliteStore(str(path))
    fill(kept, MORE)
    killed = 0
    with nursery(path) as workers:
        alive = [workers.bear() for _ in range(6)]
        until = time.monotonic() + KILLING
        while time.monotonic() < until:
            if not _goes_on(kept, chance.randrange(1, 60), until):
                fill(kept, MORE)
            alive = [workers.bear(), *alive]
            killed += _kill(alive.pop(chance.randrange(len(alive))))
        for worker in alive:
            killed += _kill(worker)
    asyncio.run(_drain(kept))

    found = told(kept)
    opened = kept.count(query.EVERYTHING)
    assert killed > KILLING
    assert kept.count(builders.of_status("closed")) == opened
    assert len(of(found, "step.passed")) == 2 * opened
    assert set(of(found, "step.passed").values()) == {1}
    begun, lost = of(found, "step.started"), of(found, "step.released")
    assert all(begun[key] == 1 + lost.get(key, 0) for key in begun)
    assert sum(lost.values()) > 0
    assert list(kept.examine()) == []
    kept.close()


def _goes_on(kept: store.Store, steps: int, until: float) -> bool:
    """Wait until so many more events of ended steps are there; False when little is left to be done."""
    seen = kept.end()
    while time.monotonic() < until:
        if len(kept.ready(store.Wanted(times.as_text(Clock().now()), SHORT))) < SHORT:
            return False
        if len(kept.since(seen, steps, ("step.passed",))) >= steps:
            return True
    return True


def _kill(worker: int) -> bool:
    """Whether there was somebody to be killed."""
    try:
        os.kill(worker, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
