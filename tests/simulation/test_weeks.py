"""Whatever goes wrong in a week, the invariants hold. Each seed is a week of its own; the same seed, the same week.

``TICKETY_SEEDS`` says how many: 10,000 in `make test`, 100,000 in `make soak`; `make quick` takes the first 100.
"""

import os
from collections.abc import Callable

import pytest

from tests.simulation import weeks, world

SEEDS = int(os.environ.get("TICKETY_SEEDS", "10000"))
QUICK = 100
SIZE = 100
CHUNKS = [
    pytest.param(first, marks=() if first < QUICK else pytest.mark.slow, id=f"{first}-{min(first + SIZE, SEEDS) - 1}")
    for first in range(0, SEEDS, SIZE)
]
FEW = 30
"""The fewest weeks whose average says something."""


@pytest.mark.parametrize("first", CHUNKS)
def test_the_invariants_hold_in_every_week(first: int, record_property: Callable[[str, object], None]) -> None:
    part = weeks.live_all(range(first, min(first + SIZE, SEEDS)))

    record_property("weeks", part)
    if len(part["counts"]["events"]) == SIZE:
        means = weeks.means([part])
        assert {name: mean for name, mean in means.items() if mean < 0.8 * weeks.LEAST.get(name, 0)} == {}


def test_the_same_seed_is_the_same_week() -> None:
    stories: list[list[str]] = [[], []]
    for story in stories:
        world.World(7, told=story.append).run()

    assert stories[0] == stories[1]
    assert len(stories[0]) > SIZE
