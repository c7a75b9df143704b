"""A timer of the user's own systemd: it runs what was missed when the machine was off."""

from collections.abc import Mapping
from pathlib import Path

from tickety.core import timer
from tickety.timers import scheduler


def plan(wanted: timer.Job, environ: Mapping[str, str]) -> scheduler.Plan:
    """The job as a service and its timer."""
    folder = _configuration(environ) / "systemd" / "user"
    clock = f"{wanted.name}.timer"
    return scheduler.Plan(
        kind="systemd",
        files={folder / name: words for name, words in timer.units(wanted).items()},
        answers=_said("show-environment"),
        knows=_said("is-active", "--quiet", clock),
        load=(_said("daemon-reload"), _said("enable", "--now", clock)),
        unload=(_said("disable", "--now", clock),),
        forget=(_said("daemon-reload"),),
    )


def _said(*words: str) -> scheduler.Argv:
    return ("systemctl", "--user", *words)


def _configuration(environ: Mapping[str, str]) -> Path:
    chosen = Path(environ.get("XDG_CONFIG_HOME") or "")
    return chosen if chosen.is_absolute() else Path.home() / ".config"
