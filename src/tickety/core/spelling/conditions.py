"""The guide's third pattern: an agent to begin with, and what its signals decide.

``if_X`` is done when the first step signals X, every one whose signal came, side by side; ``default`` only when none
did.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import errors, roster, ticket
from tickety.core.spelling import given, words

FIELDS = ("initial", "conditions")
_IF = "if_"
_DEFAULT = "default"


def steps(spelled: dict[str, Any]) -> tuple[ticket.Step, ...]:
    """The steps: the first, and one for each condition."""
    said = given.fields(spelled, "the workflow", FIELDS)
    conditions = _conditions(spelled.get("conditions"))
    agents = [_agent(said, "initial"), *(_agent(conditions, name) for name in conditions.said)]
    names = words.numbered([words.slug(whose.name) for whose in agents])
    first, *others = (
        ticket.Step(name, whose.agent, words.duty(whose), writes=words.writes(name, whose))
        for name, whose in zip(names, agents, strict=True)
    )
    signals = [name.removeprefix(_IF) for name in conditions.said if name != _DEFAULT]
    decided = zip(others, conditions.said, strict=True)
    return (first, *(replace(step, needs=(first.name,), when=_when(name, signals)) for step, name in decided))


def _conditions(spelled: object) -> given.Fields:
    if not isinstance(spelled, dict) or not spelled:
        raise errors.Usage(
            "the workflow has no conditions", 'write them: {"if_security_issue": "Security Agent", "default": …}'
        )
    for name in spelled:
        if name != _DEFAULT and not (name.startswith(_IF) and name.removeprefix(_IF).strip()):
            raise errors.Usage(f"{name[:60]!r} is no condition", f"write {_IF}SIGNAL, or {_DEFAULT}")
    return given.Fields("the conditions", spelled)


def _agent(said: given.Fields, name: str) -> roster.Role:
    whose = said.role(name)
    if whose is None:
        raise errors.Usage(f"{said.place}: {name[:60]}: no agent is named", 'write an agent: "Research Agent"')
    return whose


def _when(name: str, signals: Sequence[str]) -> dict[str, Any] | None:
    if name != _DEFAULT:
        return {"signal": name.removeprefix(_IF)}
    return {"not": {"any": [{"signal": signal} for signal in signals]}} if signals else None
