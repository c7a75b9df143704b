"""The form of a report, one JSON object, and what of it is taken."""

import json
import re
from datetime import UTC, datetime
from typing import Any, NoReturn

from tickety.core import record, report, text, times

LIMIT = 1024 * 1024
"""Bytes of a whole report."""
OUTPUTS_LIMIT = 256 * 1024
"""Bytes of its outputs as JSON, and of the steps that it proposes."""
MOST_SIGNALS = 50
MOST_STEPS = 20
DEEPEST = 50
"""Levels of lists and objects inside each other."""

SIGNAL = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_LIMITED = "limited"
_SHOWN = 3
_SHOWN_WIDTH = 40


@record.record(frozen=True, slots=True)
class Malformed:
    """It cannot be told what the agent meant, and why."""

    reason: str


def read(content: bytes) -> report.Report | report.Limited | Malformed:
    """What a report says. What is no signal is dropped, and the summary tells; fields without a meaning are ignored."""
    try:
        form = _object(content)
        if form.get("status") == _LIMITED:
            return report.Limited(_words(form, "summary") or _words(form, "error") or "", _until(form))
        return _report(form)
    except (ValueError, RecursionError) as error:
        return Malformed(text.one_line(str(error)))


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > LIMIT:
        raise ValueError(f"it is larger than {LIMIT:,} bytes")
    try:
        form = json.loads(content.decode(), parse_constant=_refuse)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from error
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(form, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  # all that is wrong here is one kind of wrong
    return form


def _report(form: dict[str, Any]) -> report.Report:
    status = _status(form)
    signals, dropped = _signals(form)
    summary = (_words(form, "summary") or "", f"(not taken as signals: {dropped})" if dropped else "")
    return report.Report(
        status,
        "\n".join(filter(None, summary)),
        _words(form, "error"),
        _words(form, "question"),
        signals,
        _bounded(form, "outputs", dict),
        steps=_steps(form),
    )


def _status(form: dict[str, Any]) -> report.Status:
    said = form.get("status")
    if said not in report.SAYABLE:
        known = ", ".join([*report.SAYABLE, _LIMITED])
        raise ValueError(f"its status is none of {known}: {text.one_line(repr(said), _SHOWN_WIDTH)}")
    return report.Status(said)


def _words(form: dict[str, Any], name: str) -> str | None:
    said = form.get(name)
    if said is None:
        return None
    if not isinstance(said, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004  # as above
    if any("\ud800" <= letter <= "\udfff" for letter in said):
        raise ValueError(f"{name} holds half a character")
    return text.harmless(said)


def _until(form: dict[str, Any]) -> str | None:
    """The moment in UTC; None when it names none, which is better than not to wait at all."""
    try:
        moment = datetime.fromisoformat(_words(form, "until") or "")
        return times.as_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _signals(form: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """The signals, each once, and those that were dropped as words for people."""
    given = form.get("signals") or []
    if not isinstance(given, list):
        raise ValueError("signals is no list")  # noqa: TRY004  # as above
    good = dict.fromkeys(each for each in given if isinstance(each, str) and SIGNAL.fullmatch(each))
    taken = tuple(good)[:MOST_SIGNALS]
    return taken, _dropped([each for each in given if not (isinstance(each, str) and each in taken)])


def _dropped(words: list[Any]) -> str:
    shown = ", ".join(text.one_line(repr(word), _SHOWN_WIDTH) for word in words[:_SHOWN])
    return f"{shown}, and {len(words) - _SHOWN} more" if len(words) > _SHOWN else shown


def _steps(form: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    steps = _bounded(form, "steps", list)
    if len(steps) > MOST_STEPS:
        raise ValueError(f"it proposes {len(steps)} steps, and {MOST_STEPS} are the most")
    if not all(isinstance(step, dict) for step in steps):
        raise ValueError("one of its steps is no JSON object")
    return tuple(steps)


def _bounded(form: dict[str, Any], name: str, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:  # noqa: ANN401
    """A field's value, if it can be stored: not too large, not too deep, and nothing in it that JSON does not know."""
    value = form.get(name)
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise ValueError(f"{name} is no JSON {'object' if kind is dict else 'list'}")  # noqa: TRY004  # as above
    if not _is_within(value, DEEPEST):
        raise ValueError(f"{name} is nested deeper than {DEEPEST} levels")
    size = len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    if size > OUTPUTS_LIMIT:
        raise ValueError(f"{name} is {size:,} bytes of JSON, and {OUTPUTS_LIMIT:,} are the most")
    return value


def _is_within(value: Any, levels: int) -> bool:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_within(each, levels - 1) for each in inner)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON's")
