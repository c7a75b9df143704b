"""The implementations of the store port. A new one is added here, and the whole contract is run on it."""

from collections.abc import Callable
from pathlib import Path

from tickety import store
from tickety.stores import sqlite

House = Callable[[], store.Store]
"""Opens the store: each call another connection to the same tickets, as another process would have it."""

HOUSES: dict[str, Callable[[Path], House]] = {
    "sqlite": lambda folder: lambda: sqlite.SqliteStore(str(folder / "tickety" / "tickety.db")),
}
