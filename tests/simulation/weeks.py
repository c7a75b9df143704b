"""Many weeks: lived through one after the other, and told of in a few lines."""

import gc
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.simulation import world

COUNTED = ("tickets", "steps", "attempts", "faults", "fenced", "events")
"""What is counted of a week. ``fenced`` are reports that the fence turned away."""

LEAST = {"tickets": 30, "steps": 100, "faults": 5}
"""What a week has on average, at least."""

_SWEPT = 10  # weeks between two looks for what can be forgotten: a week is full of circles


class Broken(AssertionError):
    """An invariant broke in a week; the message says which, and how that week is lived again."""


def live(seed: int, planted: str | None = None) -> world.Tally:
    """Live through the week of a seed, with a planted fault or without."""
    from tests.simulation import mutants

    try:
        return world.World(seed, mutants.PLANTED[planted] if planted else world.OURS).run()
    except Exception as error:
        again = f"python -m tests.simulation {seed}" + (f" --planted {planted}" if planted else "")
        raise Broken(f"seed {seed}: {error}\nlive it again, with its story: {again}") from error


def live_all(seeds: range) -> dict[str, Any]:
    """Live through several; what ``told`` needs of them."""
    counts: dict[str, list[int]] = {name: [] for name in COUNTED}
    kinds: Counter[str] = Counter()
    begun = time.process_time()
    with _without_sweeping():
        for number, seed in enumerate(seeds):
            tally = live(seed)
            kinds.update(tally.faults)
            for name in COUNTED:
                counts[name].append(tally.faults.total() if name == "faults" else getattr(tally, name))
            if number % _SWEPT == 0:
                gc.collect()
    return {"counts": counts, "kinds": dict(kinds), "seconds": time.process_time() - begun}


def told(parts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """How the weeks were, as lines."""
    merged = {name: sorted(count for part in parts for count in part["counts"][name]) for name in COUNTED}
    seconds = sum(part["seconds"] for part in parts)
    events = sum(merged["events"])
    weeks = len(merged["events"])
    yield f"{weeks:,} weeks, {events:,} events in {seconds:,.0f} CPU seconds: {events / seconds:,.0f} events a second"
    yield f"{'in a week':<10}{'mean':>8}{'least':>8}{'1st q.':>8}{'median':>8}{'3rd q.':>8}{'most':>8}"
    for name, counts in merged.items():
        first, middle, third = statistics.quantiles(counts, n=4) if weeks > 1 else counts * 3
        row = (f"{value:8,.0f}" for value in (counts[0], first, middle, third, counts[-1]))
        yield f"{name:<10}{statistics.mean(counts):8,.1f}{''.join(row)}"
    kinds = sum((Counter(part["kinds"]) for part in parts), Counter[str]())
    yield "faults: " + ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())


def means(parts: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The average week."""
    return {name: statistics.mean(count for part in parts for count in part["counts"][name]) for name in COUNTED}


@contextmanager
def _without_sweeping() -> Iterator[None]:
    """No search for garbage but ours: it costs a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
