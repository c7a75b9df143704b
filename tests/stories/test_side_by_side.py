"""Many tickets at once: in one run, in several runs, and in a run that stays."""

import json
import os
import signal
from collections import Counter
from typing import Any

import pytest

from tests.stories import house as houses

pytestmark = pytest.mark.slow

WRITES = "from pathlib import Path\nPath('README.md').open('a').write('more')\n"
# Waits behind a gate of its ticket's own.
GATED = "import os\nopen(os.path.join({home!r}, os.environ['TICKETY_TICKET'])).read()\n" + WRITES
# Moves the branch of the first ticket by itself, which nobody may.
MEDDLES = (
    """\
import os, subprocess
if os.environ["TICKETY_TICKET"].endswith("-001"):
    branches = ["git", "for-each-ref", "--format=%(refname)", "refs/heads/tickety"]
    for branch in subprocess.run(branches, stdout=-1, text=True).stdout.split():
        if "-001" in branch:
            made = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", "HEAD^{tree}", "-p", "HEAD"]
            commit = subprocess.run([*made, "-m", "mine"], stdout=-1, text=True).stdout.strip()
            subprocess.run(["git", "update-ref", branch, commit])
"""
    + WRITES
)


def opened(house: houses.House, number: int, script: str) -> list[str]:
    """So many tickets for one writer, whose seat has that script."""
    house.seat("Documentation", script)
    house.tickety("trust", "--yes")
    words = ("--type", "doc", "--json")
    made = [house.tickety("new", f"Describe thing number {one} in the README", *words) for one in range(number)]
    return [one.data["id"] for one in made]


def results(out: str) -> dict[str, tuple[int, str]]:
    """By the ticket's id: the exit code that its last line tells, and how it was closed."""
    last = [json.loads(line) for line in out.splitlines()]
    return {
        one["ticket"]["id"]: (one["exit_code"], one["ticket"]["resolution"]) for one in last if one["type"] == "result"
    }


def attempts(house: houses.House, ids: list[str]) -> list[int]:
    shown: list[dict[str, Any]] = [house.tickety("show", one, "--json").data for one in ids]
    return [one["orchestration"]["steps"][0]["attempt"] for one in shown]


@pytest.mark.parametrize("is_named", [False, True])
def test_one_run_works_on_several_tickets_side_by_side(notes: houses.House, *, is_named: bool) -> None:
    ids = opened(notes, 3, GATED.format(home=str(notes.home)))
    gates = [notes.home / one for one in ids]
    for gate in gates:
        os.mkfifo(gate)
    running = notes.start("run", *(ids if is_named else ()), "--json")
    for gate in reversed(gates):
        with gate.open("w") as file:  # opens once the agent behind it reads: all are at work then
            file.write("go")
    out, err = running.communicate()

    assert running.returncode == 0, err
    assert results(out) == dict.fromkeys(ids, (0, "done"))


def test_what_stops_one_ticket_is_told_and_does_not_stop_the_others(notes: houses.House) -> None:
    ids = opened(notes, 3, MEDDLES)

    ended = notes.tickety("run", "--json")

    assert ended.code == 4
    assert results(ended.out) == {ids[0]: (4, None), ids[1]: (0, "done"), ids[2]: (0, "done")}
    assert "was moved while the step ran" in ended.err
    step = notes.tickety("show", ids[0], "--json").data["orchestration"]["steps"][0]
    assert (step["state"], "was moved" in step["reason"]) == ("ready", True)


def test_several_runs_share_what_there_is_and_do_each_step_once(notes: houses.House) -> None:
    ids = opened(notes, 8, WRITES)

    runs = [notes.start("run", "--json", "--workers", "2") for _ in range(3)]
    ended = [run.communicate() for run in runs]

    assert [run.returncode for run in runs] == [0, 0, 0], ended
    assert attempts(notes, ids) == [1] * 8
    closed = notes.tickety("list", "status:closed", "--json").data["tickets"]
    assert sorted(one["id"] for one in closed) == ids
    begun = Counter(event["data"]["step"] for out, _ in ended for event in map(json.loads, out.splitlines())
                    if event["type"] == "step.started")  # fmt: skip
    assert begun == {"document": 8}


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_a_run_that_stays_does_what_comes_and_gives_back_what_runs_when_it_is_ended(
    notes: houses.House, how: signal.Signals, code: int
) -> None:
    (first,) = opened(notes, 1, GATED.format(home=str(notes.home)))
    (notes.home / first).write_text("go")
    staying = notes.start("run", "--forever", "--json")
    assert staying.stdout is not None
    _until(staying.stdout, "ticket.closed")
    second = notes.tickety("new", "Describe one thing more in the README", "--type", "doc", "--json").data["id"]
    gate = notes.home / second
    os.mkfifo(gate)
    with gate.open("w"):  # its agent is at work
        os.killpg(staying.pid, how)
        staying.communicate()

    assert staying.returncode == code
    step = notes.tickety("show", second, "--json").data["orchestration"]["steps"][0]
    assert (step["state"], step["attempt"], step["reason"]) == ("ready", 1, "interrupted")


def _until(lines: Any, kind: str) -> None:  # noqa: ANN401 - a pipe
    for line in lines:
        if json.loads(line)["type"] == kind:
            return
    raise AssertionError(kind)


def test_only_the_rules_run_where_nothing_else_was_asked_for(notes: houses.House) -> None:
    ids = opened(notes, 1, WRITES)

    assert notes.tickety("run", "--rules-only").code == 0
    assert attempts(notes, ids) == [0]


@pytest.mark.parametrize(
    "words", [("1", "--forever"), ("1", "--rules-only"), ("--workers", "0"), ("--workers", "x"), ("a/b",)]
)
def test_a_run_that_makes_no_sense_is_refused(notes: houses.House, words: tuple[str, ...]) -> None:
    assert notes.tickety("run", *words).code == 2
