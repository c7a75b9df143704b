"""Another plan for a ticket that is being worked on: what has begun stays, everything else may become another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tickety.core import errors, graph, phases, spelling, ticket, workflow
from tickety.core.spelling import manner, written

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
    known = {step.name: step for step in plan.steps}
    for step in plan.steps:
        if has_begun(step):
            _require_same(step, next((one for one in new.steps if one.name == step.name), None))
    steps = tuple(_kept(step, known.get(step.name)) for step in new.steps)
    graph.require(steps)
    joined = replace(new, sla=plan.sla, success_criteria=plan.success_criteria, steps=steps)
    return workflow.settle(replace(joined, phases=tuple(_phases(joined, plan))))


def has_begun(step: ticket.Step) -> bool:
    """It is not planned any more: somebody has worked on it, it is over, or nobody shall do it."""
    return workflow.has_begun(step) or step.state is ticket.State.CANCELLED


def _with_phases(new: ticket.Plan, plan: ticket.Plan) -> ticket.Plan:
    """The new plan, with the phases that its steps kept where its spelling knows none."""
    used = {step.phase for step in new.steps}
    return new if new.phases else replace(new, phases=tuple(one for one in plan.phases if one.get("name") in used))


def _require_same(step: ticket.Step, other: ticket.Step | None) -> None:
    if other is None:
        raise errors.Refused(
            f"the step {step.name!r} has begun ({step.state}), and the new workflow leaves it out",
            "leave it as it is, or reopen the ticket with another plan",
        )
    if differing := list(_differing(step, other)):
        raise errors.Refused(
            f"the step {step.name!r} has begun ({step.state}), and the new workflow changes {' and '.join(differing)}",
            "leave it as it is: `tickety workflow show ID --as toml` writes the steps as they are",
        )


def _differing(step: ticket.Step, other: ticket.Step) -> Iterator[str]:
    """What the one says otherwise than the other. In which order they name what they wait for says nothing."""
    for name, said in _SAID.items():
        values = (getattr(step, name), getattr(other, name))
        if name in {"needs", "starts_with"}:
            values = (set(values[0]), set(values[1]))
        if values[0] != values[1]:
            yield said


def _kept(step: ticket.Step, known: ticket.Step | None) -> ticket.Step:
    """A step of the new plan: the one that is there, when nothing else is said of it."""
    return known if known and not any(_differing(known, step)) else _bare(step)


def _phases(new: ticket.Plan, plan: ticket.Plan) -> Iterator[dict[str, Any]]:
    """The phases of the new plan. One that is over, and was told to be, is so still unless it got further steps."""
    told = {phase.get("name"): phase["done_at"] for phase in plan.phases if phase.get("done_at")}
    for phase, progress in zip(new.phases, phases.progress(new), strict=True):
        is_told = progress.name in told and progress.is_done
        yield {**phase, "done_at": told[progress.name]} if is_told else phase


def _bare(step: ticket.Step) -> ticket.Step:
    """What a plan says of a step, without what happened to it."""
    said = {name: getattr(step, name) for name in _SAID}
    return ticket.Step(name=step.name, **said)
