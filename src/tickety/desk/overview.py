"""What needs a person, and what goes on by itself: the answer to ``tickety`` alone."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from tickety import store
from tickety.core import query, record, text

_MANY = 1000  # more than anybody reads; how many there are is counted


@record.record(frozen=True, slots=True)
class Part:
    """The first tickets that need the same, the most important first, and how many there are in all."""

    heading: str
    command: str  # shows all of them
    rows: tuple[store.Row, ...]
    total: int

    @property
    def left(self) -> int:
        """How many more there are."""
        return self.total - len(self.rows)


@record.record(frozen=True, slots=True)
class Overview:
    """The tickets that are not closed, by what they need. ``held`` wait for other tickets, ``waiting`` for a person.

    ``later`` go on by themselves, or when somebody resumes them. ``escalated`` counts the tickets, in whichever part,
    of which a rule told something that nobody has seen yet.
    """

    waiting: Part
    blocked: Part
    running: Part
    later: Part
    open: Part
    held: Part
    escalated: int = 0

    def sections(self) -> Iterator[Part]:
        """The parts that are not empty, the most urgent first."""
        return (part for part in self._parts().values() if part.total)

    def sentence(self) -> str:
        """All of it in one sentence. Active is what is open or in progress, as everywhere."""
        active = sum(part.total for part in self._parts().values()) - self.blocked.total
        if not active + self.blocked.total:
            return 'Nothing needs you. Open a ticket: tickety "what is wrong or wanted"'
        yours = self.waiting.total + self.blocked.total
        told = f" Escalated, and seen by nobody: {self.escalated}." if self.escalated else ""
        stuck = f" and {self.blocked.total} blocked" if self.blocked.total else ""
        needs = f"{yours or 'none'} of them need{'' if yours > 1 else 's'} you"
        return f"Currently tracking {text.plural(active, 'active ticket')}{stuck}; {needs}.{told}"

    def as_json(self) -> dict[str, Any]:
        """The same for scripts: the first of each part, and how many there are."""
        rows = {name: [asdict(row) for row in part.rows] for name, part in self._parts().items()}
        counts = {name: part.total for name, part in self._parts().items()}
        return {**rows, "counts": counts, "escalated": self.escalated}

    def _parts(self) -> dict[str, Part]:
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: part for name, part in parts.items() if isinstance(part, Part)}


def look(kept: store.Store, limit: int = _MANY) -> Overview:
    """Every ticket that is not closed, by the first thing that it needs; at most ``limit`` of each part are shown."""
    return Overview(
        waiting=_part(kept, "Waits for you", "waiting", _WAITS, limit),
        blocked=_part(kept, "Blocked", "blocked", query.Query((_is("blocked"),)), limit),
        running=_part(kept, "In progress", "in_progress", _free("in_progress"), limit),
        open=_part(kept, "Open", "open", _free("open"), limit),
        later=_part(kept, "Goes on later", "waiting", _LATER, limit),
        held=_part(kept, "Waits for other tickets", "waiting", _HELD, limit),
        escalated=kept.count(UNSEEN),
    )


def _part(kept: store.Store, heading: str, flag: str, wanted: query.Query, limit: int) -> Part:
    rows = kept.page(wanted, limit, None, whole=False).rows
    total = len(rows) if len(rows) < limit else kept.count(wanted)
    return Part(heading, f"tickety list is:{flag}", rows, total)


def _is(flag: str) -> query.Term:
    return query.Term("is", "is", (flag,))


def _none(field: str, *, is_not: bool = False) -> query.Term:
    return query.Term(field, "in", ("none",), is_not)


def _free(status: str) -> query.Query:
    """What has that status and waits for nothing."""
    return query.Query((_is(status), _none("waiting_for"), _none("held_by")))


#: A question of its own is told before the tickets that it waits for: only a person can answer it.
_WAITS = query.Query((_is("active"), query.Term("awaits", "in", ("person",))))
_LATER = query.Query((_is("active"), query.Term("awaits", "in", ("moment", "pause"))))
UNSEEN = query.Query((query.Term("escalated", "in", ("2",)),))
_HELD = query.Query((_is("active"), _none("waiting_for"), _none("held_by", is_not=True)))
