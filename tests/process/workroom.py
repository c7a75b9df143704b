"""A desk on a project whose agents are scripts: real processes in real worktrees, on the machine's own clock."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests import builders
from tests.process import mortal
from tests.stories import house as houses
from tickety import clock, places
from tickety.bootstrap import desk as bootstrap
from tickety.bootstrap import memory
from tickety.core import document, ticket, trusted
from tickety.desk import ports, trusting

ROOT = Path(__file__).parents[2]
TOML = """\
[verification]
command = {command}
[workspace]
setup = []
env = ["GATES"]
[engine]
workers = 4
retries = ["0 seconds"]
[roster.Engineer]
agent = {{command = ["{python}", "engineer.py"]}}
[roster.QA]
agent = {{command = ["{python}", "qa.py"]}}
"""
PASSES = 'print("fine")\n'
FILE = "".join(f"line {number}\n" for number in range(1, 10))


@dataclass
class Room:
    """A project, and a desk on it."""

    house: houses.House
    desk: ports.Ports

    def open(self, *steps: ticket.Step, kind: str = "task", **fields: Any) -> str:  # noqa: ANN401 - fields of a ticket
        """A ticket with these steps."""
        agents = tuple(dict.fromkeys(step.agent for step in steps))
        plan = document.from_plan(ticket.Plan(agents, "", "", steps))
        return builders.open_one(self.desk.store, kind=kind, orchestration=plan, **fields).uid

    def file(self, uid: str, path: str = "file") -> str:
        """A file as the ticket's branch has it."""
        return self.house.git("show", f"{self.desk.store.load(uid).branch}:{path}")

    def worktrees(self) -> list[Path]:
        """The worktrees that are there."""
        return sorted(path.parent for path in (self.house.home / "state").rglob("worktrees/*/*/*/.git"))


@contextmanager
def open_room(folder: Path, engineer: str, *, qa: str = PASSES, command: str = '["true"]') -> Iterator[Room]:
    """A desk on a project with one file of nine lines, trusted; the scripts are its agents."""
    house = houses.empty(folder)
    toml = TOML.format(command=command, python=sys.executable)
    house.commit({"file": FILE, "engineer.py": engineer, "qa.py": qa, "tickety.toml": toml}, "begin")
    made = desk_on(house)
    yield Room(house, made)
    made.store.close()


class Ahead(clock.SystemClock):
    """The machine's clock an hour later: every lease that somebody else holds has run out."""

    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


def desk_on(house: houses.House, time: clock.Clock | None = None, *, lives: int = 0) -> ports.Ports:
    """Another desk on the same project, as another process has one; ``lives`` as of a ``worker``."""
    found = places.find(str(house.path), {"XDG_STATE_HOME": str(house.home / "state")})
    fate = mortal.Fate(lives)
    remembered = memory.open_memory(found, "user:ada", time or clock.SystemClock())
    remembered = replace(remembered, store=mortal.store(remembered.store, fate))
    made = bootstrap.open_desk(found, remembered, lambda _: None)
    trusting.trust(made, trusted.stake(made.settings_at(made.workspaces.head().commit)))
    return replace(made, workspaces=mortal.workspaces(made.workspaces, fate))


WORKER = """
import asyncio, sys
from pathlib import Path
from tests.process import mortal, workroom
from tests.stories import house
from tickety.desk import run

made = workroom.desk_on(house.House(Path(sys.argv[1]), Path(sys.argv[2])), lives=int(sys.argv[3]))
asyncio.run(run.run(made, None))
"""


def worker(house: houses.House, lives: int = 0) -> "subprocess.Popen[str]":
    """Another process that works on all there is. It dies at the ``lives``-th moment that lasts, if that is not 0."""
    environment = {**house.environment, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))}
    words = [sys.executable, "-c", WORKER, str(house.path), str(house.home), str(lives)]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT, start_new_session=True)


def writes(name: str, *needs: str, **fields: Any) -> ticket.Step:  # noqa: ANN401 - fields of a step
    """A step that writes."""
    return ticket.Step(name, "Engineer Agent", f"do {name}", needs, writes=True, **fields)


def judges(name: str, *needs: str) -> ticket.Step:
    """A step that verifies, and changes nothing."""
    return ticket.Step(name, "QA Agent", f"judge by {name}", needs)
