"""The implementations of the store port. A new one is added here, and the whole contract is run on it."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from tests.simulation import memory_book, memory_store
from tickety import store
from tickety.stores import sqlite

House = Callable[[], store.Store]
"""Opens the store: each call another connection to the same tickets, as another process would have it."""

HOUSES: dict[str, Callable[[Path], House]] = {
    "sqlite": lambda folder: lambda: sqlite.SqliteStore(str(folder / "tickety" / "tickety.db")),
}


def _in_memory(folder: Path) -> House:
    """A book that each call opens a store on; it keeps no lists, so that it is no whole store."""
    del folder
    book = memory_book.Book()
    return lambda: cast("store.Store", memory_store.MemoryStore(book))


LEDGERS = HOUSES | {"memory": _in_memory}
"""The same, and what keeps no more of the port than the ledger of attempts needs."""
