"""What a step costs in a store that is full, beside an empty one: to find it, to begin it, to record it.

Both stores are open at once and take turns. Each round opens one ticket, more urgent than all others, and then times
the one step of it that is begun and recorded, each in a transaction of its own. Exits 1 when the full store costs more
than the bar.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import measure
from bench import store as filler
from bench.peers import harness, tickety_peer

BAR = 1.2  # times the empty store's median
WARM_UP = 20  # rounds that do not count


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in milliseconds."""

    wall: float
    cpu: float


def main() -> int:
    """Fill, measure, print, and say whether the bar holds."""
    options = _options()
    print(measure.machine_line())
    with measure.scratch() as (folder, environment):
        shops = [_shop(folder / str(tickets), environment, tickets) for tickets in (0, options.tickets)]
        rounds = [[_step(shop, number) for shop in shops] for number in range(WARM_UP + options.rounds)]
        for shop in shops:
            shop.close()
    empty, full = ([steps[place] for steps in rounds[WARM_UP:]] for place in range(2))
    print("\n" + "\n".join(_table(empty, full, options.tickets)))
    ratio = statistics.median(step.cpu for step in full) / statistics.median(step.cpu for step in empty)
    holds = ratio <= BAR
    print(f"\nA step of the full store within {BAR:g} times one of the empty: {'yes' if holds else 'NO'} ({ratio:.2f})")
    return 0 if holds else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A step in a full store beside one in an empty store.")
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=300)
    return parser.parse_args()


def _shop(repository: Path, environment: dict[str, str], tickets: int) -> tickety_peer.Tickety:
    """A store with so many tickets, seven of ten of them closed."""
    if tickets:
        filler.make(repository, environment, tickets)
    folder = repository / ".git"
    folder.mkdir(parents=True, exist_ok=True)
    return tickety_peer.Tickety(harness.Job("alone", (), folder, is_tuned=True), harness.Done(0))


def _step(shop: tickety_peer.Tickety, number: int) -> Step:
    shop.make_ready((f"t{number}",), "critical")
    before, began = _cpu(), time.perf_counter()
    shop.do_one()
    return Step(1000 * (time.perf_counter() - began), 1000 * (_cpu() - before))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _table(empty: Sequence[Step], full: Sequence[Step], tickets: int) -> list[str]:
    return [
        f"One step found, begun and recorded, {len(full)} times; medians (quartiles).",
        "",
        "| | CPU ms | wall ms |",
        "|---|---:|---:|",
        *(f"| {name} | {_spread(steps, 'cpu')} | {_spread(steps, 'wall')} |"
          for name, steps in (("empty store", empty), (f"{tickets:,} tickets", full))),
    ]  # fmt: skip


def _spread(steps: Sequence[Step], name: str) -> str:
    values = [getattr(step, name) for step in steps]
    first, third = measure.quartiles(values)
    return f"{statistics.median(values):.2f} ({first:.2f}-{third:.2f})"


if __name__ == "__main__":
    sys.exit(main())
