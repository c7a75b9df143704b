"""What people stop has ended when the command that stopped it says so, whoever runs it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.stories import house as houses
from tests.stories.test_endings import MENDS
from tickety.runners import groups

pytestmark = pytest.mark.slow

# The first time it ignores every polite word, has a grandchild that does, too, and a daemon in a session of its own.
STUBBORN = """\
import os, signal, subprocess, sys

if os.environ["TICKETY_ATTEMPT"] != "1":
    exec({mends!r})
    sys.exit()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "trap '' TERM; sleep 300 & echo $!; wait"
child = subprocess.Popen(["sh", "-c", deaf], stdout=subprocess.PIPE, text=True)
daemon = subprocess.Popen(["sleep", "300"], start_new_session=True, stdout=subprocess.DEVNULL)
pids = [os.getpid(), child.pid, int(child.stdout.readline()), daemon.pid]
with open({gate!r}, "w") as gate:
    gate.write(" ".join(map(str, pids)))
signal.pause()
"""


@contextmanager
def at_work(house: houses.House) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """A `tickety run` in another process, and the processes of its stubborn agent."""
    gate = house.home / "gate"
    os.mkfifo(gate)
    house.seat("Engineer", STUBBORN.format(gate=str(gate), mends=MENDS))
    running = house.start(houses.SENTENCE, "--yes", "--json")
    pids = [int(word) for word in gate.read_text().split()]
    try:
        yield running, pids
    finally:
        for pid in [running.pid, *pids]:
            groups.kill(pid)
        running.communicate()


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if _is_running(pid)]


def _is_running(pid: int) -> bool:
    try:
        return pid in groups.members(os.getpgid(pid))
    except ProcessLookupError:
        return False


def step(house: houses.House, name: str = "fix") -> tuple[str, int]:
    steps = house.tickety("show", "1", "--json").data["orchestration"]["steps"]
    return next((step["state"], step["attempt"]) for step in steps if step["name"] == name)


def test_a_cancelled_ticket_is_at_rest_in_under_five_seconds(notes: houses.House) -> None:
    with at_work(notes) as (running, pids):
        assert alive(pids) == pids
        began = time.monotonic()
        cancelled = notes.tickety("cancel", "1", "--because", "we drop it")
        seconds = time.monotonic() - began

        assert (cancelled.code, alive(pids)) == (0, [])
        assert seconds < 5
        assert "is cancelled" in cancelled.out
        assert "/fix, attempt 1, has ended; it ran in " in cancelled.err
        out, err = running.communicate()
        assert running.returncode == 0, err
        assert '"resolution": "cancelled"' in out.splitlines()[-1]
    assert step(notes) == ("cancelled", 1)
    assert notes.tickety("run").out == ""


def test_what_a_run_that_stands_still_cannot_end_is_ended_for_it(notes: houses.House) -> None:
    with at_work(notes) as (running, pids):
        os.kill(running.pid, signal.SIGSTOP)
        began = time.monotonic()
        notes.tickety("cancel", "1")

        assert alive(pids) == []
        assert time.monotonic() - began < 5
        os.kill(running.pid, signal.SIGCONT)
        running.communicate()
        assert running.returncode == 0
    assert step(notes) == ("cancelled", 1)


def test_a_ticket_that_is_closed_under_an_agents_hands_ends_the_agent(notes: houses.House) -> None:
    with at_work(notes) as (running, pids):
        notes.tickety("close", "1", "--resolution", "wont_fix")
        out, err = running.communicate()

        assert (running.returncode, alive(pids)) == (0, []), err
        assert '"resolution": "wont_fix"' in out.splitlines()[-1]


def test_a_paused_ticket_goes_on_to_the_end_of_its_step_or_gives_it_back_and_is_resumed(notes: houses.House) -> None:
    with at_work(notes) as (running, pids):
        notes.tickety("pause", "1")
        assert (step(notes), alive(pids)) == (("running", 1), pids)

        given_back = notes.tickety("pause", "1", "--now")
        assert (step(notes), alive(pids)) == (("ready", 1), [])
        assert "/fix, attempt 1, has ended" in given_back.err
        running.communicate()
    assert notes.tickety("run").out == "", "nothing of a paused ticket begins"
    notes.tickety("resume", "1")

    ended = notes.tickety("run", "--yes", "--json")

    assert step(notes) == ("passed", 2), ended.err
    assert ended.ticket["resolution"] == "fixed"
