"""Many processes that pull at once: of each step there is one winner, and nobody waits for ever."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.stories import house as houses
from tickety.stores import sqlite

pytestmark = pytest.mark.slow

CLAIM = """
import sys
from tickety.cli import main, claim, report
print("ready", flush=True)
sys.stdin.readline()
sys.argv = ["tickety", *sys.argv[1:]]
main.main()
"""
PULL = """
import contextlib, io, json, sys
from tickety.cli import main, claim, report
from tickety.core import errors

def say(*words):
    answer = io.StringIO()
    with contextlib.redirect_stdout(answer):
        main.cli.main([*words, "--json"], standalone_mode=False)
    return json.loads(answer.getvalue())

print("ready", flush=True)
sys.stdin.readline()
while True:
    try:
        taken = say("claim", "--next", "--as", "documentation")
    except errors.NotFound:
        break
    with open(taken["worktree"] + "/README.md", "a") as readme:
        readme.write(taken["ticket"])
    told = say("report", "--status", "passed", "--summary", "written", "--token", taken["token"])
    print(json.dumps([taken["ticket"], taken["step"], taken["attempt"], told["result"]]), flush=True)
"""


def crowd(house: houses.House, number: int, code: str, *words: str) -> list["subprocess.Popen[str]"]:
    """Processes that have loaded everything, told to go at the same time."""
    environment = {**house.environment, "PYTHONPATH": ":".join(filter(None, sys.path))}
    argv = [sys.executable, "-c", code, *words]
    started = [
        subprocess.Popen(argv, stdin=-1, stdout=-1, stderr=-1, text=True, cwd=house.path, env=environment)
        for _ in range(number)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return started


@pytest.mark.parametrize("number", [8, 32])
def test_of_many_that_claim_one_step_one_wins(notes: houses.House, number: int) -> None:
    notes.tickety("trust", "--yes")
    notes.tickety("new", houses.SENTENCE)

    started = crowd(notes, number, CLAIM, "claim", "1/diagnose", "--json")
    ended = [process.communicate() for process in started]

    codes = Counter(process.returncode for process in started)
    assert codes == {0: 1, 4: number - 1}, [err for _, err in ended]
    (won,) = [json.loads(out) for out, _ in ended if out.strip()]
    step = notes.tickety("show", "1", "--json").data["orchestration"]["steps"][0]
    assert (step["state"], step["attempt"], won["attempt"]) == ("running", 1, 1)
    assert all("is held by pull/Research/" in err for _, err in ended if "tickety:" in err)


def test_many_that_take_what_is_next_until_nothing_is_left_take_each_step_once(notes: houses.House) -> None:
    notes.tickety("trust", "--yes")
    tickets = 24
    for number in range(tickets):
        notes.tickety("new", f"Describe thing number {number} in the README", "--type", "doc")

    started = crowd(notes, 8, PULL)
    ended = [process.communicate() for process in started]

    assert [(process.returncode, err) for process, (_, err) in zip(started, ended, strict=True)] == [(0, "")] * 8
    done = [tuple(json.loads(line)) for out, _ in ended for line in out.splitlines()]
    assert len(done) == len(set(done)) == tickets
    assert {(step, attempt, result) for _, step, attempt, result in done} == {("document", 1, "passed")}
    listed = notes.tickety("list", "status:closed", "--json", "--limit", "50").data["tickets"]
    assert len(listed) == tickets
    kept = sqlite.SqliteStore(str(notes.path / ".git" / "tickety" / "tickety.db"))
    assert Counter(event.type for event in kept.since(0, 10_000))["step.reported"] == tickets
    assert list(kept.examine()) == []
    kept.close()
