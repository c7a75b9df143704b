"""Crowds of real processes that want the same step, round after round: each time one of them gets it."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import builders
from tickety.stores import sqlite

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ROUNDS = 100
READY = 1_000
RACER = """
import os, sys
from tests import builders
from tickety import store
from tickety.core import policy, times
from tickety.desk import ledger
from tickety.engines import workers
from tickety.stores import sqlite

kept, clock = sqlite.SqliteStore(sys.argv[1]), builders.HandClock()
now = times.as_text(clock.now())

def begin(work):
    bid = ledger.Bid("somebody", workers.own_name(), os.urandom(8).hex(), clock.now(), 60.0)
    return kept.change(builders.author(), lambda transaction: ledger.begin(transaction, work, bid, policy.USUAL))

def one(uid):
    # What this process sees may be claimed by another one before it begins.
    for work in kept.ready(store.Wanted(now, 1, uid=uid)):
        return "won" if begin(work) else "lost"
    return "late"

def several():
    taken = []
    while found := kept.ready(store.Wanted(now, 8)):
        taken += [work.ticket_uid for work in found if begin(work)]
    return " ".join(taken)

print("ready", flush=True)
for line in sys.stdin:
    asked = line.strip()
    print(several() if asked == "next" else one(asked), flush=True)
"""


@contextmanager
def crowd(path: Path, number: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes on one store that wait to be told what to want."""
    environment = {"PYTHONPATH": ":".join((str(ROOT), *filter(None, sys.path)))}
    argv = [sys.executable, "-c", RACER, str(path)]
    racers = [subprocess.Popen(argv, stdin=-1, stdout=-1, text=True, env=environment, cwd=ROOT) for _ in range(number)]
    try:
        assert {heard(racer) for racer in racers} == {"ready"}
        yield racers
    finally:
        for racer in racers:
            racer.communicate()


def heard(racer: "subprocess.Popen[str]") -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def told(racers: list["subprocess.Popen[str]"], wish: str) -> list[str]:
    """What each says, all of them told at the same time."""
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(wish + "\n")
        racer.stdin.flush()
    return [heard(racer) for racer in racers]


@pytest.mark.parametrize("number", [8, 32, 64])
def test_of_many_that_want_one_step_one_gets_it_a_hundred_times(tmp_path: Path, number: int) -> None:
    path = tmp_path / "tickety" / "tickety.db"
    kept = sqlite.SqliteStore(str(path))
    uids = [builders.open_one(kept, kind="doc").uid for _ in range(ROUNDS)]

    with crowd(path, number) as racers:
        winners = [Counter(told(racers, uid))["won"] for uid in uids]

    assert winners == [1] * ROUNDS
    assert len(kept.running(None)) == ROUNDS
    kept.close()


@pytest.mark.parametrize("number", [8, 32, 64])
def test_many_that_take_what_is_next_from_a_thousand_take_each_once(tmp_path: Path, number: int) -> None:
    path = tmp_path / "tickety" / "tickety.db"
    kept = sqlite.SqliteStore(str(path))
    uids = [builders.open_one(kept, kind="doc").uid for _ in range(READY)]

    with crowd(path, number) as racers:
        taken = [uid for said in told(racers, "next") for uid in said.split()]

    assert Counter(taken) == dict.fromkeys(uids, 1)
    assert {kept.load(uid).orchestration.step("document").attempt for uid in uids} == {1}
    kept.close()
