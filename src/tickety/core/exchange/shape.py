"""JSON from outside as our dataclasses: every field is what its annotation says, or a refusal names it."""

from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tickety.core import errors

DERIVED = frozenset({"schema", "progress", "lease_until", "waiting_for"})
"""What a ticket's JSON says beside its fields, or what follows from them."""

Unknown = dict[str, Any]
"""Fields that we do not know, by their place."""


def built(kind: Any, value: Any, place: str, unknown: Unknown) -> Any:  # noqa: ANN401 - any annotation, any JSON
    """The value as an instance of the annotation; fields that it does not have are put into ``unknown``."""
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, UnionType):
        return None if value is None else built(_not_none(kind), value, place, unknown)
    if is_dataclass(kind):
        return _object(kind, value, place, unknown)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(
            built(inner, entry, f"{place}[{index}]", unknown) for index, entry in enumerate(_list(value, place))
        )
    if origin is dict:
        inner = get_args(kind)[1]
        return {key: built(inner, entry, f"{place}.{key}", unknown) for key, entry in _dict(value, place).items()}
    return _plain(kind, value, place)


def _object(kind: Any, value: Any, place: str, unknown: Unknown) -> Any:  # noqa: ANN401 - a dataclass, any JSON
    given = _dict(value, place)
    known = _known(kind)
    for name in given.keys() - {name for name, _, _ in known} - DERIVED:
        unknown[f"{place}.{name}".removeprefix(".")] = given[name]
    return kind(**{
        name: built(hint, given[name], f"{place}.{name}".removeprefix("."), unknown)
        for name, hint, has_default in known
        if name in given or _required(name, place, has_default=has_default)
    })  # fmt: skip


@cache
def _known(kind: Any) -> tuple[tuple[str, Any, bool], ...]:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)
    return tuple((entry.name, hints[entry.name], _has_default(entry)) for entry in fields(kind))


def _has_default(entry: "Field[Any]") -> bool:
    return entry.default is not MISSING or entry.default_factory is not MISSING


def _required(name: str, place: str, *, has_default: bool) -> bool:
    """False for a field that may be missing; a refusal for one that may not."""
    if has_default:
        return False
    raise errors.Usage(f"{f'{place}.{name}'.removeprefix('.')} is missing", _HINT)


def _plain(kind: Any, value: Any, place: str) -> Any:  # noqa: ANN401 - a plain type, any JSON
    if issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            raise errors.Usage(f"{place} is {_shown(value)}, none of {', '.join(kind)}", _HINT) from None
    is_number = kind is float and isinstance(value, int)
    if not (isinstance(value, kind) or is_number) or (isinstance(value, bool) and kind is not bool):
        raise errors.Usage(f"{place} is {_shown(value)}, not {_SAID[kind]}", _HINT)
    if isinstance(value, int) and value.bit_length() > _BITS:
        raise errors.Usage(f"{place} is {_shown(value)}, which is too large a number", _HINT)
    return value


def _list(value: Any, place: str) -> list[Any]:  # noqa: ANN401 - any JSON
    if not isinstance(value, (list, tuple)):
        raise errors.Usage(f"{place} is {_shown(value)}, not a list", _HINT)
    return list(value)


def _dict(value: Any, place: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        raise errors.Usage(f"{place or 'it'} is {_shown(value)}, not an object", _HINT)
    return value


def _not_none(kind: Any) -> Any:  # noqa: ANN401 - an annotation
    return next(part for part in get_args(kind) if part is not type(None))


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON
    shown = repr(value)
    return shown if len(shown) <= _SHORT else f"{shown[:_SHORT]}…"


_SHORT = 40
_BITS = 63
_SAID = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
_HINT = "take what `tickety export` writes, or give --from the tool that it is from"
