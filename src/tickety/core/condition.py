"""When a step is done at all: data, not code, on what the steps before it said and how steps ended.

``{"signal": NAME}``, ``{"step": NAME, "outcome": "passed" | "failed" | "skipped"}``, ``{"all": […]}``,
``{"any": […]}`` and ``{"not": …}``, one in the other as deep as one likes.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

OUTCOMES = ("passed", "failed", "skipped")

_MOST_WORLDS = 4096


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
    return (leaf["step"] for leaf in _leaves(when) if isinstance(leaf.get("step"), str))


def signals(when: object) -> Iterator[str]:
    """The signals that decide it."""
    return (leaf["signal"] for leaf in _leaves(when) if isinstance(leaf.get("signal"), str))


def can_hold(when: object, outcomes: Mapping[str, Collection[str]], *, has_signals: bool) -> bool:
    """Whether it can ever be true, when steps end in one of their ``outcomes`` and signals can come, or cannot.

    What asks about more than can be tried out is taken to be possible.
    """
    steps = {name: tuple(outcomes[name]) for name in asked(when)}
    names = tuple(dict.fromkeys(signals(when))) if has_signals else ()
    if prod(map(len, steps.values())) << len(names) > _MOST_WORLDS:
        return True
    came = (
        {name for name, is_there in zip(names, said, strict=True) if is_there}
        for said in product(*[_BOTH] * len(names))
    )
    ended = [dict(zip(steps, ends, strict=True)) for ends in product(*steps.values())]
    return any(holds(when, some, ends) for some in came for ends in ended)


def in_words(when: object) -> str:
    """The condition as people say it: ``leak or research failed``, ``not (leak or slow)``."""
    match when:
        case {"signal": name}:
            return str(name)
        case {"step": name, "outcome": outcome}:
            return f"{name} {outcome}"
        case {"not": inner}:
            return f"not {_bracketed(inner)}"
        case {"all": [*several]}:
            return " and ".join(map(_bracketed, several)) or "always"
        case {"any": [*several]}:
            return " or ".join(map(_bracketed, several)) or "never"
        case _:
            return "what cannot be read"


def _bracketed(when: object) -> str:
    """In brackets where it says several things."""
    parts = (when.get("all") or when.get("any") or ()) if isinstance(when, dict) else ()
    return f"({in_words(when)})" if len(parts) > 1 else in_words(when)


def _leaves(when: object) -> Iterator[dict[str, Any]]:
    """What is asked about, from the left to the right."""
    parts: list[Any] = [when]
    while parts:
        match parts.pop():
            case {"signal": _} | {"step": _} as leaf:
                yield leaf
            case {"not": inner}:
                parts.append(inner)
            case {"all": [*several]} | {"any": [*several]}:
                parts += reversed(several)
            case _:
                pass


def _decided(held: Iterator[bool | None], *, by: bool) -> bool | None:
    """``by`` as soon as one of them is; the opposite when none is, and none is open."""
    found = list(held)
    if by in found:
        return by
    return None if None in found else not by


_BOTH = (True, False)
