"""What is cut off goes on from the last recorded step, and no finished step is done again."""

import json
import os
import signal
from typing import Any

import pytest

from tests.stories import house as houses
from tests.stories.test_endings import MENDS

pytestmark = pytest.mark.slow

# Ends the process that started it, as a power cut would; mends only when it is asked again.
KILLS_FIRST = (
    """\
import os, signal
from pathlib import Path

if os.environ["TICKETY_ATTEMPT"] == "1":
    Path("half.txt").write_text("half of the work")
    os.kill(os.getppid(), signal.SIGKILL)
    signal.pause()
"""
    + MENDS
)


def attempts(ticket: dict[str, Any]) -> dict[str, int]:
    return {step["name"]: step["attempt"] for step in ticket["orchestration"]["steps"]}


@pytest.mark.parametrize(
    ("how", "code"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["kill -9", "Ctrl-C", "told to end", "terminal closed"],
)
def test_stopped_after_a_step_it_goes_on_with_the_next(notes: houses.House, how: signal.Signals, code: int) -> None:
    running = notes.start(houses.SENTENCE, "--yes", "--json")
    assert running.stdout is not None
    for line in running.stdout:
        event = json.loads(line)
        if event["type"] == "step.passed" and event["data"]["step"] == "diagnose":
            break
    os.killpg(running.pid, how)
    running.communicate()

    ended = notes.tickety("run", "--json")

    assert running.returncode == code
    assert ended.code == 0, ended.err
    assert ended.ticket["resolution"] == "fixed"
    assert attempts(ended.ticket)["diagnose"] == 1
    assert sum(update["step"] == "diagnose" for update in ended.ticket["agent_updates"]) == 1


def test_killed_in_the_middle_of_a_step_it_does_that_step_again_from_a_clean_worktree(notes: houses.House) -> None:
    notes.seat("Engineer", KILLS_FIRST)

    killed = notes.tickety(houses.SENTENCE, "--yes", "--json")
    ended = notes.tickety("run", "--json")

    assert killed.code == -signal.SIGKILL
    assert ended.code == 0, ended.err
    assert attempts(ended.ticket) == {"diagnose": 1, "fix": 2, "test": 1}
    assert "half.txt" not in notes.git("ls-tree", "-r", "--name-only", ended.ticket["branch"])


def test_a_second_sentence_is_worked_on_while_the_first_one_runs(notes: houses.House) -> None:
    notes.seat("Engineer", "import os\nopen(os.environ['GATE']).read()\n" + MENDS)
    notes.write({"tickety.toml": (notes.path / "tickety.toml").read_text() + '\n[workspace]\nenv = ["GATE"]\n'})
    notes.commit(message="let the gate through")
    gates = [notes.home / "first", notes.home / "second"]
    for gate in gates:
        os.mkfifo(gate)
    notes.tickety("trust", "--yes")

    first = notes.start(houses.SENTENCE, "--json", GATE=str(gates[0]))
    second = notes.start("notes --version ends with an ImportError", "--json", GATE=str(gates[1]))
    for gate in reversed(gates):
        with gate.open("w") as opened:  # opens once the agent behind it reads: both are at work then
            opened.write("go")
    results = [process.communicate() for process in (first, second)]

    tickets = [json.loads(out.splitlines()[-1])["ticket"] for out, _ in results]
    assert [ticket["resolution"] for ticket in tickets] == ["fixed", "fixed"]
    assert len({ticket["id"] for ticket in tickets}) == 2
    assert len({ticket["branch"] for ticket in tickets}) == 2


def test_a_ticket_that_is_worked_on_elsewhere_is_not_taken_twice(notes: houses.House) -> None:
    gate = notes.home / "gate"
    os.mkfifo(gate)
    notes.seat("Engineer", f"open({str(gate)!r}).read()\n" + MENDS)
    running = notes.start(houses.SENTENCE, "--yes", "--json")
    with gate.open("w") as opened:
        ticket_id = notes.tickety("list", "--json").data["tickets"][0]["id"]
        refused = notes.tickety("run", ticket_id, "--json")
        opened.write("go")
    running.communicate()

    assert refused.code == 4
    assert "is being worked on" in refused.error["message"]
    assert notes.tickety("show", ticket_id, "--json").data["resolution"] == "fixed"


def test_a_branch_that_moved_without_being_recorded_is_moved_back(notes: houses.House) -> None:
    notes.seat("Engineer", KILLS_FIRST)
    notes.tickety(houses.SENTENCE, "--yes", "--json")
    ticket = notes.tickety("show", "1", "--json").data
    tree = notes.git("rev-parse", "main^{tree}").strip()
    lost = notes.git("commit-tree", tree, "-p", "main", "-m", "moved, then the power went").strip()
    notes.git("update-ref", f"refs/tickety/{ticket['id']}-{ticket['uid'][-4:]}/fix-1", lost)
    notes.git("update-ref", f"refs/heads/{ticket['branch']}", lost)

    ended = notes.tickety("run", "--json")

    assert ended.ticket["resolution"] == "fixed"
    assert "the power went" not in notes.git("log", "--format=%s", ended.ticket["branch"])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_in_the_middle_of_a_step_nothing_is_left_running(notes: houses.House, how: signal.Signals) -> None:
    alive = notes.home / "alive"
    os.mkfifo(alive)
    notes.seat("Engineer", f"import signal\nfifo = open({str(alive)!r}, 'w')\nsignal.pause()\n")
    running = notes.start(houses.SENTENCE, "--yes", "--json")

    with alive.open() as opened:  # the agent is at work once it has opened its end
        os.killpg(running.pid, how)
        running.communicate()
        assert opened.read() == "", "the end of the pipe: the agent is gone"

    fix = notes.tickety("show", "1", "--json").data["orchestration"]["steps"][1]
    assert (fix["state"], fix["reason"]) == ("ready", "interrupted")
