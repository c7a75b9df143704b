"""A plan written down again: as the full form, which says everything, and that as TOML for whoever edits it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tickety.core import errors, roster, ticket
from tickety.core.spelling import words

_PLAIN = ticket.Step("", "", "")
_ALWAYS = ("name", "agent", "task")
_ORDER = ("needs", "starts_with", "when", "mode", "phase", "attempts", "timeout", "receipts")


def full(plan: ticket.Plan) -> dict[str, Any]:
    """The full form: whoever reads it gets the same steps and the same phases."""
    steps = [step(one) for one in plan.steps]
    phases = [_phase(phase) for phase in plan.phases]
    return {"steps": steps, "phases": phases} if phases else {"steps": steps}


def step(one: ticket.Step) -> dict[str, Any]:
    """One step in the full form. What would be so anyway is left out."""
    said = {name: getattr(one, name) for name in _ALWAYS}
    said |= {name: getattr(one, name) for name in _ORDER if getattr(one, name) != getattr(_PLAIN, name)}
    if one.writes != _writes(one):
        said["writes"] = one.writes
    return {name: _listed(value) for name, value in said.items()}


def toml(plan: ticket.Plan) -> str:
    """The full form as TOML."""
    return "\n".join(tables(full(plan))) + "\n"


def tables(said: Mapping[str, Any]) -> Iterator[str]:
    """Steps and phases as arrays of tables, line by line, with an empty line before each."""
    for name in ("phases", "steps"):
        for entry in said.get(name, ()):
            yield from ("", f"[[{name}]]", *(f"{field} = {value(entry[field])}" for field in entry))


def value(said: object) -> str:
    """Anything as TOML, on one line."""
    if isinstance(said, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {value(item)}" for name, item in said.items()) + "}"
    if isinstance(said, (list, tuple)):
        return "[" + ", ".join(map(value, said)) + "]"
    # A text of JSON is one of TOML too, but for the one letter that JSON leaves as it is.
    return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else value(name)


def _phase(phase: Mapping[str, Any]) -> dict[str, Any]:
    """A phase with its date and the words for it; without one the words are its date."""
    said = {"due": phase.get("due") or phase.get("said"), "said": phase.get("said") if phase.get("due") else None}
    return {"name": phase.get("name"), **{name: value for name, value in said.items() if value is not None}}


def _writes(one: ticket.Step) -> bool | None:
    """Whether a step of that name and agent writes when nobody says it; None where nobody knows the agent."""
    try:
        return words.writes(one.name, roster.role(one.agent))
    except errors.Usage:
        return None


def _listed(said: object) -> Any:  # noqa: ANN401 - any JSON
    return [_listed(one) for one in said] if isinstance(said, tuple) else said
