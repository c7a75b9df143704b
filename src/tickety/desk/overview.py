"""What needs a person, and what goes on by itself: the answer to ``tickety`` alone."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from tickety import store
from tickety.core import query, record, text

_MANY = 10_000


@record.record(frozen=True, slots=True)
class Overview:
    """The tickets that are not closed, by what they need. ``held`` wait for other tickets, ``waiting`` for a person."""

    waiting: tuple[store.Row, ...]
    blocked: tuple[store.Row, ...]
    running: tuple[store.Row, ...]
    open: tuple[store.Row, ...]
    held: tuple[store.Row, ...]

    def sections(self) -> Iterator[tuple[str, tuple[store.Row, ...]]]:
        """The parts that are not empty, the most urgent first."""
        named = (
            ("Waits for you", self.waiting),
            ("Blocked", self.blocked),
            ("In progress", self.running),
            ("Open", self.open),
            ("Waits for other tickets", self.held),
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
    rows = kept.page(query.UNFINISHED, _MANY, None, whole=False).rows
    sorted_by = {need: tuple(row for row in rows if _need(row) == need) for need in _NEEDS}
    return Overview(**sorted_by)


def _need(row: store.Row) -> str:
    """What a ticket needs: one thing, the first that goes for it."""
    if row.status == "blocked":
        return "blocked"
    if row.waiting_for and not _is_held(row):
        return "waiting"
    if row.held_by:
        return "held"
    return "running" if row.status == "in_progress" else "open"


def _is_held(row: store.Row) -> bool:
    """The ticket waits for others and for nobody else: a question of its own would be told first."""
    return row.held_by is not None and row.waiting_for == f"waits for {row.held_by}"


_NEEDS = tuple(field.name for field in fields(Overview))
