"""The engine beside langgraph, dbos and huey on SQLite, and beside bare commits: no-op steps, one machine, one run.

Every run is a process of its own on an empty folder, and checks that each step of each ticket was done once. Subjects
take turns, so that a busy moment hits all alike. Peers come with the extra ``bench``; who is missing is said so and
left out. Exits 1 when a bar is missed.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import measure, subjects
from bench.peers import harness

CPU_BAR = 1.5  # milliseconds a ticket
FLUSH_BAR = 0.5  # flushes a ticket
AT = 1_000  # ready tickets: where both are held
RATIO_BARS = {"langgraph": 3.0, "dbos": 10.0}  # times as many tickets a CPU second, each commit flushed
LEAST_RUNS = 2  # quartiles need two
ALONE = 100  # tickets, one after the other
PATIENCE = 40.0  # seconds: who has taken so long for a cell is not started once more in it

Cell = tuple[str, int]
"""A workload, and how many tickets."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What was measured of one subject in one cell."""

    subject: subjects.Subject
    figures: list[harness.Figures] = field(default_factory=list)
    counted: list[harness.Figures] = field(default_factory=list)

    @property
    def cpu(self) -> list[float]:
        """CPU milliseconds a ticket, of each run."""
        return [1000 * one.cpu / one.tickets for one in self.figures]

    @property
    def pace(self) -> list[float]:
        """Tickets a second, of each run."""
        return [one.tickets / one.seconds for one in self.figures]

    @property
    def flushes(self) -> float | None:
        """Flushes a ticket; None when they were not counted."""
        counts = [one.flushes / one.tickets for one in self.counted if one.flushes is not None]
        return statistics.median(counts) if counts else None


def main() -> int:
    """Measure, print, and say which bars hold."""
    options = _options()
    print(measure.machine_line())
    chosen = list(_installed(options.only))
    if not subjects.can_count():
        print("Flushes are not counted: strace is not installed, or may not watch a process.")
    cells: dict[Cell, list[Runs]] = {}
    with measure.scratch() as (folder, _environment):
        for tickets in options.sizes:
            for workload in ("sequential", "parallel"):
                cell = _measure(chosen, workload, tickets, options.runs, folder)
                cells[workload, tickets] = cell
                print("\n" + "\n".join(_table(workload, tickets, cell)), flush=True)
        alone = _measure(chosen, "alone", ALONE, options.runs, folder)
    print("\n" + "\n".join(_latency(alone)))
    missed = [line for cell, runs in cells.items() for line in _missed(cell, runs)]
    print("\nbars missed: " + ("; ".join(missed) or "none"))
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The engine beside its peers, on tickets of three no-op steps.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[AT, 5 * AT], help="ready tickets")
    parser.add_argument("--runs", type=int, default=5, help="rounds (default: %(default)s)")
    parser.add_argument("--only", nargs="+", help="names of subjects")
    options = parser.parse_args()
    if options.runs < LEAST_RUNS:
        parser.error(f"--runs must be {LEAST_RUNS} or more")
    return options


def _installed(only: Sequence[str] | None) -> Iterator[subjects.Subject]:
    """The subjects that can be run, each announced."""
    told = set()
    for subject in (subjects.TICKETY, subjects.TICKETY_AS_IT_COMES, subjects.FLOOR, *subjects.PEERS):
        if only and subject.name not in only:
            continue
        if subject.name not in told:
            found = f"skipped, not installed: {', '.join(subject.missing)}" if subject.missing else subject.version
            print(f"{subject.name}: {found}")
        told.add(subject.name)
        if not subject.missing:
            yield subject


def _measure(chosen: Sequence[subjects.Subject], workload: str, tickets: int, rounds: int, folder: Path) -> list[Runs]:
    """Every subject once a round, unless it has taken long enough; flushes are counted in a run of their own."""
    cell = [Runs(subject) for subject in chosen]
    for _ in range(rounds):
        for runs in cell:
            if sum(one.seconds for one in runs.figures) < PATIENCE:
                runs.figures.append(subjects.run(runs.subject, workload, tickets, folder / "run"))
    for runs in cell if tickets <= AT else ():
        if counted := subjects.count_flushes(runs.subject, workload, tickets, folder / "run"):
            runs.counted.append(counted)
    return cell


def _table(workload: str, tickets: int, cell: Sequence[Runs]) -> list[str]:
    shape = "two steps side by side, then one" if workload == "parallel" else "three steps in a row"
    own = _of(cell, subjects.TICKETY.name)
    return [
        f"{tickets:,} ready tickets, {shape}; medians (quartiles).",
        "",
        "| | set | runs | tickets/s | CPU ms a ticket | flushes a ticket | Tickety does, a CPU second |",
        "|---|---|---:|---:|---:|---:|---:|",
        *(_line(runs, own) for runs in cell),
    ]


def _line(runs: Runs, own: Runs | None) -> str:
    pace, cpu = (_spread(values) for values in (runs.pace, runs.cpu))
    flushes = "" if runs.flushes is None else f"{runs.flushes:.2f}"
    ratio = f"{_ratio(runs, own):.1f} times as many" if own and runs.subject.name in _RIVALS else ""
    named = f"| {runs.subject.name} | {runs.subject.durability} | {len(runs.figures)}"
    return f"{named} | {pace} | {cpu} | {flushes} | {ratio} |"


def _spread(values: Sequence[float]) -> str:
    middle = statistics.median(values)
    digits = 0 if middle >= _WHOLE else 2
    if len(values) < LEAST_RUNS:
        return f"{middle:,.{digits}f}"
    first, third = measure.quartiles(values)
    return f"{middle:,.{digits}f} ({first:,.{digits}f}-{third:,.{digits}f})"


def _latency(alone: Sequence[Runs]) -> list[str]:
    lines = []
    for runs in alone:
        each = sorted(one for figures in runs.figures for one in figures.each_ms)
        middle, late = statistics.median(each), each[int(0.95 * len(each))]
        start = statistics.median(1000 * figures.start_cpu for figures in runs.figures)
        named = f"| {runs.subject.name} | {runs.subject.durability} "
        lines.append(f"{named}| {middle:.1f} | {late:.1f} | {statistics.median(runs.cpu):.2f} | {start:,.0f} |")
    return [
        f"One ticket of three steps in a row at a time, {ALONE} of them; starting is imports and an empty store.",
        "",
        "| | set | ms a ticket | 95th percentile | CPU ms a ticket | CPU ms to start |",
        "|---|---|---:|---:|---:|---:|",
        *lines,
    ]


def _missed(cell: Cell, runs: Sequence[Runs]) -> Iterator[str]:
    workload, tickets = cell
    own = _of(runs, subjects.TICKETY.name)
    if own is None:
        return
    where, cpu = f"{workload} at {tickets:,}", statistics.median(own.cpu)
    if tickets == AT and cpu > CPU_BAR:
        yield f"{where}: {cpu:.2f} CPU ms a ticket"
    if tickets == AT and own.flushes is not None and own.flushes > FLUSH_BAR:
        yield f"{where}: {own.flushes:.2f} flushes a ticket"
    for other in runs:
        if not other.subject.options and _ratio(other, own) < RATIO_BARS.get(other.subject.name, 0):
            yield f"{where}: {_ratio(other, own):.1f} times {other.subject.name}"
    floor = _of(runs, subjects.FLOOR.name)
    if floor and statistics.median(own.pace) < statistics.median(floor.pace):
        yield f"{where}: fewer tickets a second than bare commits"


def _ratio(other: Runs, own: Runs) -> float:
    """How many tickets we do in the CPU time in which it does one."""
    return statistics.median(other.cpu) / statistics.median(own.cpu)


def _of(cell: Sequence[Runs], name: str) -> Runs | None:
    return next((runs for runs in cell if runs.subject.name == name), None)


_RIVALS = frozenset(subject.name for subject in subjects.PEERS)
_WHOLE = 100


if __name__ == "__main__":
    sys.exit(main())
