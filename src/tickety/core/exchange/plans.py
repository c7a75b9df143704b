"""The guide's spellings of a workflow that become steps: a sequence, a list of steps, groups, conditions.

Everything else is kept as it was written; so is a workflow that names a role which nobody here has.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import errors, roster, ticket, workflow
from tickety.core.exchange import fields

_NOT_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 32
_WRITERS = frozenset({"Engineer", "Documentation", "Ops", "Data Engineer", "Version Control"})
_ROLES = {
    "research": "Research", "diagnose": "Research", "profile": "Research", "assess": "Security", "fix": "Engineer",
    "implement": "Engineer", "patch": "Engineer", "optimize": "Engineer", "document": "Documentation", "test": "QA",
    "verify": "QA", "deploy": "Ops",
}  # fmt: skip


class Unclear(Exception):
    """The workflow says something that is no plain sequence of known roles."""


def read(spelled: object, crew: Sequence[str]) -> ticket.Plan:
    """The plan of a workflow, its text in the spelling that it had; Unclear when it is kept as a text only."""
    if isinstance(spelled, str):
        steps = _sequence(spelled, crew)
    elif isinstance(spelled, dict):
        steps = _structured({name: value for name, value in spelled.items() if not _is_summary(name, value)})
    else:
        raise Unclear
    names = tuple(crew) or tuple(dict.fromkeys(step.agent for step in steps))
    return workflow.settle(ticket.Plan(names, text_of(spelled), "", steps))


def text_of(spelled: object) -> str:
    """A workflow as a text, in its own spelling."""
    return spelled if isinstance(spelled, str) else json.dumps(spelled, ensure_ascii=False)


def _sequence(spelled: str, crew: Sequence[str]) -> tuple[ticket.Step, ...]:
    words = [word.strip() for word in spelled.split("->")]
    if not all(words) or any(set(word) & set("()|&,{}[]") for word in words):
        raise Unclear
    roles = list(crew) if len(crew) == len(words) else [_ROLES.get(word.lower(), "") for word in words]
    names = _unique(words)
    return tuple(
        _step(names[index], roles[index], word, tuple(names[index - 1 : index])) for index, word in enumerate(words)
    )


def _is_summary(name: str, value: object) -> bool:
    """A text beside the steps says in short what they say at length."""
    return name == "workflow" and isinstance(value, str)


def _structured(spelled: dict[str, Any]) -> tuple[ticket.Step, ...]:
    """The guide's patterns: steps that depend on each other, groups, and what the first step's signals decide."""
    match spelled:
        case {"steps": listed, **rest} if not rest:
            return _steps(listed)
        case {"parallel_groups": listed, **rest} if not rest:
            return _groups(listed)
        case {"initial": initial, "conditions": dict(conditions), **rest} if not rest:
            return _conditions(initial, conditions)
        case _:
            raise Unclear


def _steps(listed: object) -> tuple[ticket.Step, ...]:
    known = {"agent", "task", "depends_on", "name"}
    if not isinstance(listed, list) or not all(isinstance(entry, dict) and set(entry) <= known for entry in listed):
        raise Unclear
    names = _unique([_word(entry.get("name") or _role(entry.get("agent"))) for entry in listed])
    made: list[ticket.Step] = []
    for name, entry in zip(names, listed, strict=True):
        needs = tuple(_awaited(wanted, made) for wanted in _several(entry.get("depends_on")))
        made.append(_step(name, entry.get("agent"), str(entry.get("task") or name), needs))
    return tuple(made)


def _groups(listed: object) -> tuple[ticket.Step, ...]:
    known = {"group", "agents", "can_run_together", "depends_on_group"}
    if not isinstance(listed, list) or not all(isinstance(entry, dict) and set(entry) <= known for entry in listed):
        raise Unclear
    made: list[ticket.Step] = []
    by_group: dict[str, tuple[str, ...]] = {}
    for entry in listed:
        agents = _several(entry.get("agents"))
        taken = [step.name for step in made]
        names = _unique([*taken, *(_word(_role(agent)) for agent in agents)])[len(taken) :]
        needs = tuple(name for group in _several(entry.get("depends_on_group")) for name in _group(group, by_group))
        for name, agent in zip(names, agents, strict=True):
            made.append(_step(name, agent, name, needs))
            needs = (name,) if entry.get("can_run_together") is False else needs
        by_group[str(entry.get("group"))] = tuple(names)
    return tuple(made)


def _conditions(initial: object, conditions: dict[str, Any]) -> tuple[ticket.Step, ...]:
    """``if_X`` is done when the first step signals X; the default when it signals none of them."""
    signals = [name.removeprefix("if_") for name in conditions if name != "default"]
    if not conditions or any(f"if_{signal}" not in conditions or not signal for signal in signals):
        raise Unclear
    names = _unique([_word(_role(agent)) for agent in (initial, *conditions.values())])
    first = _step(names[0], initial, names[0], ())
    decided = zip(names[1:], conditions.items(), strict=True)
    return (first, *(_conditional(first, name, said, agent, signals) for name, (said, agent) in decided))


def _conditional(first: ticket.Step, name: str, said: str, agent: object, signals: Sequence[str]) -> ticket.Step:
    any_of = {"any": [{"signal": signal} for signal in signals]}
    when = {"not": any_of} if said == "default" else {"signal": said.removeprefix("if_")}
    return replace(_step(name, agent, name, (first.name,)), when=when)


def _step(name: str, agent: object, task: str, needs: tuple[str, ...]) -> ticket.Step:
    role = _role(agent)
    return ticket.Step(name, f"{role} Agent", task, needs, writes=role in _WRITERS)


def _role(agent: object) -> str:
    try:
        return roster.role(str(agent or "")).name
    except errors.Usage:
        raise Unclear from None


def _awaited(wanted: object, made: Sequence[ticket.Step]) -> str:
    """The step that a name, or an agent's latest step before this one, means."""
    who = fields.principal(str(wanted))
    for step in reversed(made):
        if step.name == wanted or fields.principal(step.agent) == who:
            return step.name
    raise Unclear


def _group(group: object, by_group: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if str(group) not in by_group:
        raise Unclear
    return by_group[str(group)]


def _several(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _word(name: object) -> str:
    return _NOT_NAME.sub("-", str(name).lower()).strip("-")[:_LONGEST_NAME].strip("-") or "step"


def _unique(words: Sequence[str]) -> list[str]:
    """The words as names of steps: one that comes again is numbered."""
    names: list[str] = []
    for word in words:
        plain, number = _word(word), 1
        name = plain
        while name in names:
            number += 1
            name = f"{plain}-{number}"
        names.append(name)
    return names
