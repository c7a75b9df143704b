"""An epic whose parts are given with it, one sentence each."""

from collections.abc import Iterable
from dataclasses import replace

from tickety.desk import intake, memory


def with_children(
    desk: memory.Memory, opening: intake.Opening, request: intake.Request, children: Iterable[tuple[str | None, str]]
) -> intake.Opening:
    """The opening with children that are given as their type, if it is said, and their words."""
    asked = (intake.Request(words, request.reporter, request.origin, type=type_name) for type_name, words in children)
    made = (intake.Part(str(number), intake.prepare(desk, each)) for number, each in enumerate(asked, 1))
    return replace(opening, children=(*opening.children, *made))
