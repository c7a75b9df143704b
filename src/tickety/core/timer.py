"""A job that the machine's own scheduler runs every five minutes: its name, and its words in every scheduler's form.

What stands in a path or a variable is data. systemd splits, unescapes and expands (``%h``) what it reads; cron reads
``%`` as the end of a line; a property list has an escape of its own.
"""

import plistlib
import shlex

from tickety.core import errors, record

MINUTES = 5
_UNIT = """\
# Written by `tickety init --timer`; `tickety init --timer off` takes it away.
[Unit]
Description=Tickety looks after the tickets in {folder}
ConditionPathIsDirectory={folder}

[Service]
Type=oneshot
TimeoutStartSec=4min
WorkingDirectory={folder}
{environment}ExecStart=:{command}
"""
_CLOCK = f"""\
# Written by `tickety init --timer`; `tickety init --timer off` takes it away.
[Unit]
Description=Tickety looks every {MINUTES} minutes

[Timer]
OnCalendar=*:0/{MINUTES}
Persistent=true
AccuracySec=30s

[Install]
WantedBy=timers.target
"""


@record.record(frozen=True, slots=True)
class Job:
    """What is run, in which folder, with which variables. ``name`` is plain letters, digits and hyphens."""

    name: str
    argv: tuple[str, ...]
    folder: str
    environment: tuple[tuple[str, str], ...] = ()


def job(name: str, argv: tuple[str, ...], folder: str, environment: dict[str, str]) -> Job:
    """A job that every scheduler can be told of; Refused when its folder or its program is named as none can read."""
    for path in (*argv, folder):
        if not _is_plain(path) or path.endswith(("\\", " ")):
            raise errors.Refused(
                f"no scheduler can be told of {path!r}", "move it to a folder with a plain name, then run it again"
            )
    return Job(
        name, argv, folder, tuple(sorted((key, value) for key, value in environment.items() if _is_plain(value)))
    )


def units(wanted: Job) -> dict[str, str]:
    """The files of a systemd user service and its timer, by name."""
    variables = (f"Environment={_quoted(f'{name}={value}')}\n" for name, value in wanted.environment)
    service = _UNIT.format(
        folder=_path(wanted.folder),
        environment="".join(variables),
        command=" ".join(_quoted(word) for word in _startable(wanted.argv)),
    )
    return {f"{wanted.name}.service": service, f"{wanted.name}.timer": _CLOCK}


def agent(wanted: Job) -> dict[str, str]:
    """The file of a launchd agent, by name."""
    content = {
        "Label": wanted.name,
        "ProgramArguments": list(wanted.argv),
        "WorkingDirectory": wanted.folder,
        "EnvironmentVariables": dict(wanted.environment),
        "StartInterval": MINUTES * 60,
        "ProcessType": "Background",
    }
    return {f"{wanted.name}.plist": plistlib.dumps(content, sort_keys=False).decode()}


def crontab(wanted: Job) -> str:
    """The line for where there is only cron."""
    variables = (f"{name}={shlex.quote(value)}" for name, value in wanted.environment if name != "PATH")
    words = " ".join((*variables, shlex.join(wanted.argv)))
    return f"*/{MINUTES} * * * * cd {shlex.quote(wanted.folder)} && {words}".replace("%", "\\%")


def _is_plain(words: str) -> bool:
    """No letter that ends a line or cannot be written down."""
    return all(letter.isprintable() for letter in words)


def _startable(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Systemd starts no program whose path has quotes in it; ``env`` does."""
    return ("/usr/bin/env", *argv) if set(argv[0]) & set("\"'\\") else argv


def _quoted(word: str) -> str:
    """A word in double quotes. Behind ``ExecStart=:``, and in ``Environment``, a dollar is a dollar."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _path(path: str) -> str:
    """A path where systemd takes the rest of the line as one."""
    return path.replace("%", "%%")
