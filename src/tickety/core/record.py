"""Frozen data, made fast: ``@record(frozen=True, slots=True)`` is that dataclass at a third of its cost.

``dataclass`` writes and compiles six methods for every class, 0.7 ms each time the program starts, and a command
line that shall answer within a few times the start of Python itself has thirty of them on its way. A record compiles
its ``__init__`` alone and shares the rest. Type checkers see the dataclass, and refuse whoever assigns to a field;
while it runs nothing else does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Make a class a record: equal by its fields, hashable when they are, shown as it was made."""
        if not (frozen and slots):
            raise TypeError("a record is frozen and has slots")
        return _made


def _made(kind: type) -> type:
    made: Any = dataclass(eq=False, repr=False, match_args=False, slots=True)(kind)
    made.__eq__, made.__hash__ = _is_equal, _hash
    if "__repr__" not in kind.__dict__:
        made.__repr__ = _shown
    return made  # type: ignore[no-any-return]


def _is_equal(self: Any, other: Any) -> Any:  # noqa: ANN401 - any record, and anything
    if type(other) is not type(self):
        return NotImplemented
    return all(getattr(self, name) == getattr(other, name) for name in _names(self))


def _hash(self: Any) -> int:  # noqa: ANN401 - any record
    return hash(tuple(getattr(self, name) for name in _names(self)))


def _shown(self: Any) -> str:  # noqa: ANN401 - any record
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self))
    return f"{type(self).__qualname__}({shown})"


def _names(self: Any) -> tuple[str, ...]:  # noqa: ANN401 - any record
    return tuple(self.__dataclass_fields__)
