"""The subjects of bench/engine.py: each run is a process of its own, on an empty folder, that prints its figures."""

import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.peers import harness

ROOT = Path(__file__).parent.parent
LIMIT = 1800  # seconds a run may take
_FLUSH = re.compile(r"^(?:\d+ +)?(\d+\.\d+) (?:fsync|fdatasync|sync_file_range|msync)\(")


@dataclass(frozen=True, slots=True)
class Subject:
    """An engine, and how durable it is set."""

    name: str
    module: str
    packages: tuple[str, ...]
    durability: str
    options: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that are not installed."""
        return tuple(name for name in self.packages if importlib.util.find_spec(name.partition("-")[0]) is None)

    @property
    def version(self) -> str:
        """What is measured."""
        found = (f"{name} {importlib.metadata.version(name)}" for name in self.packages)
        return ", ".join(found) or self.name


AS_IT_COMES = ("--as-it-comes",)
_TICKETY = ("Tickety", "tickety_peer", ("tickety",))
TICKETY = Subject(*_TICKETY, "WAL, FULL; 64 side by side")
TICKETY_AS_IT_COMES = Subject(*_TICKETY, "as it comes: WAL, FULL; 4 side by side", AS_IT_COMES)
FLOOR = Subject("bare commits", "floor_peer", (), "WAL, FULL")
_LANGGRAPH = ("langgraph", "langgraph_peer", ("langgraph", "langgraph-checkpoint-sqlite"))
_DBOS = ("dbos", "dbos_peer", ("dbos",))
PEERS = (
    Subject(*_LANGGRAPH, "WAL, FULL, sync"),
    Subject(*_LANGGRAPH, "as it comes: WAL, FULL, async", AS_IT_COMES),
    Subject(*_DBOS, "WAL, FULL"),
    Subject(*_DBOS, "as it comes: rollback journal, FULL", AS_IT_COMES),
    Subject("huey", "huey_peer", ("huey",), "WAL, FULL, as it comes"),
)


def run(subject: Subject, workload: str, tickets: int, folder: Path) -> harness.Figures:
    """One run; RuntimeError with what it said when it did not do its work."""
    return _run(_argv(subject, workload, tickets, _emptied(folder)), folder)


def count_flushes(subject: Subject, workload: str, tickets: int, folder: Path) -> harness.Figures | None:
    """The same with its flushes counted, which takes its time; None where there is no strace."""
    if not can_count():
        return None
    folder, log = _emptied(folder), folder.with_name("flushes")
    watched = ("strace", "--follow-forks", "--seccomp-bpf", "--absolute-timestamps=precision:us,format:unix",
               "--trace=fsync,fdatasync,sync_file_range,msync", f"--output={log}")  # fmt: skip
    found = _run((*watched, *_argv(subject, workload, tickets, folder)), folder)
    moments = (_FLUSH.match(line) for line in log.read_text().splitlines())
    flushes = sum(found.began <= float(moment[1]) <= found.ended for moment in moments if moment)
    return replace(found, flushes=flushes)


def can_count() -> bool:
    """There is an strace that can watch our own processes."""
    program = shutil.which("strace")
    asked = (program or "", "--trace=fsync", "--output=/dev/null", sys.executable, "-c", "pass")
    return bool(program) and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _argv(subject: Subject, workload: str, tickets: int, folder: Path) -> tuple[str, ...]:
    module = f"bench.peers.{subject.module}"
    return (sys.executable, "-m", module, workload, str(tickets), str(folder), *subject.options)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _run(argv: tuple[str, ...], folder: Path) -> harness.Figures:
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT)
    if ended.returncode:
        last = "\n".join(ended.stderr.splitlines()[-15:])
        raise RuntimeError(f"{' '.join(argv)} ended with {ended.returncode}:\n{last}")
    shutil.rmtree(folder)
    printed: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return harness.Figures(**{**printed, "each_ms": tuple(printed["each_ms"])})
