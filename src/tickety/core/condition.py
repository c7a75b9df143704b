"""When a step is done at all: data, not code, on what the steps before it said and how steps ended.

``{"signal": NAME}``, ``{"step": NAME, "outcome": "passed" | "failed" | "skipped"}``, ``{"all": […]}``,
``{"any": […]}`` and ``{"not": …}``, one in the other as deep as one likes.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

OUTCOMES = ("passed", "failed", "skipped")


def holds(when: object, signals: Collection[str], outcomes: Mapping[str, str]) -> bool | None:
    """Whether the condition is true; None while a step that decides it has not ended, and for what is none."""
    match when:
        case {"signal": name}:
            return name in signals
        case {"step": name, "outcome": wanted}:
            return outcomes[name] == wanted if name in outcomes else None
        case {"not": inner}:
            held = holds(inner, signals, outcomes)
            return None if held is None else not held
        case {"all": [*several]}:
            return _decided((holds(inner, signals, outcomes) for inner in several), by=False)
        case {"any": [*several]}:
            return _decided((holds(inner, signals, outcomes) for inner in several), by=True)
        case _:
            return None


def is_sound(when: object) -> bool:
    """It is spelled as a condition, to its last part."""
    match when:
        case {"signal": str(), **rest}:
            return not rest
        case {"step": str(), "outcome": outcome, **rest}:
            return not rest and outcome in OUTCOMES
        case {"not": inner, **rest}:
            return not rest and is_sound(inner)
        case {"all": [*several], **rest} | {"any": [*several], **rest}:
            return not rest and all(map(is_sound, several))
        case _:
            return False


def asked(when: object) -> Iterator[str]:
    """The steps whose ends decide it."""
    parts: list[Any] = [when]
    while parts:
        match parts.pop():
            case {"step": str(name)}:
                yield name
            case {"not": inner}:
                parts.append(inner)
            case {"all": [*several]} | {"any": [*several]}:
                parts += several
            case _:
                pass


def _decided(held: Iterator[bool | None], *, by: bool) -> bool | None:
    """``by`` as soon as one of them is; the opposite when none is, and none is open."""
    found = list(held)
    if by in found:
        return by
    return None if None in found else not by
