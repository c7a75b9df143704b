"""Another plan for a ticket that is being worked on: what has begun stays, everything else may become another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tickety.core import errors, graph, phases, spelling, ticket, workflow
from tickety.core.spelling import manner, written

_UNTOUCHED = frozenset({ticket.State.PENDING, ticket.State.READY, ticket.State.STANDBY})
_SAID = {
    "agent": "its agent", "task": "its task", "needs": "what it needs", "starts_with": "what it starts with",
    "when": "its condition", "mode": "its mode", "phase": "its phase", "writes": "whether it writes",
    "attempts": "its attempts", "timeout": "its time limit", "receipts": "its receipts",
}  # fmt: skip
"""What a plan says of a step; everything else happened to it."""


def read(plan: ticket.Plan, spelled: object, now: datetime) -> ticket.Plan:
    """The workflow that shall take the place of a plan, as ``changed`` has it.

    What its spelling has no word for stays as the plan has it: a line says nothing about tasks.
    """
    known = {step.name: _bare(step) for step in plan.steps}
    new = spelling.read(spelled, manner.Manner(known=known))
    return changed(plan, phases.dated(_with_phases(new, plan), now, plan.phases))


def extended(plan: ticket.Plan, steps: Sequence[Mapping[str, Any]], now: datetime) -> ticket.Plan:
    """The plan with further steps, in the full form; they may need those that are there. Usage when they cannot be.

    Whoever proposes steps cannot name commands to be run.
    """
    for step in steps:
        if isinstance(step, Mapping) and step.get("receipts"):
            raise errors.Usage("a proposed step has receipts: only a person names commands", "leave them out")
    whole = written.full(plan)
    return read(plan, {**whole, "steps": [*whole["steps"], *steps]}, now)


def changed(plan: ticket.Plan, new: ticket.Plan) -> ticket.Plan:
    """The new plan with every step that has begun exactly as it is; what cannot be together is refused.

    Refused when the new plan leaves such a step out, or says something else of it. Usage, naming the step, when the
    steps together make no plan. The SLA and the success criteria are the ticket's, and stay.
    """
    begun = {step.name: step for step in plan.steps if has_begun(step)}
    for step in begun.values():
        _require_same(step, new)
    steps = tuple(begun.get(step.name) or _bare(step) for step in new.steps)
    graph.require(steps)
    joined = replace(new, sla=plan.sla, success_criteria=plan.success_criteria, steps=steps)
    return workflow.settle(joined)


def has_begun(step: ticket.Step) -> bool:
    """Somebody has worked on it, or it is over: it is not planned any more."""
    return step.attempt > 0 or step.state not in _UNTOUCHED


def _with_phases(new: ticket.Plan, plan: ticket.Plan) -> ticket.Plan:
    """The new plan, with the phases that its steps kept where its spelling knows none."""
    used = {step.phase for step in new.steps}
    return new if new.phases else replace(new, phases=tuple(one for one in plan.phases if one.get("name") in used))


def _require_same(step: ticket.Step, new: ticket.Plan) -> None:
    other = next((one for one in new.steps if one.name == step.name), None)
    if other is None:
        raise errors.Refused(
            f"the step {step.name!r} has begun ({step.state}), and the new workflow leaves it out",
            "leave it as it is, or reopen the ticket with another plan",
        )
    differing = [said for name, said in _SAID.items() if _plain(getattr(step, name)) != _plain(getattr(other, name))]
    if differing:
        raise errors.Refused(
            f"the step {step.name!r} has begun ({step.state}), and the new workflow changes {' and '.join(differing)}",
            "leave it as it is: `tickety workflow show ID --as toml` writes the steps as they are",
        )


def _plain(value: object) -> object:
    """The order in which awaited steps are named says nothing."""
    return sorted(value) if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else value


def _bare(step: ticket.Step) -> ticket.Step:
    """What a plan says of a step, without what happened to it."""
    said = {name: getattr(step, name) for name in _SAID}
    return ticket.Step(name=step.name, **said)
