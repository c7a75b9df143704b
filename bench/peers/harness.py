"""One subject's run in a process of its own: measured, and checked to have done every step of every ticket once.

``python -m bench.peers.NAME_peer WORKLOAD TICKETS FOLDER [--as-it-comes]`` prints one JSON object.
"""

import argparse
import json
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

WORKLOADS = {
    "sequential": {"a": (), "b": ("a",), "c": ("b",)},
    "parallel": {"a": (), "b": (), "c": ("a", "b")},
    "alone": {"a": (), "b": ("a",), "c": ("b",)},
}
"""Steps, each with those that it needs. ``alone`` is one ticket after the other, each timed by itself."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done, and where.

    ``is_tuned``: every commit is flushed, in WAL mode, before the next step; and what else pays. Else as it comes.
    """

    workload: str
    tickets: tuple[str, ...]
    folder: Path
    is_tuned: bool

    @property
    def steps(self) -> dict[str, tuple[str, ...]]:
        """The steps of each ticket."""
        return WORKLOADS[self.workload]

    @property
    def is_parallel(self) -> bool:
        """Two steps side by side, then one; else one after the other."""
        return self.workload == "parallel"


class Done:
    """Which steps ran: each is a no-op that says so."""

    def __init__(self, expected: int) -> None:
        self._ran: Counter[tuple[str, str]] = Counter()
        self._expected = expected
        self._is_full = threading.Event()

    def step(self, ticket: str, name: str) -> str:
        """The work of every step."""
        self._ran[ticket, name] += 1
        if len(self._ran) >= self._expected:
            self._is_full.set()
        return name

    def wait(self) -> None:
        """Until every step ran; TimeoutError after a quarter of an hour."""
        if not self._is_full.wait(900):
            raise TimeoutError(f"{len(self._ran)} of {self._expected} steps ran")

    def expect(self, expected: int) -> None:
        """Wait for so many in all."""
        self._expected = expected
        self._is_full.clear()

    def check(self, job: Job) -> None:
        """Every step of every ticket ran exactly once; RuntimeError otherwise."""
        wanted = {(ticket, step): 1 for ticket in job.tickets for step in job.steps}
        if self._ran != wanted:
            raise RuntimeError(f"not every step ran once: {len(self._ran)} of {len(wanted)}, {self._ran.total()} runs")


class Subject(Protocol):
    """An engine that is open on an empty store."""

    def make_ready(self, tickets: Sequence[str]) -> None:
        """Keep the tickets, so that they only have to be worked on; nothing where keeping is part of the run."""

    def run(self, tickets: Sequence[str]) -> None:
        """Do every step of the tickets."""

    def verify(self, tickets: Sequence[str]) -> None:
        """The store itself says that each ticket is finished; RuntimeError otherwise."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """CPU (user and system, of the process and its children) and wall time, in seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a process prints. ``began`` and ``ended`` are clock times, to count flushes between them."""

    tickets: int
    seconds: float
    cpu: float
    ready_cpu: float
    start_cpu: float
    began: float
    ended: float
    each_ms: tuple[float, ...]
    checked: bool
    flushes: int | None = None


def main(open_subject: Callable[[Job, Done], Subject]) -> None:
    """Run the job of the command line, and print its figures."""
    job = _job()
    done = Done(len(job.tickets) * len(job.steps))
    subject = open_subject(job, done)
    start = _now()
    figures = _one_by_one(job, subject, done, start) if job.workload == "alone" else _at_once(job, subject, start)
    done.check(job)
    subject.verify(job.tickets)
    subject.close()
    print(json.dumps(asdict(figures)))


def _at_once(job: Job, subject: Subject, start: Span) -> Figures:
    subject.make_ready(job.tickets)
    ready, began = _now(), time.time()
    subject.run(job.tickets)
    ended, end = time.time(), _now()
    spent = (end.wall - ready.wall, end.cpu - ready.cpu, ready.cpu - start.cpu, start.cpu)
    return Figures(len(job.tickets), *spent, began, ended, (), checked=True)


def _one_by_one(job: Job, subject: Subject, done: Done, start: Span) -> Figures:
    each, began = [], time.time()
    for number, ticket in enumerate(job.tickets, 1):
        done.expect(number * len(job.steps))
        subject.make_ready((ticket,))
        before = time.perf_counter()
        subject.run((ticket,))
        each.append(1000 * (time.perf_counter() - before))
    spent = (sum(each) / 1000, _now().cpu - start.cpu, 0.0, start.cpu)
    return Figures(len(job.tickets), *spent, began, time.time(), tuple(each), checked=True)


def _now() -> Span:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Span(sum(one.ru_utime + one.ru_stime for one in used), time.perf_counter())


def _job() -> Job:
    parser = argparse.ArgumentParser(description="One subject of bench/engine.py, by itself.")
    parser.add_argument("workload", choices=tuple(WORKLOADS))
    parser.add_argument("tickets", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as-it-comes", action="store_true", help="leave its settings as they come")
    chosen = parser.parse_args()
    tickets = tuple(f"t{number}" for number in range(chosen.tickets))
    return Job(chosen.workload, tickets, chosen.folder, not chosen.as_it_comes)
