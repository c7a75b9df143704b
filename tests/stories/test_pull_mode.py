"""A ticket in the hands of agents that Tickety does not start: they take steps, work, and report."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stories import house as houses

PASSED = ("report", "--status", "passed", "--summary", "done", "--json")

# Stops itself between its claim and its work, as a laptop that is closed does; goes on as if nothing had happened.
SLEEPER = """
import json, os, signal, subprocess, sys
tickety = [sys.executable, "-m", "tickety"]
claimed = subprocess.run([*tickety, "claim", "1/fix", "--lease", "1s", "--json"], stdout=-1, check=True)
taken = json.loads(claimed.stdout)
print(taken["worktree"], flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
with open(taken["worktree"] + "/notes/cli.py", "a") as file:
    file.write("# the sleeper was here\\n")
report = [*tickety, "report", "--status", "passed", "--summary", "I am back", "--token", taken["token"], "--json"]
sys.exit(subprocess.run(report).returncode)
"""


def claim(house: houses.House, *words: str) -> dict[str, Any]:
    taken = house.tickety("claim", *words, "--json")
    assert taken.code == 0, taken.err
    told: dict[str, Any] = taken.data
    return told


def hand_in(house: houses.House, taken: dict[str, Any]) -> houses.Result:
    return house.tickety(*PASSED, TICKETY_TOKEN=taken["token"])


def mend(taken: dict[str, Any]) -> None:
    cli = Path(taken["worktree"]) / "notes" / "cli.py"
    cli.write_text(cli.read_text().replace("version_text", "version_line"))


@pytest.fixture
def opened(notes: houses.House) -> houses.House:
    notes.tickety("trust", "--yes")
    notes.tickety("new", houses.SENTENCE)
    return notes


def test_a_whole_bug_by_pull_mode_from_its_first_step_to_closed(opened: houses.House) -> None:
    before = opened.footprint()
    for role in ("research", "agent:Engineer", "qa"):
        taken = claim(opened, "--next", "--as", role)
        if taken["writes"] and taken["step"] == "fix":
            mend(taken)
        told = hand_in(opened, taken)
        assert told.code == 0, told.out + told.err

    ticket = opened.tickety("show", "1", "--json").data
    assert (ticket["status"], ticket["resolution"]) == ("closed", "fixed")
    assert "version_line" in opened.git("show", f"{ticket['branch']}:notes/cli.py")
    assert {receipt["phase"] for update in ticket["agent_updates"] for receipt in update["receipts"]} >= {
        "before", "after"
    }  # fmt: skip
    assert opened.footprint() == before


def test_what_an_agent_commits_by_itself_does_not_move_the_branch_and_still_counts(opened: houses.House) -> None:
    hand_in(opened, claim(opened, "1/diagnose"))
    taken = claim(opened, "1/fix")
    mend(taken)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "mine"]
    subprocess.run(git, cwd=taken["worktree"], check=True, env=opened.environment)

    assert hand_in(opened, taken).code == 0

    branch = opened.branch
    assert opened.git("rev-list", "--count", f"main..{branch}").strip() == "1"
    assert "mine" not in opened.git("log", "--format=%s", branch)
    assert "version_line" in opened.git("show", f"{branch}:notes/cli.py")


@pytest.mark.slow
def test_who_sleeps_past_the_lease_can_do_no_harm(opened: houses.House) -> None:
    hand_in(opened, claim(opened, "1/diagnose"))
    sleeper = subprocess.Popen(
        [sys.executable, "-c", SLEEPER], stdout=-1, stderr=-1, text=True, cwd=opened.path, env=opened.environment
    )
    assert sleeper.stdout is not None
    place = sleeper.stdout.readline().strip()
    _, status = os.waitpid(sleeper.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)

    while (again := opened.tickety("claim", "1/fix", "--json")).code == 4:
        assert "is held by" in again.error["message"]
    successor = again.data
    assert successor["worktree"] != place, "the sleeper may still be at work there"
    mend(successor)
    os.kill(sleeper.pid, signal.SIGCONT)
    _, err = sleeper.communicate()

    assert sleeper.returncode == 4, err
    assert "attempt 1 of BUG-" in err
    assert "is not the running one any more: fix is running, attempt 2" in err
    assert hand_in(opened, successor).code == 0
    ticket = opened.tickety("show", "1", "--json").data
    assert [update["attempt"] for update in ticket["agent_updates"] if update["step"] == "fix"] == [2]
    assert "I am back" not in str(ticket)
    assert "the sleeper was here" not in opened.git("show", f"{ticket['branch']}:notes/cli.py")


@pytest.mark.slow
def test_who_is_late_and_has_no_successor_still_counts(opened: houses.House) -> None:
    taken = claim(opened, "1/diagnose", "--lease", "1s")
    while "has not been heard of since" not in opened.tickety("why", "1").out:
        pass

    assert hand_in(opened, taken).code == 0


@pytest.mark.slow
def test_what_nobody_reported_on_goes_on_by_itself_once_its_lease_ran_out(opened: houses.House) -> None:
    claim(opened, "1/diagnose", "--lease", "1s")
    while "has not been heard of since" not in opened.tickety("why", "1").out:
        pass

    ended = opened.tickety("run", "--json")

    assert ended.ticket["resolution"] == "fixed"
    assert ended.ticket["orchestration"]["steps"][0]["attempt"] == 2


def test_a_run_leaves_alone_what_somebody_has_taken(opened: houses.House) -> None:
    taken = claim(opened, "--next")

    assert "nothing is ready" in opened.tickety("run").err
    refused = opened.tickety("run", "1", "--json")
    assert (refused.code, "pull/Research/user:ada/" in refused.error["message"]) == (4, True)
    assert hand_in(opened, taken).code == 0


@pytest.mark.slow
def test_a_report_that_is_cut_off_leaves_the_step_to_its_agent(opened: houses.House) -> None:
    gate = opened.home / "gate"
    os.mkfifo(gate)
    opened.commit({"tickety.toml": f'[verification]\ncommand = ["sh", "-c", "cat {gate}"]\n'}, "verify slowly")
    opened.tickety("trust", "--yes")
    taken = claim(opened, "1/diagnose")
    reporting = opened.start(*PASSED, TICKETY_TOKEN=taken["token"])
    with gate.open("w"):
        os.killpg(reporting.pid, signal.SIGINT)
        reporting.communicate()

    assert reporting.returncode == 130
    step = opened.tickety("show", "1", "--json").data["orchestration"]["steps"][0]
    assert (step["state"], step["attempt"]) == ("running", 1)
    assert opened.tickety("renew", TICKETY_TOKEN=taken["token"]).code == 0
