"""The plan as a graph of steps: which are ready, which are over, and what follows for the others."""

from dataclasses import replace

from tickety.core import roster, ticket


def settle(plan: ticket.Plan) -> ticket.Plan:
    """The plan with every pending step made ready whose needs are over."""
    over = {step.name for step in plan.steps if step.state.is_over}
    return replace(plan, steps=tuple(_promoted(step, over) for step in plan.steps))


def change_step(plan: ticket.Plan, step: ticket.Step) -> ticket.Plan:
    """The plan with one step in the place of the one of the same name."""
    return replace(plan, steps=tuple(step if other.name == step.name else other for other in plan.steps))


def is_over(plan: ticket.Plan) -> bool:
    """Every step has ended well, or was skipped."""
    return all(step.state.is_over for step in plan.steps)


def first_unfinished(plan: ticket.Plan, *states: ticket.State) -> ticket.Step | None:
    """The first step, in plan order, that is in one of the states."""
    return next((step for step in plan.steps if step.state in states), None)


def followers(plan: ticket.Plan, name: str) -> tuple[str, ...]:
    """The steps that need this one, directly or through others, in plan order."""
    found = {name}
    for _ in plan.steps:
        found |= {step.name for step in plan.steps if found.intersection(step.needs)}
    return tuple(step.name for step in plan.steps if step.name in found and step.name != name)


def writing_step(plan: ticket.Plan, step: ticket.Step) -> ticket.Step | None:
    """The step itself if it writes, else the last one before it that does: a judge's objection is mended there."""
    before = plan.steps[: plan.steps.index(step) + 1]
    return next((other for other in reversed(before) if other.writes), None)


def verifies(step: ticket.Step) -> bool:
    """The step passes only on receipts of the verification."""
    return roster.role(step.agent).verifies


def wants_red(plan: ticket.Plan) -> bool:
    """The verification is run before the first change: something will be written, and something judged."""
    return any(step.writes for step in plan.steps) and any(verifies(step) for step in plan.steps)


def _promoted(step: ticket.Step, over: set[str]) -> ticket.Step:
    if step.state is ticket.State.PENDING and over.issuperset(step.needs):
        return replace(step, state=ticket.State.READY)
    return step
