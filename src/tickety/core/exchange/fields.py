"""The fields of somebody's record, taken one after another. What is never taken, or of no use to us, is left over."""

import re
from typing import Any

from tickety.core import errors, roster, text
from tickety.core.exchange import moments

_EMPTY: tuple[object, ...] = (None, "", [], {})
_BETWEEN = re.compile(r"[,;]")


class Fields:
    """A record being read. A field that has no value is taken without a word."""

    def __init__(self, record: dict[str, Any]) -> None:
        self._left = dict(record)

    @property
    def left(self) -> dict[str, Any]:
        """What nobody took."""
        return dict(self._left)

    def any(self, *names: str) -> Any:  # noqa: ANN401 - any JSON
        """The first of these fields that has a value, whatever it is."""
        for name in names:
            value = self._left.get(name)
            if value not in _EMPTY:
                return self._left.pop(name)
            self._left.pop(name, None)
        return None

    def text(self, *names: str) -> str | None:
        """The first of these fields that is a text, or a number, as a text."""
        for name in names:
            value = self._left.get(name)
            if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
                return str(self._left.pop(name))
            if value in _EMPTY:
                self._left.pop(name, None)
        return None

    def texts(self, *names: str) -> tuple[str, ...]:
        """All of these fields as short texts: lists of texts, of ``{"name": …}``, or one text with commas."""
        found: list[str] = []
        for name in names:
            listed = _listed(self._left.get(name))
            if listed is not None:
                found += listed
                self._left.pop(name, None)
        return tuple(dict.fromkeys(found))

    def moment(self, *names: str) -> str | None:
        """The first of these fields that is a time, in UTC."""
        for name in names:
            if moment := moments.utc(self._left.get(name)):
                self._left.pop(name)
                return moment
            if self._left.get(name) in _EMPTY:
                self._left.pop(name, None)
        return None

    def object(self, name: str) -> dict[str, Any]:
        """The field as an object; empty, and left where it is, when it is none."""
        return self._left.pop(name) if isinstance(self._left.get(name), dict) else {}

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The field as a list of objects; empty, and left where it is, when it is none."""
        value = self._left.get(name)
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            self._left.pop(name)
            return value
        return []


def principal(name: str | None) -> str | None:
    """Who a name means: ``QA Agent`` is ``agent:QA``, ``ada`` is ``user:ada``; a principal stays what it is."""
    plain = " ".join(text.harmless(name or "").split())
    if not plain:
        return None
    kind, _, rest = plain.partition(":")
    if kind in {"user", "agent", "system"} and rest:
        return f"{kind}:{rest.strip()}"
    try:
        return f"agent:{roster.role(plain).name}"
    except errors.Usage:
        return f"user:{plain}"


def _listed(value: object) -> list[str] | None:
    if value in _EMPTY:
        return []
    if isinstance(value, str):
        return [part.strip() for part in _BETWEEN.split(value) if part.strip()]
    if not isinstance(value, list):
        return None
    named = [_name(entry) for entry in value]
    return [name for name in named if name] if all(named) else None


def _name(entry: object) -> str | None:
    """A text, a number, or the object's name; None for an object that says more than that of itself."""
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("name", "login", "id") if isinstance(entry.get(key), str)), None)
    if isinstance(entry, bool) or not isinstance(entry, (str, int)):
        return None
    return str(entry).strip() or None
