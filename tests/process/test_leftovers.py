"""A Tickety that is killed with -9 cannot tidy up: the next one ends what it left running."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickety.runners import groups, leftovers, process

TICKETY = """
import asyncio, os, sys
from pathlib import Path
from tickety import runner
from tickety.runners import process
folder = Path(sys.argv[1])
code = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '300']); print(p.pid, flush=True); " + sys.argv[2]
command = runner.Command((sys.executable, "-c", code), folder, dict(os.environ), folder / "output", 300)
asyncio.run(process.ProcessRunner().run(command))
"""


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Path]:
    """The folder of a run whose Tickety was killed; the processes are ended whatever the test does."""
    yield from start_and_kill(tmp_path, "time.sleep(300)")


def start_and_kill(folder: Path, code: str) -> Iterator[Path]:
    tickety = subprocess.Popen(
        [sys.executable, "-c", TICKETY, str(folder), code], env={**os.environ, "PYTHONPATH": "src"}
    )
    note = folder / "output.process"
    wait_for(lambda: note.exists() and bool(grandchild(folder)))
    leader = json.loads(note.read_text())["group"]["pid"]
    tickety.send_signal(signal.SIGKILL)
    tickety.wait()
    yield folder
    groups.kill(leader)


def grandchild(folder: Path) -> str:
    output = folder / "output"
    return output.read_text().strip() if output.exists() else ""


def wait_for(happened: object) -> None:
    assert callable(happened)
    for _ in range(2000):
        if happened():
            return
        subprocess.run(["sleep", "0.01"], check=True)
    pytest.fail("it did not happen in 20 seconds")


def test_what_was_left_running_is_ended_once(killed: Path) -> None:
    child = int(grandchild(killed))
    leader = json.loads((killed / "output.process").read_text())["group"]["pid"]
    assert {leader, child} <= set(groups.members(leader))
    process.ProcessRunner().end_leftovers(killed.parent)
    assert groups.members(leader) == []
    assert not (killed / "output.process").exists()
    process.ProcessRunner().end_leftovers(killed.parent)


def test_a_group_whose_first_process_is_gone_is_still_found(killed: Path) -> None:
    note = killed / "output.process"
    leader = json.loads(note.read_text())["group"]["pid"]
    os.kill(leader, signal.SIGKILL)
    wait_for(lambda: leader not in groups.members(leader))
    assert groups.members(leader) == [int(grandchild(killed))]
    assert leftovers.end_leftover(note)
    assert groups.members(leader) == []


def test_a_process_that_has_the_number_by_now_is_left_alone(killed: Path) -> None:
    note = killed / "output.process"
    content = json.loads(note.read_text())
    content["group"]["started"] = f"{groups.here()} 1"
    note.write_text(json.dumps(content))
    assert not leftovers.end_leftover(note)
    assert groups.is_alive(content["group"]["pid"])
    assert not note.exists()


def test_a_group_of_an_earlier_start_of_the_machine_is_left_alone(killed: Path) -> None:
    note = killed / "output.process"
    content = json.loads(note.read_text())
    os.kill(content["group"]["pid"], signal.SIGKILL)
    wait_for(lambda: content["group"]["pid"] not in groups.members(content["group"]["pid"]))
    content["group"]["here"] = "another boot"
    note.write_text(json.dumps(content))
    assert not leftovers.end_leftover(note)
    assert groups.is_alive(content["group"]["pid"])


def test_the_programs_of_a_tickety_that_runs_are_left_alone(tmp_path: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "300"], start_new_session=True)
    try:
        with leftovers.noted(tmp_path / "output", sleeper.pid):
            process.ProcessRunner().end_leftovers(tmp_path)
            assert groups.is_alive(sleeper.pid)
            assert (tmp_path / "output.process").exists()
            assert (tmp_path / "output.process").stat().st_mode & 0o777 == 0o600
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"group": {"pid": "1"}}', '{"group": {"pid": 1}, "runner": {"pid": 1}}']
)
def test_a_note_that_cannot_be_read_ends_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "output.process").write_text(content)
    assert not leftovers.end_leftover(tmp_path / "output.process")
    assert list(tmp_path.iterdir()) == []
    assert not leftovers.end_leftover(tmp_path / "gone.process")
