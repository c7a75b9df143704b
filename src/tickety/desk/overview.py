"""What needs a person, and what goes on by itself: the answer to ``tickety`` alone."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tickety import store
from tickety.core import text
from tickety.desk import search

_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Overview:
    """The tickets that are not closed, by what they need."""

    waiting: tuple[store.Row, ...]
    blocked: tuple[store.Row, ...]
    running: tuple[store.Row, ...]
    open: tuple[store.Row, ...]

    def sections(self) -> Iterator[tuple[str, tuple[store.Row, ...]]]:
        """The parts that are not empty, the most urgent first."""
        named = (
            ("Waits for you", self.waiting),
            ("Blocked", self.blocked),
            ("In progress", self.running),
            ("Open", self.open),
        )
        return ((heading, rows) for heading, rows in named if rows)

    def sentence(self) -> str:
        """All of it in one sentence."""
        count = sum(len(rows) for _, rows in self.sections())
        if not count:
            return 'Nothing needs you. Open a ticket: tickety "what is wrong or wanted"'
        yours = len(self.waiting) + len(self.blocked)
        needs = f"{yours} of them needs you" if yours == 1 else f"{yours} of them need you"
        return (
            f"Currently tracking {text.plural(count, 'active ticket')}; {needs if yours else 'none of them needs you'}."
        )

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        return asdict(self)


def look(kept: store.Store) -> Overview:
    """Sort every ticket that is not closed."""
    rows = kept.page(search.NOT_CLOSED, _MANY, None, whole=False).rows
    blocked = tuple(row for row in rows if row.status == "blocked")
    waiting = tuple(row for row in rows if row.waiting_for and row not in blocked)
    running = tuple(row for row in rows if row.status == "in_progress" and row not in waiting)
    return Overview(
        waiting, blocked, running, tuple(row for row in rows if row.status == "open" and row not in waiting)
    )
