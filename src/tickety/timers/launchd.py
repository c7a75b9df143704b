"""An agent of the user's own launchd, on macOS: it runs what was missed when the machine slept."""

import os
from pathlib import Path

from tickety.core import timer
from tickety.timers import scheduler


def plan(wanted: timer.Job) -> scheduler.Plan:
    """The job as a property list."""
    folder = Path.home() / "Library" / "LaunchAgents"
    files = {folder / name: words for name, words in timer.agent(wanted).items()}
    session = f"gui/{os.getuid()}"
    (path,) = files
    return scheduler.Plan(
        kind="launchd",
        files=files,
        answers=("launchctl", "print", session),
        knows=("launchctl", "print", f"{session}/{wanted.name}"),
        load=(("launchctl", "bootstrap", session, str(path)),),
        unload=(("launchctl", "bootout", f"{session}/{wanted.name}"),),
    )
