"""A memory on a store of its own, for several people, in-process."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests import builders
from tickety.core import catalogue, policy, ticket
from tickety.desk import memory
from tickety.stores import sqlite


def memory_in(folder: Path, principal: str = "user:ada") -> memory.Memory:
    """A memory on the store of a folder."""
    kept = sqlite.SqliteStore(str(folder / "tickety" / "tickety.db"))
    return memory.Memory(kept, builders.HandClock(), os.urandom, principal, lambda: catalogue.BUILT_IN, policy.usual)


def of(desk: memory.Memory, principal: str) -> memory.Memory:
    """The same memory in somebody else's hands."""
    return replace(desk, principal=principal)


def open_some(desk: memory.Memory, *kinds: str, **changes: Any) -> list[ticket.Ticket]:  # noqa: ANN401 - fields of a ticket
    """New tickets of these types, each by a command of its own."""
    return [builders.open_one(desk.store, kind=kind, **changes) for kind in kinds]
