"""A workflow as somebody gives it: a line of words, TOML, JSON, or the same as data of a program's."""

import json
import math
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from tickety.core import errors, text

Spelled = str | dict[str, Any]
"""A line of words, or what a file or a program says in fields."""

LIMIT = 32 * 1024
"""How many characters a workflow may have. tomllib keeps every beginning of a dotted key: a long one fills memory."""

_DEPTH = 24
_BITS = 63


def parse(written: str) -> Spelled:
    """What a text spells; Usage when it is neither JSON nor TOML though it looks like it."""
    _require_size(len(written))
    stripped = _harmless(tidy(written), "the workflow")
    if stripped.startswith(("{", "[{")):
        return _json(stripped)
    if "=" in stripped or stripped.startswith("["):
        return _toml(stripped)
    return stripped


def checked(spelled: object) -> Spelled:
    """The same as plain texts, numbers, lists and tables; Usage, naming the place, where it is something else.

    A text that cannot be shown as it is, a number that is none and what lies too deep are refused.
    """
    said: Spelled = plain(spelled, "the workflow")
    if not isinstance(said, (str, dict)):
        raise errors.Usage(f"{_shown(spelled)} is no workflow", 'write "diagnose -> fix -> test", or a table of steps')
    _require_size(len(text_of(said)))
    return said


def plain(said: object, place: str) -> Any:  # noqa: ANN401 - what JSON can say
    """A value as JSON has it: dates of TOML are texts; Usage, naming the place, where it is something else."""
    return _plain(said, place, _DEPTH)


def text_of(spelled: object) -> str:
    """A workflow as a text, in its own spelling."""
    return spelled if isinstance(spelled, str) else json.dumps(spelled, ensure_ascii=False)


def tidy(written: str) -> str:
    """A text without what editors put around it: a mark of its encoding, line ends of Windows, empty lines."""
    return written.removeprefix("\ufeff").replace("\r\n", "\n").strip()


def _require_size(length: int) -> None:
    if length > LIMIT:
        raise errors.Usage(
            f"the workflow is {length:,} characters long, {LIMIT:,} are the most", "make it several tickets of an epic"
        )


def _json(written: str) -> dict[str, Any]:
    try:
        read = json.loads(written, parse_constant=_no_number, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise errors.Usage(f"the workflow is no JSON: {error}", "mend it, and try it again") from None
    return {"steps": read} if isinstance(read, list) else dict(read)


def _toml(written: str) -> dict[str, Any]:
    import tomllib  # a workflow in one line never needs it

    try:
        return tomllib.loads(written)
    except (ValueError, RecursionError) as error:
        raise errors.Usage(f"the workflow is no TOML: {error}", "mend it, and try it again") from None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name in found if [key for key, _ in pairs].count(name) > 1)
        raise ValueError(f"{twice[:60]!r} is there twice")
    return found


def _plain(value: object, place: str, depth: int) -> Any:  # noqa: ANN401 - what JSON can say
    if depth == 0:
        raise errors.Usage(f"{place} is nested more than {_DEPTH} levels deep", "keep in it what a workflow says")
    match value:
        case None | bool():
            return value
        case str():
            return _harmless(str(value), place)
        case int() | float():
            return _counted(value, place)
        case date() | time():
            return value.isoformat()
        case Mapping():
            return {_key(key, place): _plain(item, f"{place}: {key}", depth - 1) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, f"{place}[{number}]", depth - 1) for number, item in enumerate(value, 1)]
        case _:
            raise errors.Usage(
                f"{place} is {_shown(value)}, which no workflow can hold", "give texts, numbers, lists and tables"
            )


def _harmless(words: str, place: str) -> str:
    lines = words.replace("\r\n", "\n")
    if text.harmless(lines) != lines or lines.encode("utf-8", "replace").decode() != lines:
        raise errors.Usage(f"{place[:120]} has control characters in it", "write it in plain letters")
    return lines


def _counted(value: float, place: str) -> float:
    if isinstance(value, float) and not math.isfinite(value):
        raise errors.Usage(f"{place} is {value}, which is no number", "write a number")
    if isinstance(value, int) and value.bit_length() > _BITS:
        raise errors.Usage(f"{place} is too large a number", "write a smaller one")
    return value


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise errors.Usage(f"{place} has a field {_shown(key)}, which is no text", "name its fields")
    return _harmless(key, f"a field of {place}")


def _shown(value: object) -> str:
    return f"{value!r}"[:60]
