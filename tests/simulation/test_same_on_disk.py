"""The store in memory is no world of its own: the same week gives the same log, event by event, in SQLite."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation import memory_book, memory_store, world
from tickety import store
from tickety.core import events
from tickety.stores import sqlite

WEEKS = max(5, int(os.environ.get("TICKETY_SEEDS", "10000")) // 200)
SIZE = 5


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, WEEKS, SIZE))
def test_the_same_week_gives_the_same_log_in_memory_and_on_disk(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + SIZE):
        in_memory = memory_store.MemoryStore(memory_book.Book())
        on_disk = sqlite.SqliteStore(str(tmp_path / str(seed) / "tickety.db"))

        for kept in (in_memory, on_disk):
            world.World(seed, kept=kept).run()  # type: ignore[arg-type]  # it keeps what a week needs

        assert list(lines(on_disk)) == list(lines(in_memory)), f"seed {seed}"
        on_disk.close()


def lines(kept: store.Store | memory_store.MemoryStore) -> Iterator[str]:
    """The whole log as it is written."""
    return (written(event) for event in kept.since(0, 100_000))


def written(event: events.Event) -> str:
    return json.dumps(event.as_json(), sort_keys=True, default=str)
