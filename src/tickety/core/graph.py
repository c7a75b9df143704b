"""Whether steps make a plan that can be done: every name is there once, nothing goes round in a circle, all can run.

What is refused is named: the step, and what is wrong with it.
"""

from collections.abc import Mapping, Sequence

from tickety.core import condition, consistency, errors, ids, nearest, ticket, workflow

LIMIT = 40
"""How many steps a plan may have."""


def require(steps: Sequence[ticket.Step]) -> None:
    """Refuses steps that no plan can have."""
    require_count(len(steps))
    _require_names(steps)
    for step in steps:
        _require_awaited(step, [other.name for other in steps])
    _require_no_circle(steps)
    for step in steps:
        _require_possible(step, steps)


def require_count(count: int) -> None:
    """Refuses no steps at all, and more than a plan can have."""
    if not count:
        raise errors.Usage("the workflow has no steps", 'write its steps in order: "diagnose -> fix -> test"')
    if count > LIMIT:
        raise errors.Usage(f"the workflow has more than {LIMIT} steps", "make it several tickets of an epic")


def ancestors(steps: Sequence[ticket.Step], name: str) -> set[str]:
    """The steps that come before one, directly or through others, in whatever way it waits for them."""
    awaited = {step.name: workflow.awaited(step) for step in steps}
    return _reached(name, awaited)


def _reached(name: str, awaited: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    border = list(awaited.get(name, ()))
    while border:
        other = border.pop()
        if other not in found:
            found.add(other)
            border += awaited.get(other, ())
    return found


def _require_names(steps: Sequence[ticket.Step]) -> None:
    names = [step.name for step in steps]
    for name in names:
        require_name(name)
        if names.count(name) > 1:
            raise errors.Usage(f"the workflow names the step {name!r} twice", "give each step a name of its own")


def require_name(name: str) -> None:
    """Refuses what cannot be the name of a step, as a mistake of whoever wrote it."""
    try:
        ids.require_step_name(name)
    except errors.Refused as error:
        raise errors.Usage(f"{name[:60]!r} cannot be the name of a step", error.hint) from None


def _require_awaited(step: ticket.Step, names: Sequence[str]) -> None:
    said = {"needs": step.needs, "starts with": step.starts_with, "asks about": tuple(condition.asked(step.when))}
    for verb, named in said.items():
        for other in named:
            if other not in names:
                near = nearest.asked(other, names)
                raise errors.Usage(
                    f"the step {step.name!r} {verb} {other[:60]!r}, which is no step of the workflow",
                    f"{near}its steps are: {', '.join(names)}",
                )


def _require_no_circle(steps: Sequence[ticket.Step]) -> None:
    circle = next(consistency.circles({step.name: workflow.awaited(step) for step in steps}), None)
    if circle and len(circle) == 1:
        raise errors.Usage(f"the step {circle[0]!r} waits for itself", "take it out of what it waits for")
    if circle:
        walked = " -> ".join((circle[0], *reversed(circle)))
        raise errors.Usage(f"these steps wait for each other in a circle: {walked}", f"take {circle[0]!r} out of it")


def _require_possible(step: ticket.Step, steps: Sequence[ticket.Step]) -> None:
    if step.when is None:
        return
    before = _reached(step.name, {other.name: other.needs for other in steps})
    outcomes = {other.name: _outcomes(other, is_needed=other.name in before) for other in steps}
    if not condition.can_hold(step.when, outcomes, has_signals=bool(before)):
        told = f"the step {step.name!r} can never run: its condition ({condition.in_words(step.when)}) cannot come true"
        raise errors.Usage(told, _remedy(step, before))


def _outcomes(step: ticket.Step, *, is_needed: bool) -> tuple[str, ...]:
    """How a step can have ended where its end is asked about: what is needed has not failed."""
    found = ("passed",) if is_needed else ("passed", "failed")
    return found if step.when is None else (*found, "skipped")


def _remedy(step: ticket.Step, before: set[str]) -> str:
    if not before and any(condition.signals(step.when)):
        return "a signal comes from a step that it needs: say which, needs = […]"
    return "what needs a step begins when that passed or was skipped; what starts with one may ask whether it failed"
