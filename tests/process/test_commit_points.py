"""A ticket's worker dies at every moment that lasts, one after the other: whoever goes on ends with the same ticket."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.process import mortal, workroom
from tests.stories import house as houses
from tickety.desk import branches

pytestmark = pytest.mark.slow

ENGINEER = """\
import os
from pathlib import Path

step = os.environ["TICKETY_STEP"]
file = Path("file")
file.write_text(file.read_text() + "by " + step + "\\n")
print("wrote " + step)
"""
SIDE_BY_SIDE = """\
import os
from pathlib import Path

step = os.environ["TICKETY_STEP"]
Path("by " + step).write_text(step)
print("wrote " + step)
"""
IS_SOAK = "TICKETY_KILLS" in os.environ
LEAST, MOST = 15, 40  # moments that a ticket of three steps has


@contextmanager
def project(folder: Path, engineer: str, needs: tuple[str, ...]) -> Iterator[workroom.Room]:
    """A project with a ticket of three steps, of which nothing is done; ``needs`` are the second one's."""
    with workroom.open_room(folder, engineer) as room:
        room.open(workroom.writes("one"), workroom.writes("two", *needs), workroom.judges("test", "one", "two"))
        yield room


def run(house: houses.House, lives: int = 0) -> int:
    """Let a worker do all it can; its exit code."""
    process = workroom.worker(house, lives)
    _, told = process.communicate()
    assert process.returncode in {0, mortal.DIED}, told
    return process.returncode


def outcome(house: houses.House) -> dict[str, Any]:
    """All that a ticket came to, but for what tells that it was interrupted: moments, and how many attempts it took."""
    desk = workroom.desk_on(house)
    uid = desk.store.page(builders.of_status("closed"), 9, None, whole=True).documents[0]["uid"]
    subject = desk.store.load(uid)
    passed = Counter(event.data["step"] for event in desk.store.log(uid) if event.type == "step.passed")
    found = {
        "resolution": subject.resolution,
        "steps": [(step.name, step.state, step.outputs, step.signals) for step in subject.orchestration.steps],
        "said": [(update.step, update.result, update.details) for update in subject.agent_updates],
        "receipts": len(subject.agent_updates[-1].receipts),
        "passed": passed,
        "milestone": subject.milestone,
        "asked": subject.questions,
        "tree": desk.workspaces.tree_id(subject.head or ""),
        "is_at_its_head": desk.workspaces.branch_head(subject.branch or "") == subject.head,
        "commits": house.git("log", "--format=%s", "--no-merges", f"main..{subject.branch}"),
        "holders": desk.workspaces.holders(branches.key(subject)),
        "faults": list(desk.store.examine()),
    }
    desk.store.close()
    return found


@pytest.mark.parametrize(
    ("engineer", "needs", "every"),
    [(ENGINEER, ("one",), 1), (SIDE_BY_SIDE, (), 1 if IS_SOAK else 4)],
    ids=["in sequence", "side by side"],
)
def test_whoever_goes_on_after_a_death_at_any_moment_ends_with_the_same_ticket(
    tmp_path: Path, engineer: str, needs: tuple[str, ...], every: int
) -> None:
    with project(tmp_path / "begun", engineer, needs) as room:
        begun = room.house
    undisturbed = copied(begun, tmp_path / "undisturbed")
    assert run(undisturbed) == 0
    expected = outcome(undisturbed)
    assert expected["passed"] == {"one": 1, "two": 1, "test": 1}
    assert expected["is_at_its_head"]

    moments = range(1, MOST, every)
    deaths = list(takewhile(lambda lives: died(begun, tmp_path / str(lives), lives, expected), moments))

    assert deaths == list(range(1, deaths[-1] + 1, every))
    assert LEAST < deaths[-1] < MOST - every


def died(begun: houses.House, folder: Path, lives: int, expected: dict[str, Any]) -> bool:
    """A worker died after so many moments, and another one went on to the same end; False when none did any more."""
    house = copied(begun, folder)
    is_dead = run(house, lives) == mortal.DIED
    assert not is_dead or run(house) == 0, f"after {lives} moments"
    assert outcome(house) == expected, f"after {lives} moments"
    shutil.rmtree(folder)
    return is_dead


def copied(house: houses.House, folder: Path) -> houses.House:
    """The same project once more."""
    shutil.copytree(house.path.parent, folder)
    return replace(house, path=folder / house.path.name, home=folder / house.home.name)
