"""The guide's spellings of a workflow that become steps: a sequence, a list of steps, groups, conditions.

Everything else is kept as it was written; so is a workflow that names a role which nobody here has.
"""

from collections.abc import Sequence
from dataclasses import replace

from tickety.core import errors, spelling, ticket, workflow
from tickety.core.spelling import manner, source


class Unclear(Exception):
    """The workflow says something that is no plain sequence of known roles."""


def read(spelled: object, crew: Sequence[str]) -> ticket.Plan:
    """The plan of a workflow, its text in the spelling that it had; Unclear when it is kept as a text only.

    Nothing in it is run: what comes from elsewhere names no commands.
    """
    try:
        plan = spelling.read(_without_summary(spelled), manner.Manner(tuple(crew), is_lenient=True))
    except errors.Usage:
        raise Unclear from None
    steps = tuple(replace(step, receipts=()) for step in plan.steps)
    agents = tuple(crew) or plan.agents_required
    return workflow.settle(replace(plan, agents_required=agents, workflow=text_of(spelled), steps=steps))


def text_of(spelled: object) -> str:
    """A workflow as a text, in its own spelling."""
    return source.text_of(spelled)


def _without_summary(spelled: object) -> object:
    """A text beside the steps says in short what they say at length."""
    if isinstance(spelled, dict) and len(spelled) > 1 and isinstance(spelled.get("workflow"), str):
        return {name: value for name, value in spelled.items() if name != "workflow"}
    return spelled
