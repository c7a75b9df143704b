"""Measuring whole processes side by side: every round starts each command once, so that a busy moment hits all alike.

A process's CPU is user plus system time, that of the programs it started and waited for (git) included.
"""

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WARM_UP = 2  # rounds not counted: caches of the file system, compiled modules

TICKETY = str(Path(sys.executable).with_name("tickety"))
BARE = "python -c pass"


@dataclass(frozen=True, slots=True)
class Subject:
    """A command to measure, and where."""

    name: str
    argv: tuple[str, ...]
    cwd: Path


@dataclass(frozen=True, slots=True)
class Run:
    """One process: CPU and wall time in milliseconds."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Row:
    """A command's runs in numbers: medians and quartiles in milliseconds, and the ratio to bare Python's CPU."""

    command: str
    cpu: float
    cpu_quartiles: tuple[float, float]
    ratio: float
    wall: float
    wall_quartiles: tuple[float, float]


@contextmanager
def scratch() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder of our own, and an environment in which nothing of the user's is read or written."""
    with tempfile.TemporaryDirectory(prefix="tickety-bench-") as name:
        folder = Path(name)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("TICKETY_", "GIT_"))}
        environment |= {
            "XDG_STATE_HOME": str(folder / "state"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
        }
        yield folder, environment


def bare(cwd: Path) -> Subject:
    """Python that does nothing: what every ratio is to."""
    return Subject(BARE, (sys.executable, "-c", "pass"), cwd)


def output(argv: tuple[str, ...], cwd: Path, environment: dict[str, str]) -> str:
    """What a command prints; CalledProcessError when it fails."""
    return subprocess.run(argv, cwd=cwd, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def rows(subjects: Sequence[Subject], environment: dict[str, str], rounds: int) -> list[Row]:
    """Run every subject once a round; one row each, in their order."""
    runs: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
    for number in range(-WARM_UP, rounds):
        for subject in subjects:
            run = _run(subject, environment)
            if number >= 0:
                runs[subject.name].append(run)
    plain = statistics.median(run.cpu for run in runs[BARE])
    return [_row(name, of_one, plain) for name, of_one in runs.items()]


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The first and the third."""
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, third


def machine() -> dict[str, str | int | None]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def machine_line() -> str:
    """The same as a sentence."""
    known = machine()
    return f"Python {known['python']}, SQLite {known['sqlite']}, {known['system']}, {known['cores']} cores."


def table(found: Sequence[Row]) -> list[str]:
    """The rows as Markdown."""
    head = ["| command | CPU ms | times bare Python | wall ms |", "|---|---:|---:|---:|"]
    return [*head, *(_line(row) for row in found)]


def _run(subject: Subject, environment: dict[str, str]) -> Run:
    began = time.perf_counter()
    process = subprocess.Popen(
        subject.argv, cwd=subject.cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    # wait4 and not wait: it alone says what this one process used.
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, subject.argv)
    return Run(cpu=1000 * (used.ru_utime + used.ru_stime), wall=1000 * wall)


def _row(name: str, runs: list[Run], plain: float) -> Row:
    cpu, wall = [run.cpu for run in runs], [run.wall for run in runs]
    median = statistics.median(cpu)
    return Row(name, median, quartiles(cpu), median / plain, statistics.median(wall), quartiles(wall))


def _line(row: Row) -> str:
    cpu = f"{row.cpu:.1f} ({row.cpu_quartiles[0]:.1f}-{row.cpu_quartiles[1]:.1f})"
    wall = f"{row.wall:.1f} ({row.wall_quartiles[0]:.1f}-{row.wall_quartiles[1]:.1f})"
    return f"| `{row.command}` | {cpu} | {row.ratio:.1f} | {wall} |"
