"""What a command changed, in words: one fact after the other."""

from collections.abc import Iterator
from typing import Any

from tickety.core import facts, text
from tickety.desk import changing

_SHORT = 60
_SILENT = frozenset(
    {"closed_at", "closed_by", "metadata/like", "orchestration/agents_required", "orchestration/workflow"}
)
_PLACES = ("metadata/", "orchestration/")


def told(one: changing.Changed) -> str:
    """The facts that changed, on one line."""
    return ", ".join(in_words(facts.difference(one.before, one.after)))


def in_words(changes: facts.Changes) -> Iterator[str]:
    """Each change that says something to people."""
    for fact, change in changes.items():
        if fact not in _SILENT:
            yield _one(fact, **change)


def _one(fact: str, **change: Any) -> str:  # noqa: ANN401 - a fact may be any JSON
    place, _, name = fact.partition("/")
    old, new = change["from"], change["to"]
    if place == "comments":
        return f"{'no ' if new is None else ''}comment {text.one_line((new or old)['text'], _SHORT)!r}"
    if place in {"tags", "linked_tickets"}:
        word = "tag" if place == "tags" else "link"
        return f"{'no ' if new is None else ''}{word} {name.replace('/', ' ')}"
    shown = (name if fact.startswith(_PLACES) else fact).replace("_", " ")
    return f"{shown} {_value(old)} -> {_value(new)}"


def _value(value: Any) -> str:  # noqa: ANN401 - a fact may be any JSON
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return text.one_line(str(value), _SHORT) if isinstance(value, (str, int, float)) else "…"
