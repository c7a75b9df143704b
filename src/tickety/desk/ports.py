"""Everything a use case may need, handed in once by ``bootstrap``."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tickety import agent, engine, runner, trust, workspace
from tickety.core import record, roster, settings
from tickety.desk import memory


@record.record(frozen=True, slots=True)
class Notice:
    """Something to be told while it happens, and kept by nobody: what is run, for one."""

    ticket_id: str
    step: str
    text: str


Use = Literal["set-up", "work"]
"""What a program is started for: only a set-up sees package clients' settings and the user's caches."""


@record.record(frozen=True, slots=True)
class Ports(memory.Memory):
    """The desk's connections to the world, beside its memory.

    ``worker`` is this process. ``environment`` builds the environment of a program that runs in a place, given the
    folder for its HOME and TMPDIR, the names of further variables to pass, and what it is started for.
    ``settings_at`` reads what the project decided at a commit. ``send`` lets people be told of what happened, by
    somebody else: it comes back at once.
    """

    workspaces: workspace.Workspaces
    runner: runner.Runner
    engine: engine.Engine
    trust: trust.TrustRecords
    worker: str
    runs: Path
    settings_at: Callable[[str], settings.Settings]
    fill: Callable[[roster.Role, settings.Settings], agent.Agent | None]
    environment: Callable[[Path, Path, tuple[str, ...], Use], dict[str, str]]
    tell: Callable[[Notice], None]
    send: Callable[[], None]
