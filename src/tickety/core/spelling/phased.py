"""The phases of a workflow: their names, when they shall be over, and the steps that are listed below them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import errors, phases, ticket, workflow
from tickety.core.spelling import given

FIELDS = ("name", "due", "said", "steps")
_LONGEST = 100
_ORDER = frozenset({"needs", "depends_on", "starts_with"})

Phase = dict[str, Any]


def phases_of(listed: object) -> tuple[Phase, ...]:
    """The phases as a plan keeps them: ``{"name", "due", "said"}``, without a date until there is a now."""
    entries = given.listed(listed, "phase", FIELDS)
    found = tuple(_phase(entry) for entry in entries)
    names = [phase["name"] for phase in found]
    for name in names:
        if names.count(name) > 1:
            raise errors.Usage(f"there are two phases {name!r}", "give each phase a name of its own")
    return found


def steps_below(listed: object) -> list[Any]:
    """The steps that stand below their phases, each with the name of its phase."""
    entries = given.listed(listed, "phase", FIELDS)
    return [_below(entry, step) for entry in entries for step in _listed(entry)]


def one_after_the_other(
    steps: tuple[ticket.Step, ...], entries: Sequence[Any], phases: Sequence[Phase]
) -> tuple[ticket.Step, ...]:
    """The steps, those that do not say what they wait for after all of the phase before."""
    ends: dict[str, tuple[str, ...]] = {}
    former: tuple[str, ...] = ()
    for phase in phases:
        ends[phase["name"]] = former
        former = _ends([step for step in steps if step.phase == phase["name"]]) or former
    return tuple(
        step if _ORDER & set(entry) or not step.phase else replace(step, needs=ends[step.phase])
        for step, entry in zip(steps, entries, strict=True)
    )


def of_steps(steps: Sequence[ticket.Step]) -> tuple[Phase, ...]:
    """The phases that steps name when nobody lists them."""
    names = dict.fromkeys(step.phase for step in steps if step.phase)
    return tuple({"name": name, "due": None, "said": None} for name in names)


def require_steps(listed: Sequence[Phase], steps: Sequence[ticket.Step]) -> None:
    """Refuses a phase in which nothing is done: it would never be over."""
    for phase in listed:
        if not any(step.phase == phase["name"] for step in steps):
            raise errors.Usage(f"the phase {phase['name']!r} has no step", f'give it one: phase = "{phase["name"]}"')


def _phase(entry: given.Fields) -> Phase:
    name, due, said = (entry.text(field) for field in ("name", "due", "said"))
    if not name or len(name) > _LONGEST or "\n" in name:
        raise errors.Usage(f"{entry.place} has no name of one line", 'write name = "Research & Design"')
    if due and phases.is_moment(due):
        return {"name": name, "due": due, "said": said or due}
    if words := due or said:
        phases.require_due(words, entry.place)
    return {"name": name, "due": None, "said": due or said}


def _listed(entry: given.Fields) -> list[Any]:
    steps = entry.said.get("steps", [])
    if not isinstance(steps, list):
        raise errors.Usage(f"{entry.place}: steps: it is no list", "write each step as a table: [[phases.steps]]")
    return steps


def _below(entry: given.Fields, step: object) -> object:
    if isinstance(step, dict) and "phase" in step:
        raise errors.Usage(f"{entry.place}: a step below a phase names another", "leave its phase out")
    return {**step, "phase": entry.text("name")} if isinstance(step, dict) else step


def _ends(steps: Sequence[ticket.Step]) -> tuple[str, ...]:
    """The steps of a phase that no other in it waits for."""
    awaited = {name for step in steps for name in workflow.awaited(step)}
    return tuple(step.name for step in steps if step.name not in awaited)
