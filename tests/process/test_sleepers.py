"""A worker that is stopped past its lease, or killed: what becomes of its work, and of the place it worked in."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process import workroom
from tickety import store
from tickety.core import lifecycle, ticket
from tickety.desk import branches, run

pytestmark = pytest.mark.slow

# The first attempt says where it is, and waits; what it does then nobody must ever see.
ENGINEER = """\
import json, os
from pathlib import Path

attempt = os.environ["TICKETY_ATTEMPT"]
folder = Path({folder!r})
(folder / ("place-" + attempt)).write_text(os.getcwd())
Path("file").write_text("by attempt " + attempt + "\\n")
if attempt == "1":
    open(folder / "ready", "w").close()
    open(folder / "gate").close()
    Path("file").write_text("by a sleeper\\n")
    Path("more").write_text("more of it\\n")
    words = json.dumps({{"status": "passed", "summary": "I am back, and done"}})
    Path(os.environ["TICKETY_REPORT"]).write_text(words)
    open(folder / "ready", "w").close()
"""


@dataclass
class Scene:
    """A room in which a worker's first attempt has begun, and waits behind the gate."""

    room: workroom.Room
    folder: Path
    uid: str

    def place(self, attempt: int) -> Path:
        """Where an attempt works."""
        return Path((self.folder / f"place-{attempt}").read_text())

    def say(self, name: str, how: str) -> None:
        """Open a gate; returns once the agent stands on the other side."""
        open(self.folder / name, how, encoding="ascii").close()  # a pipe


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    for name in ("ready", "gate"):
        os.mkfifo(tmp_path / name)
    with workroom.open_room(tmp_path, ENGINEER.format(folder=str(tmp_path))) as room:
        yield Scene(room, tmp_path, room.open(workroom.writes("write"), workroom.judges("test", "write")))


def test_a_worker_stopped_past_its_lease_leaves_no_trace_when_it_goes_on(scene: Scene) -> None:
    sleeper = workroom.worker(scene.room.house)
    scene.say("ready", "r")
    os.kill(sleeper.pid, signal.SIGSTOP)
    desk = workroom.desk_on(scene.room.house, workroom.Ahead())
    asyncio.run(run.run(desk, None))
    subject, log = desk.store.load(scene.uid), desk.store.log(scene.uid)
    head = desk.workspaces.branch_head(subject.branch or "")

    assert subject.resolution is ticket.Resolution.DONE
    assert scene.place(1) != scene.place(2)
    assert {path.parent for path in scene.room.worktrees()} == {scene.place(1).parent}
    assert scene.place(1) in scene.room.worktrees()
    assert scene.place(2) not in scene.room.worktrees()

    scene.say("gate", "w")
    scene.say("ready", "r")
    assert (scene.place(1) / "file").read_text() == "by a sleeper\n"
    os.kill(sleeper.pid, signal.SIGCONT)
    _, told = sleeper.communicate()

    assert (sleeper.returncode, told) == (0, "")
    assert desk.store.log(scene.uid) == log
    assert desk.workspaces.branch_head(subject.branch or "") == head == subject.head
    assert scene.room.file(scene.uid) == "by attempt 2\n"
    assert scene.room.worktrees() == []
    desk.store.close()


def test_the_place_of_a_worker_that_was_killed_is_cleared_and_its_step_done_again(scene: Scene) -> None:
    killed = workroom.worker(scene.room.house)
    scene.say("ready", "r")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()

    asyncio.run(run.run(scene.room.desk, None))

    subject = scene.room.desk.store.load(scene.uid)
    assert [step.attempt for step in subject.orchestration.steps] == [2, 1]
    assert scene.room.file(scene.uid) == "by attempt 2\n"
    assert scene.room.worktrees() == []
    assert scene.room.desk.workspaces.holders(branches.key(subject)) == ()


def test_what_a_killed_worker_left_of_a_ticket_that_was_closed_is_cleared_away_later(scene: Scene) -> None:
    killed = workroom.worker(scene.room.house)
    scene.say("ready", "r")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert scene.place(1) in scene.room.worktrees()
    desk = scene.room.desk

    def cancel(transaction: store.Transaction) -> None:
        subject = transaction.load(scene.uid)
        transaction.append(subject, lifecycle.cancel(subject, "not wanted any more"))
        transaction.drop_claim(scene.uid, "write")

    desk.store.change(desk.author(), cancel)
    run.Errand(desk).attend()

    assert scene.room.worktrees() == []
