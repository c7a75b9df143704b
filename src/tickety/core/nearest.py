"""The name that somebody meant who mistyped it."""

from collections.abc import Iterable

CLOSE = 0.6
"""How like a name something must be, from 0 to 1, to be taken for a slip of the hand."""


def name(typed: str, known: Iterable[str], cutoff: float = CLOSE) -> str | None:
    """The known name that is nearest to what was typed; None when none is near."""
    from difflib import get_close_matches  # many verbs never need it

    return next(iter(get_close_matches(typed, list(known), n=1, cutoff=cutoff)), None)


def asked(typed: str, known: Iterable[str], form: str = "{}", cutoff: float = CLOSE) -> str:
    """``did you mean bug? ``, to be put before a hint; nothing when no name is near. ``form`` is how it is written."""
    near = name(typed, known, cutoff)
    return f"did you mean {form.format(near)}? " if near else ""
