"""A plan on the screen: as text, as a tree, as a chart of Mermaid's, or as TOML to be edited."""

from collections.abc import Iterator
from typing import Any

import click

from tickety.cli import render
from tickety.core import document, phases, text, ticket

WAYS = ("text", "tree", "mermaid", "toml")
_DEFINED = (
    "name", "agent", "task", "needs", "starts_with", "when", "mode", "phase", "writes", "attempts", "timeout",
    "receipts",
)  # fmt: skip
_HAPPENED = ("state", "attempt", "reason", "claimed_by")


def lines(plan: ticket.Plan, way: str, *, is_live: bool) -> Iterator[str]:
    """The plan in one of the ``WAYS``; with the states of its steps where it is a ticket's (``is_live``)."""
    match way:
        case "tree":
            return _tree(plan, is_live=is_live)
        case "mermaid":
            from tickety.core.drawing import mermaid

            return mermaid.lines(plan, is_live=is_live)
        case "toml":
            from tickety.core.spelling import written

            return iter(text.harmless(written.toml(plan)).strip().splitlines())
        case _:
            return _text(plan, is_live=is_live)


def as_json(plan: ticket.Plan, *, is_live: bool) -> dict[str, Any]:
    """The plan for programs: its own spelling, and the steps that it means."""
    known = document.from_plan(plan)
    names = (*_DEFINED, *_HAPPENED) if is_live else _DEFINED
    return {
        "workflow": plan.workflow,
        "agents_required": known["agents_required"],
        "steps": [{name: step[name] for name in names} for step in known["steps"]],
        "phases": [
            {"name": one.name, "said": one.said, "due": one.due, "done": one.done, "total": one.total}
            for one in phases.progress(plan)
        ],
    }


def _text(plan: ticket.Plan, *, is_live: bool) -> Iterator[str]:
    """The workflow in its own spelling, and below it the steps that it means, one by one."""
    yield from (text.harmless(line) for line in plan.workflow.splitlines())
    if plan.steps:
        yield ""
    width = max((len(step.name) for step in plan.steps), default=0)
    for number, step in enumerate(plan.steps, 1):
        yield f"{number:>3}. {_step(step, width, is_live=is_live)}"
    if plan.phases:
        yield ""
    yield from (phases.sentence(phase, is_live=is_live) for phase in phases.progress(plan))


def _tree(plan: ticket.Plan, *, is_live: bool) -> Iterator[str]:
    from tickety.core.drawing import tree

    for row in tree.rows(plan):
        if row.phase:
            yield click.style(phases.sentence(row.phase, is_live=is_live), bold=True)
        elif row.step:
            yield row.lead + _step(row.step, 0, is_live=is_live, above=row.above)


def _step(step: ticket.Step, width: int, *, is_live: bool, above: str | None = None) -> str:
    from tickety.core.drawing import notes

    state = f"{render.coloured(step.state.value, 8 if width else 0)} " if is_live else ""
    name = click.style(f"{step.name:<{width}}", bold=True)
    shown = () if above is None else (above,)
    return f"{name}  {state}{step.agent}: {text.one_line(step.task, 100)}{notes.of(step, shown)}"
