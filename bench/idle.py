"""What ``tickety run --forever`` costs while there is nothing to do: its share of a core, its start left out.

Pairs of processes in the same project, one ended after a few seconds and one much later; what the second used more is
what waiting costs. Exits 1 when that is over the bar.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from bench import measure
from bench.peers import harness, tickety_peer

BAR = 0.5  # per cent of a core
SETTLED = 5.0  # seconds after which the start is over


def main() -> int:
    """Measure, print, and say whether the bar holds."""
    options = _options()
    print(measure.machine_line())
    with measure.scratch() as (folder, environment):
        project = _project(folder, environment, options.tickets)
        if "--forever" not in measure.output((measure.TICKETY, "run", "--help"), project, environment):
            print("skipped: this release knows no `tickety run --forever`")
            return 0
        spent = partial(_cpu_of, project, environment)
        pairs = [(spent(SETTLED), spent(SETTLED + options.seconds)) for _ in range(options.runs)]
    early, late = (statistics.median(column) for column in zip(*pairs, strict=True))
    share = max(100 * (late - early) / options.seconds, 0.0)
    print(f"\nBeside {options.tickets:,} tickets, none of them ready, medians of {options.runs}:")
    print(f"{SETTLED:g} s cost {1000 * early:.0f} ms, {SETTLED + options.seconds:g} s {1000 * late:.0f} ms of CPU.")
    print(f"Waiting takes {share:.2f} % of a core.")
    holds = share < BAR
    print(f"Under {BAR:g} %: {'yes' if holds else 'NO'}")
    return 0 if holds else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What waiting for work costs.")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long (default: %(default)s)")
    parser.add_argument("--tickets", type=int, default=1_000, help="closed tickets in the store (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="pairs of processes (default: %(default)s)")
    return parser.parse_args()


def _project(folder: Path, environment: dict[str, str], tickets: int) -> Path:
    """A repository in whose store everything is done."""
    project = folder / "project"
    project.mkdir()
    measure.output(("git", "init", "--quiet"), project, environment)
    measure.output(("git", "commit", "--quiet", "--allow-empty", "--message", "Start"), project, environment)
    names = tuple(f"t{number}" for number in range(tickets))
    done = harness.Done(len(names) * len(harness.WORKLOADS["sequential"]))
    shop = tickety_peer.Tickety(harness.Job("sequential", names, project / ".git", is_tuned=True), done)
    shop.make_ready(names)
    shop.run(names)
    shop.close()
    return project


def _cpu_of(project: Path, environment: dict[str, str], seconds: float) -> float:
    """CPU seconds of a process that waits so long; it has to be waiting until it is interrupted."""
    process = subprocess.Popen(
        (measure.TICKETY, "run", "--forever", "--yes"), cwd=project, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(seconds)
    if process.poll() is not None:
        raise RuntimeError(f"`tickety run --forever` ended by itself: {process.communicate()[1].decode()}")
    process.send_signal(signal.SIGINT)
    # wait4 and not wait: it alone says what this one process used.
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
