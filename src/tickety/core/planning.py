"""The plan of a new ticket: the workflow that was asked for, else the template's, else that of its type."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tickety.core import origin, recipes, record, ticket

if TYPE_CHECKING:
    from tickety.core import template


@record.record(frozen=True, slots=True)
class Wish:
    """A workflow that was asked for, in any spelling, and whose words it is. Only a user's may name commands."""

    workflow: Any
    origin: str = origin.UNKNOWN


def plan(
    wish: Wish | None, wanted: "template.Template | None", recipe: recipes.Recipe, sla: str, now: datetime
) -> ticket.Plan:
    """The plan, its phases with dates; Usage, naming the step, when it cannot be."""
    usual = _usual(wanted, recipe, sla)
    made = _asked(wish, wanted, usual) if wish else usual
    if not made.phases:
        return made
    from tickety.core import phases

    return phases.dated(made, now)


def _usual(wanted: "template.Template | None", recipe: recipes.Recipe, sla: str) -> ticket.Plan:
    if wanted is None:
        return recipes.plan(recipe, sla)
    from tickety.core import template

    return template.plan(wanted, recipe, sla)


def _asked(wish: Wish, wanted: "template.Template | None", usual: ticket.Plan) -> ticket.Plan:
    """The workflow that was asked for. A step that a person lets begin is so under whatever workflow it stands."""
    from tickety.core import spelling
    from tickety.core.spelling import manner

    tasks = {step.name: step.task for step in usual.steps}
    made = spelling.read(wish.workflow, manner.Manner(wanted.agents_required if wanted else (), tasks))
    if wish.origin != origin.USER:
        spelling.require_no_commands(made, "what is not a person's own words")
    gates = {step.name for step in usual.steps if step.mode == "approval"}
    steps = tuple(replace(step, mode="approval") if step.name in gates else step for step in made.steps)
    return replace(made, sla=usual.sla, steps=steps, success_criteria=usual.success_criteria)
