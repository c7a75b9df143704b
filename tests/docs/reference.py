"""Writes the reference pages from what the code says of itself: ``python -m tests.docs.reference``.

Every event, every rule and every setting that there is stands in them; a test sees that none is missing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from tickety.config import tables
from tickety.core import escalation, events, manual, times

HERE = Path(__file__).parents[2] / "docs" / "reference"
_EVENT = re.compile(r"([a-z]+\.[a-z]+) +(.*)")


def pages() -> dict[str, str]:
    """The pages by the name of their file."""
    written = {"events.md": _events(), "rules.md": _rules(), "settings.md": _settings()}
    return {name: "\n".join(lines) + "\n" for name, lines in written.items()}


def main() -> None:
    """Write them."""
    HERE.mkdir(exist_ok=True)
    for name, words in pages().items():
        (HERE / name).write_text(words, encoding="utf-8")


def described_events() -> dict[str, str]:
    """What the module of the events says of each, by its type."""
    found: dict[str, str] = {}
    last = ""
    for line in (events.__doc__ or "").splitlines():
        if match := _EVENT.fullmatch(line):
            last = match[1]
            found[last] = match[2]
        elif line.startswith(" ") and last:
            found[last] += f" {line.strip()}"
    return found


def settings_of(kind: type[msgspec.Struct], place: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting of a table, by its full name, with what it is when nobody says it."""
    for field in structs.fields(kind):
        name = f"{place}{field.name}"
        inner = _table_of(field.type)
        if inner is None:
            yield name, _default(field)
        else:
            yield from settings_of(inner, f"{name}.NAME." if _is_by_name(field.type) else f"{name}.")


def _events() -> Iterator[str]:
    yield from ("# Events", "", "Everything that happens to a ticket is an event: `tickety log ID --json`.", "")
    yield "Each has `seq`, `ticket_uid`, `n` (its number in the ticket), `type`, `v`, `at`, `by`, `command_id`,"
    yield from (
        "`causation`, `attempt` and `data`; the table says what is in `data`. A version rises with a changed meaning.",
        "",
    )
    yield from ("| event | version | data, and what it means |", "|---|---:|---|")
    for name, words in described_events().items():
        yield f"| `{name}` | {events.VERSIONS[name]} | {_cell(words)} |"


def _rules() -> Iterator[str]:
    yield from ("# Rules", "", "Rules watch every ticket and fire once for each cause: `tickety escalations`.", "")
    yield from ("| rule | fires | when |", "|---|---|---|")
    for name, words in escalation.RULES.items():
        seconds = escalation.DELAYS.get(name)
        after = "at once" if not seconds else f"after {times.in_words(seconds)}"
        yield f"| `{name}` | {after} | {_cell(words)} |"


def _settings() -> Iterator[str]:
    yield from ("# Settings", "", "What `tickety.toml` can say. Lengths of time are written as `30min`, `2 hours`.", "")
    yield from ("| setting | unless you say otherwise | what it does |", "|---|---|---|")
    for name, default in settings_of(tables.File):
        yield f"| `{name}` | {_cell(_shown(default))} | {_cell(manual.SETTINGS[name])} |"


def _table_of(kind: Any) -> type[msgspec.Struct] | None:  # noqa: ANN401 - any annotation
    """The table that a field holds, or several of, by name; None when it is a plain value."""
    kinds = [kind, *getattr(kind, "__args__", ())]
    if str(kind).startswith("typing.Literal") or getattr(kind, "__origin__", None) is list:
        return None
    found = [one for one in kinds if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    return found[0] if found and (found[0] is kind or _is_by_name(kind)) else None


def _is_by_name(kind: Any) -> bool:  # noqa: ANN401 - any annotation
    return getattr(kind, "__origin__", None) is dict


def _default(field: structs.FieldInfo) -> Any:  # noqa: ANN401 - of any type
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return None if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _shown(default: Any) -> str:  # noqa: ANN401 - of any type
    if default is None or default in ([], {}, ()):
        return ""
    return f"`{msgspec.json.encode(default).decode()}`"


def _cell(words: str) -> str:
    return words.replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    main()
