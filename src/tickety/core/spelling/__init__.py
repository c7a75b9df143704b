"""A workflow in any spelling, read into one graph of steps that can be done.

A line of words, the guide's three patterns, and the full form in TOML or JSON: each has a module of its own that says
which steps it means; what they have in common (names, circles, steps that can never run) is checked here for all.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tickety.core import errors, graph, roster, ticket
from tickety.core.spelling import conditions, given, groups, line, listed, manner, phased, source

_FORMS = ("steps", "phases", "parallel_groups", "initial", "conditions", "workflow")
_FIELDS = (*_FORMS, "agents_required")
_OF_THE_GUIDE = frozenset({"agent", "task", "depends_on"})

Read = tuple[tuple[ticket.Step, ...], tuple[dict[str, Any], ...]]
"""Steps, and phases without dates."""


def read(spelled: object, how: manner.Manner = manner.PLAIN) -> ticket.Plan:
    """The plan of a workflow, its text in the spelling that it had; its phases have no dates yet.

    Usage, naming the step, when it cannot be understood or could not be done.
    """
    said = source.checked(source.parse(spelled) if isinstance(spelled, str) else spelled)
    bare, crew = _unwrapped(said)
    steps, phases = _read(bare, replace(how, crew=crew) if crew else how)
    graph.require(steps)
    phased.require_steps(phases, steps)
    agents = tuple(roster.role(agent).agent for agent in crew) or tuple(dict.fromkeys(step.agent for step in steps))
    written = spelled if isinstance(spelled, str) else source.text_of(said)
    return ticket.Plan(agents, source.tidy(written), "", steps, phases=phases)


def require_no_commands(plan: ticket.Plan, whose: str, known: ticket.Plan | None = None) -> None:
    """Refuses a plan that names commands, from whoever must not: what is to be run, a person gives to a ticket.

    Those that a step has in the ``known`` plan were given by somebody who may.
    """
    given_before = {(step.name, step.receipts) for step in (known.steps if known else ())}
    for step in plan.steps:
        if step.receipts and (step.name, step.receipts) not in given_before:
            raise errors.Usage(
                f"the step {step.name!r} has receipts: {whose} cannot name commands to be run",
                'leave them out; a person gives them to a ticket: tickety new "…" --workflow FILE',
            )


def form(spelled: object) -> str:
    """What a workflow that can be read is called: ``a line``, ``the guide's list of steps``, ``the full form``, …."""
    bare, _ = _unwrapped(source.checked(source.parse(spelled) if isinstance(spelled, str) else spelled))
    if isinstance(bare, str):
        return "a line"
    if "steps" in bare and all(_OF_THE_GUIDE.issuperset(step) for step in bare["steps"]) and "phases" not in bare:
        return "a list of steps"
    return next(name for field, name in _NAMES.items() if field in bare)


def _unwrapped(said: source.Spelled) -> tuple[source.Spelled, tuple[str, ...]]:
    """What spells the steps, and the crew that is named beside it."""
    if isinstance(said, str):
        return said, ()
    whole = given.fields(said, "the workflow", _FIELDS)
    bare: dict[str, Any] = {name: value for name, value in said.items() if name != "agents_required"}
    inner = bare.get("workflow")
    if "workflow" in bare and len(bare) == 1 and isinstance(inner, (str, dict)):
        return inner, whole.words("agents_required")
    return bare, whole.words("agents_required")


def _read(bare: source.Spelled, how: manner.Manner) -> Read:
    if isinstance(bare, str):
        return line.steps(bare, how), ()
    spelled = tuple(sorted(bare))
    if spelled not in _READERS:
        said = " and ".join(spelled) or "nothing"
        raise errors.Usage(f"the workflow says {said}, which is no spelling of one", f"it says one of: {_SPELLINGS}")
    return _READERS[spelled](bare, how)


def _steps(bare: Mapping[str, Any], how: manner.Manner) -> Read:
    steps = listed.steps(bare["steps"], (), how)
    return steps, phased.of_steps(steps)


def _phased_steps(bare: Mapping[str, Any], how: manner.Manner) -> Read:
    phases = phased.phases_of(bare["phases"])
    if phased.steps_below(bare["phases"]):
        raise errors.Usage("the workflow lists steps below its phases and beside them", "list them at one place")
    return listed.steps(bare["steps"], [phase["name"] for phase in phases], how), phases


def _phases(bare: Mapping[str, Any], how: manner.Manner) -> Read:
    phases = phased.phases_of(bare["phases"])
    entries = phased.steps_below(bare["phases"])
    steps = listed.steps(entries, [phase["name"] for phase in phases], how)
    return phased.one_after_the_other(steps, entries, phases), phases


def _groups(bare: Mapping[str, Any], how: manner.Manner) -> Read:
    return _as_known(groups.steps(bare["parallel_groups"]), how), ()


def _conditions(bare: Mapping[str, Any], how: manner.Manner) -> Read:
    return _as_known(conditions.steps(dict(bare)), how), ()


def _as_known(steps: tuple[ticket.Step, ...], how: manner.Manner) -> tuple[ticket.Step, ...]:
    """The steps of a spelling that says no more than their order, those that are known in everything else as they are.

    One that another agent has now is another step.
    """
    known = {name: step for name, step in how.known.items() if (name, step.agent) in {(s.name, s.agent) for s in steps}}
    return tuple(
        replace(known[step.name], needs=step.needs, when=step.when) if step.name in known else step for step in steps
    )


_READERS: dict[tuple[str, ...], Callable[[Mapping[str, Any], manner.Manner], Read]] = {
    ("steps",): _steps,
    ("phases", "steps"): _phased_steps,
    ("phases",): _phases,
    ("parallel_groups",): _groups,
    ("conditions", "initial"): _conditions,
}
_NAMES = {
    "phases": "the full form with phases",
    "steps": "the full form",
    "parallel_groups": "parallel groups",
    "initial": "conditions",
}
_SPELLINGS = "steps; phases and steps; parallel_groups; initial and conditions"
