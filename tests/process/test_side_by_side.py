"""Two writing steps of one ticket at once: real agents, real worktrees, in whatever order they end."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process import workroom
from tickety.core import events, ticket
from tickety.desk import run

pytestmark = pytest.mark.slow

# Each step writes its line; who ends first opens the gate that the other one waits behind.
ENGINEER = """\
import os
from pathlib import Path

step, attempt = os.environ["TICKETY_STEP"], os.environ["TICKETY_ATTEMPT"]
lines = Path("file").read_text().splitlines()
lines[{lines}[step] - 1] = "by " + step
Path("file").write_text("\\n".join(lines) + "\\n")
if attempt == "1":
    open({gate!r}, "w" if step == {first!r} else "r").close()
print("wrote " + step)
"""


@pytest.fixture(params=["one", "two"])
def first(request: pytest.FixtureRequest) -> str:
    """Which of the two ends first."""
    return str(request.param)


@pytest.fixture
def gate(tmp_path: Path) -> str:
    path = tmp_path / "gate"
    os.mkfifo(path)
    return str(path)


@pytest.fixture
def apart(tmp_path: Path, gate: str, first: str) -> Iterator[workroom.Room]:
    """They write lines that have nothing to do with each other."""
    with workroom.open_room(tmp_path, ENGINEER.format(lines={"one": 1, "two": 9}, gate=gate, first=first)) as room:
        yield room


@pytest.fixture
def at_odds(tmp_path: Path, gate: str, first: str) -> Iterator[workroom.Room]:
    """They write the same line."""
    with workroom.open_room(tmp_path, ENGINEER.format(lines={"one": 5, "two": 5}, gate=gate, first=first)) as room:
        yield room


def worked(room: workroom.Room) -> tuple[ticket.Ticket, tuple[events.Event, ...]]:
    """A ticket with the two steps and a judge behind them, after it was worked on."""
    uid = room.open(workroom.writes("one"), workroom.writes("two"), workroom.judges("test", "one", "two"))
    asyncio.run(run.run(room.desk, None))
    return room.desk.store.load(uid), room.desk.store.log(uid)


def passed(log: tuple[events.Event, ...]) -> list[str]:
    return [event.data["step"] for event in log if event.type == "step.passed"]


def test_what_lies_apart_is_joined_in_plan_order_whoever_ended_first(apart: workroom.Room) -> None:
    subject, log = worked(apart)

    assert subject.resolution is ticket.Resolution.DONE
    assert passed(log) == ["one", "two", "test"]
    assert [step.attempt for step in subject.orchestration.steps] == [1, 1, 1]
    expected = workroom.FILE.replace("line 1\n", "by one\n").replace("line 9\n", "by two\n")
    assert apart.file(subject.uid) == expected
    assert apart.desk.workspaces.branch_head(subject.branch or "") == subject.head


def test_the_judge_sees_what_was_joined(apart: workroom.Room) -> None:
    subject, _ = worked(apart)

    (receipt,) = [one for one in subject.agent_updates[-1].receipts if one.phase == "after"]
    assert receipt.tree == apart.desk.workspaces.tree_id(subject.head or "")


def test_the_later_one_is_made_again_from_the_newer_head_where_both_wrote_the_same(at_odds: workroom.Room) -> None:
    subject, log = worked(at_odds)

    (released,) = [event for event in log if event.type == "step.released"]
    assert (released.data["step"], released.data["cause"], released.attempt) == ("two", "conflict", 1)
    assert "in file" in released.data["reason"]
    assert subject.resolution is ticket.Resolution.DONE
    assert [step.attempt for step in subject.orchestration.steps] == [1, 2, 1]
    assert at_odds.file(subject.uid) == workroom.FILE.replace("line 5\n", "by two\n")
    assert at_odds.house.git("log", "--format=%s", f"main..{subject.branch}").count("\n") == 2


def test_nothing_of_a_closed_ticket_is_left_but_its_branch(apart: workroom.Room) -> None:
    subject, _ = worked(apart)

    assert subject.is_closed
    assert apart.worktrees() == []
    assert "worktrees" not in apart.house.git("worktree", "list", "--porcelain")


JUDGE_BESIDE = """\
import os
from pathlib import Path

step = os.environ["TICKETY_STEP"]
if step == "document" and os.environ["TICKETY_ATTEMPT"] == "1":
    open({gate!r}).close()
Path(step).write_text("by " + step)
print("wrote " + step)
"""
OPENS = """\
import os

if os.environ["TICKETY_ATTEMPT"] == "1":
    open({gate!r}, "w").close()
print("fine")
"""


def test_fixed_is_only_what_a_judge_saw_as_it_is_closed(tmp_path: Path, gate: str) -> None:
    scripts = {"engineer": JUDGE_BESIDE.format(gate=gate), "qa": OPENS.format(gate=gate)}
    with workroom.open_room(tmp_path, **scripts, command='["test", "-e", "fix"]') as room:
        uid = room.open(
            workroom.writes("fix"), workroom.writes("document", "fix"), workroom.judges("test", "fix"), kind="bug"
        )
        asyncio.run(run.run(room.desk, None))
        subject, log = room.desk.store.load(uid), room.desk.store.log(uid)
        receipts = [one for one in subject.agent_updates[-1].receipts if one.phase == "after"]

        assert subject.resolution is ticket.Resolution.FIXED
        assert passed(log) == ["fix", "test", "document", "test"]
        assert [step.attempt for step in subject.orchestration.steps] == [1, 1, 2]
        assert {receipt.tree for receipt in receipts} == {room.desk.workspaces.tree_id(subject.head or "")}
        (again,) = [event.data for event in log if event.type == "step.reworked"]
        assert (again["step"], again["alone"]) == ("test", True)


def test_a_steps_own_commands_have_to_pass_on_what_was_joined(tmp_path: Path) -> None:
    writes = 'import os\nfrom pathlib import Path\nPath(os.environ["TICKETY_STEP"]).write_text("x")\nprint("done")\n'
    with workroom.open_room(tmp_path, writes) as room:
        both = (("test", "-e", "one"), ("test", "-e", "two"))
        uid = room.open(workroom.writes("one"), workroom.writes("two", receipts=both))
        asyncio.run(run.run(room.desk, None))
        subject = room.desk.store.load(uid)

        assert subject.resolution is ticket.Resolution.DONE
        made = [(one.command, one.purpose, one.exit_code) for one in subject.agent_updates[-1].receipts]
        assert made == [(command, "step", 0) for command in both]


def test_a_step_whose_own_command_fails_has_failed_and_its_work_is_not_taken(tmp_path: Path) -> None:
    with workroom.open_room(tmp_path, 'open("one", "w").close()\nprint("done")\n') as room:
        uid = room.open(workroom.writes("one", receipts=(("test", "-e", "other"),)))
        asyncio.run(run.run(room.desk, None))
        subject = room.desk.store.load(uid)

        assert subject.status is ticket.Status.BLOCKED
        assert "the step's own `test -e other` fails" in (subject.blocker or "")
        assert room.desk.workspaces.branch_head(subject.branch or "") == subject.base
