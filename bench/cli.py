"""What the command line costs: CPU and wall time of whole processes, beside bare Python.

Every round starts each command once, so that a busy moment of the machine hits all of them alike. A process's CPU is
user plus system time, that of the programs it started and waited for (git) included. Exits 1 when `list` is over
the bar.
"""

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

BAR = 6.0  # times the CPU of bare Python, for `list` at ten tickets
TICKETS = 10
LEAST_RUNS = 2  # quartiles need two
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


def main() -> int:
    """Measure, print, and say whether the bar holds."""
    options = _options()
    with _scratch() as (folder, environment):
        runs = _measure(_subjects(folder, environment), environment, options.runs)
    rows = _rows(runs)
    holds = next(row for row in rows if row.command == "tickety list").ratio <= BAR
    print(_as_json(rows, options.runs, holds=holds) if options.json else _as_markdown(rows, options.runs, holds=holds))
    return 0 if holds else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="CPU and wall time of the command line, beside bare Python.")
    parser.add_argument("--runs", type=int, default=21, help="rounds that count (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a Markdown table")
    options = parser.parse_args()
    if options.runs < LEAST_RUNS:
        parser.error(f"--runs must be {LEAST_RUNS} or more")
    return options


@contextmanager
def _scratch() -> Iterator[tuple[Path, dict[str, str]]]:
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


def _subjects(folder: Path, environment: dict[str, str]) -> list[Subject]:
    # `new` has a repository to itself: the others are measured at the same ten tickets from first to last.
    read, written = folder / "read", folder / "written"
    for repository in (read, written):
        _make_repository(repository, environment)
    return [
        Subject(BARE, (sys.executable, "-c", "pass"), read),
        Subject("tickety --version", (TICKETY, "--version"), read),
        Subject("tickety list", (TICKETY, "list"), read),
        Subject("tickety show", (TICKETY, "show", _first_ticket(read, environment)), read),
        Subject("tickety new", (TICKETY, "new", "The export command writes an empty file"), written),
    ]


def _make_repository(path: Path, environment: dict[str, str]) -> None:
    path.mkdir()
    _output(("git", "init", "--quiet"), path, environment)
    _output(("git", "commit", "--quiet", "--allow-empty", "--message", "Start"), path, environment)
    for number in range(1, TICKETS + 1):
        _output((TICKETY, "new", f"The report of day {number} throws a ValueError"), path, environment)


def _first_ticket(path: Path, environment: dict[str, str]) -> str:
    tickets = json.loads(_output((TICKETY, "list", "--json"), path, environment))["tickets"]
    if len(tickets) != TICKETS:
        message = f"tickety list shows {len(tickets)} tickets instead of {TICKETS}"
        raise RuntimeError(message)
    return str(tickets[0]["id"])


def _output(argv: tuple[str, ...], cwd: Path, environment: dict[str, str]) -> str:
    return subprocess.run(argv, cwd=cwd, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def _measure(subjects: list[Subject], environment: dict[str, str], rounds: int) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
    for number in range(-WARM_UP, rounds):
        for subject in subjects:
            run = _run(subject, environment)
            if number >= 0:
                runs[subject.name].append(run)
    return runs


def _run(subject: Subject, environment: dict[str, str]) -> Run:
    began = time.perf_counter()
    process = subprocess.Popen(
        subject.argv, cwd=subject.cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    # wait4 and not wait: it alone says what this one process used.
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, subject.argv)
    return Run(cpu=1000 * (used.ru_utime + used.ru_stime), wall=1000 * wall)


def _rows(runs: dict[str, list[Run]]) -> list[Row]:
    bare = statistics.median(run.cpu for run in runs[BARE])
    return [_row(name, of_one, bare) for name, of_one in runs.items()]


def _row(name: str, runs: list[Run], bare: float) -> Row:
    cpu, wall = [run.cpu for run in runs], [run.wall for run in runs]
    median = statistics.median(cpu)
    return Row(name, median, _quartiles(cpu), median / bare, statistics.median(wall), _quartiles(wall))


def _quartiles(values: list[float]) -> tuple[float, float]:
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, third


def _machine() -> dict[str, str | int | None]:
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def _as_json(rows: list[Row], rounds: int, *, holds: bool) -> str:
    table = [asdict(row) for row in rows]
    return json.dumps({"machine": _machine(), "runs": rounds, "bar": BAR, "holds": holds, "rows": table}, indent=2)


def _as_markdown(rows: list[Row], rounds: int, *, holds: bool) -> str:
    machine = _machine()
    lines = [
        f"Python {machine['python']}, SQLite {machine['sqlite']}, {machine['system']}, {machine['cores']} cores.",
        f"Whole processes at {TICKETS} tickets, median (quartiles) of {rounds} runs.",
        "",
        "| command | CPU ms | times bare Python | wall ms |",
        "|---|---:|---:|---:|",
        *(_line(row) for row in rows),
        "",
        f"`tickety list` within {BAR:g} times bare Python: {'yes' if holds else 'NO'}",
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    cpu = f"{row.cpu:.1f} ({row.cpu_quartiles[0]:.1f}-{row.cpu_quartiles[1]:.1f})"
    wall = f"{row.wall:.1f} ({row.wall_quartiles[0]:.1f}-{row.wall_quartiles[1]:.1f})"
    return f"| `{row.command}` | {cpu} | {row.ratio:.1f} | {wall} |"


if __name__ == "__main__":
    sys.exit(main())
