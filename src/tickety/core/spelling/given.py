"""The fields of one part of a workflow, each as what it should be; Usage names the part and the field."""

from collections.abc import Sequence
from typing import Any

from tickety.core import errors, nearest, record, roster, times

_LONGEST_TIMEOUT = 30 * 86_400
_MOST_ATTEMPTS = 20


@record.record(frozen=True, slots=True)
class Fields:
    """What is said of a step, a group or a phase; ``place`` is what people call it."""

    place: str
    said: dict[str, Any]

    def text(self, name: str) -> str | None:
        """One text, without the space around it; None when it is not there, or is empty."""
        value = self.said.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "a text")
        return (value or "").strip() or None

    def word(self, name: str) -> str | None:
        """A text, or a number that stands for a name."""
        value = self.said.get(name)
        return str(value) if type(value) is int else self.text(name)

    def role(self, name: str) -> roster.Role | None:
        """The role of an agent; None when nobody is named."""
        agent = self.text(name)
        return self.role_of(agent) if agent else None

    def role_of(self, agent: str) -> roster.Role:
        """The role that an agent's name means."""
        try:
            return roster.role(agent)
        except errors.Usage as error:
            raise errors.Usage(f"{self.place}: {error.message}", error.hint) from None

    def words(self, name: str) -> tuple[str, ...]:
        """Names, one or several; none when nothing is said. Each counts once."""
        value = self.said.get(name)
        listed = value if isinstance(value, list) else [] if value in (None, "") else [value]
        if not all((isinstance(one, str) and one.strip()) or type(one) is int for one in listed):
            raise self._wrong(name, "a name, or a list of names")
        return tuple(dict.fromkeys(str(one).strip() for one in listed))

    def flag(self, name: str) -> bool | None:
        """Yes or no; None when it is not said."""
        value = self.said.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def attempts(self, name: str, usual: int) -> int:
        """How often something is tried at the most."""
        value = self.said.get(name, usual)
        if type(value) is not int or not 1 <= value <= _MOST_ATTEMPTS:
            raise self._wrong(name, f"a number from 1 to {_MOST_ATTEMPTS}")
        return value

    def seconds(self, name: str) -> float | None:
        """A length of time, in seconds: ``30 minutes``, or a number of them; None when it is not said."""
        value = self.said.get(name)
        if value is None:
            return None
        try:
            length = times.length(value).total_seconds() if isinstance(value, str) else value
        except ValueError as error:
            raise errors.Usage(f"{self.place}: {name}: {error}", times.example(value)) from None
        if type(length) not in {int, float} or not 0 < length <= _LONGEST_TIMEOUT:
            raise self._wrong(name, 'a length of time: "30 minutes", up to 30 days')
        return float(length)

    def commands(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Argument lists: ``[["pytest", "-q"]]``."""
        value = self.said.get(name) or []
        if not isinstance(value, list) or not all(map(_is_command, value)):
            raise self._wrong(name, 'a list of argument lists: [["pytest", "-q"]]')
        return tuple(map(tuple, value))

    def _wrong(self, name: str, wanted: str) -> errors.Usage:
        return errors.Usage(
            f"{self.place}: {name}: {self.said.get(name)!r:.80} is not what it should be", f"write {wanted}"
        )


def listed(value: object, noun: str, known: Sequence[str]) -> list[Fields]:
    """The parts of a list, each called by its name where it has one; Usage when one says what nobody knows."""
    if not isinstance(value, list):
        raise errors.Usage(f"{noun}s: {value!r:.80} is no list", f"write each {noun} as a table: [[{noun}s]]")
    return [fields(entry, _called(entry, noun, number), known) for number, entry in enumerate(value, 1)]


def fields(value: object, place: str, known: Sequence[str]) -> Fields:
    """A table of known fields; Usage, with the nearest one, when it has another."""
    if not isinstance(value, dict):
        raise errors.Usage(f"{place}: {value!r:.80} is no table of fields", f"its fields are: {', '.join(known)}")
    for name in value:
        if name not in known:
            near = nearest.asked(name, known)
            raise errors.Usage(f"{place} has no field {name[:60]!r}", f"{near}its fields are: {', '.join(known)}")
    return Fields(place, value)


def _called(entry: object, noun: str, number: int) -> str:
    name = entry.get("name", entry.get("group")) if isinstance(entry, dict) else None
    return f"the {noun} {name!r:.60}" if isinstance(name, (str, int)) else f"{noun} {number}"


def _is_command(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value) and bool(value[0])
