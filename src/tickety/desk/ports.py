"""Everything a use case may need, handed in once by ``bootstrap``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tickety import agent, clock, engine, runner, store, trust, workspace
from tickety.core import events, ids, roster, settings, times


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told while it happens, and kept by nobody: what is run, for one."""

    ticket_id: str
    step: str
    text: str


Use = Literal["set-up", "work"]
"""What a program is started for: only a set-up sees package clients' settings and the user's caches."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The desk's connections to the world.

    ``principal`` is who acts (``user:ada``); ``worker`` this process; ``chance`` gives so many random bytes;
    ``environment`` builds the environment of a program that runs in a place, given the folder for its HOME
    and TMPDIR, the names of further variables to pass, and what it is started for.
    ``settings_at`` reads what the project decided at a commit.
    """

    store: store.Store
    workspaces: workspace.Workspaces
    runner: runner.Runner
    engine: engine.Engine
    trust: trust.TrustRecords
    clock: clock.Clock
    chance: Callable[[int], bytes]
    principal: str
    worker: str
    lease: float
    runs: Path
    settings_at: Callable[[str], settings.Settings]
    fill: Callable[[roster.Role, settings.Settings], agent.Agent | None]
    environment: Callable[[Path, Path, tuple[str, ...], Use], dict[str, str]]
    tell: Callable[[Notice], None]

    def author(self, command_id: str | None = None, by: str | None = None) -> events.Author:
        """Who changes something now; each call is a command of its own unless its id is given."""
        return events.Author(by or self.principal, times.as_text(self.clock.now()), command_id or self.new_uid())

    def new_uid(self) -> str:
        """A fresh UUIDv7."""
        return ids.uuid7(int(self.clock.now().timestamp() * 1000), self.chance(10))
