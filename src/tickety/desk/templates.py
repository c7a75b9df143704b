"""An epic whose parts are given with it, one sentence each."""

from collections.abc import Iterable
from dataclasses import replace

from tickety.core import opening
from tickety.desk import intake, memory


def with_children(
    desk: memory.Memory, made: opening.Opening, request: opening.Request, children: Iterable[tuple[str | None, str]]
) -> opening.Opening:
    """The opening with children that are given as their type, if it is said, and their words."""
    asked = (opening.Request(words, request.reporter, request.origin, type=type_name) for type_name, words in children)
    parts = (opening.Part(str(number), intake.prepare(desk, each)) for number, each in enumerate(asked, 1))
    return replace(made, children=(*made.children, *parts))
