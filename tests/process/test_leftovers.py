"""A Tickety that is killed with -9 cannot tidy up: the next one ends what it left running."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tickety.runners import groups, leftovers, process

# Told through a named pipe when its grandchild runs.
TICKETY = """
import asyncio, os, sys
from pathlib import Path
from tickety import runner
from tickety.runners import process
folder = Path(sys.argv[1])
words = ("sh", "-c", "sleep 300 & echo $! > ready; wait")
command = runner.Command(words, folder, dict(os.environ), folder / "output", 300)
asyncio.run(process.ProcessRunner().run(command))
"""


@dataclass(frozen=True)
class Killed:
    """A run whose Tickety was killed: its note, the group's first process, and that one's child."""

    note: Path
    leader: int
    child: int

    def tamper(self, **group: object) -> None:
        """Write another group into the note, and no mark: that would find it all the same."""
        content = json.loads(self.note.read_text())
        content["group"] |= group
        content["mark"] = ""
        self.note.write_text(json.dumps(content))

    def lose_leader(self) -> None:
        os.kill(self.leader, signal.SIGKILL)
        while self.leader in groups.members(self.leader):
            pass


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    os.mkfifo(tmp_path / "ready")
    tickety = subprocess.Popen(
        [sys.executable, "-c", TICKETY, str(tmp_path)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    child = int((tmp_path / "ready").read_text())
    leader = os.getpgid(child)
    note = tmp_path / "output.process"
    while not note.exists() or not note.read_text().endswith("}}"):
        assert tickety.poll() is None
    tickety.kill()
    tickety.wait()
    yield Killed(note, leader, child)
    groups.kill(leader)


def test_what_was_left_running_is_ended_once(killed: Killed) -> None:
    assert set(groups.members(killed.leader)) == {killed.leader, killed.child}
    process.ProcessRunner().end_leftovers(killed.note.parent.parent)
    assert groups.members(killed.leader) == []
    assert not killed.note.exists()
    process.ProcessRunner().end_leftovers(killed.note.parent.parent)


def test_a_group_whose_first_process_is_gone_is_still_found(killed: Killed) -> None:
    killed.lose_leader()
    assert leftovers.end_leftover(killed.note)
    assert groups.members(killed.leader) == []


def test_a_daemon_of_a_group_that_is_gone_is_found_by_its_mark(tmp_path: Path) -> None:
    mark = groups.new_mark()
    daemon = subprocess.Popen(["sleep", "300"], start_new_session=True, env={groups.MARK: mark})
    other = subprocess.Popen(["sleep", "300"], start_new_session=True, env={groups.MARK: groups.new_mark()})
    try:
        note = {"group": {"pid": 1, "started": "x", "here": "x"}, "runner": {"pid": 1, "started": None, "here": ""}}
        (tmp_path / "output.process").write_text(json.dumps({**note, "mark": mark}))
        assert leftovers.end_leftover(tmp_path / "output.process")
        assert [groups.is_alive(each.pid) for each in (daemon, other)] == [False, True]
    finally:
        for each in (daemon, other):
            each.kill()
            each.wait()


def test_a_mark_holds_the_mark_of_the_program_that_tickety_runs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(groups.MARK, "outer")
    assert groups.new_mark().startswith("outer.")
    assert groups.new_mark() != groups.new_mark()


def test_a_process_that_has_the_number_by_now_is_left_alone(killed: Killed) -> None:
    killed.tamper(started=f"{groups.here()} 1")
    assert not leftovers.end_leftover(killed.note)
    assert groups.is_alive(killed.leader)
    assert not killed.note.exists()


def test_a_group_of_an_earlier_start_of_the_machine_is_left_alone(killed: Killed) -> None:
    killed.lose_leader()
    killed.tamper(here="another boot", started="another boot 1")
    assert not leftovers.end_leftover(killed.note)
    assert groups.members(killed.leader) == [killed.child]


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


def test_what_a_living_tickety_runs_is_seen_and_can_be_ended_by_force(tmp_path: Path) -> None:
    mark = groups.new_mark()
    sleeper = subprocess.Popen(["sleep", "300"], start_new_session=True, env={groups.MARK: mark})
    daemon = subprocess.Popen(["sleep", "300"], start_new_session=True, env={groups.MARK: mark})
    programs = process.ProcessRunner()
    assert not programs.is_running(tmp_path)
    with leftovers.noted(tmp_path / "output", sleeper.pid, mark):
        assert programs.is_running(tmp_path)
        programs.end_by_force(tmp_path)
        assert [sleeper.wait(), daemon.wait()] == [-signal.SIGKILL, -signal.SIGKILL]
        assert not programs.is_running(tmp_path)
        assert (tmp_path / "output.process").exists()


def test_where_nothing_runs_nothing_is_ended(tmp_path: Path) -> None:
    (tmp_path / "output.process").write_text("{")
    programs = process.ProcessRunner()
    programs.end_by_force(tmp_path)
    assert not programs.is_running(tmp_path)
    assert not programs.is_running(tmp_path / "nowhere")
