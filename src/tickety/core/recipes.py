"""The crews: for each type of ticket, its prefix, and who does what in which order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tickety.core import record, roster, ticket


@record.record(frozen=True, slots=True)
class Duty:
    """One step of a recipe, in the words of the plan: ``Research Agent will investigate the root cause``."""

    step: str
    role: str
    task: str
    writes: bool = False


@record.record(frozen=True, slots=True)
class Recipe:
    """How tickets of one type are worked on. ``needs_red``: ``fixed`` needs a command that failed before.

    A type that a project defined is ``like`` a built-in one; ``crew`` is its own plan, in place of the duties, and
    ``priority`` and ``sla`` are where its tickets start.
    """

    type: str
    prefix: str
    duties: tuple[Duty, ...]
    aim: str
    needs_red: bool = False
    like: str | None = None
    crew: ticket.Plan | None = None
    priority: ticket.Priority | None = None
    sla: str | None = None


RECIPES = (
    Recipe("bug", "BUG", (
        Duty("diagnose", "Research", "investigate the root cause"),
        Duty("fix", "Engineer", "implement the fix", writes=True),
        Duty("test", "QA", "verify the resolution")), "coordinate the fix", needs_red=True),
    Recipe("feature", "FEAT", (
        Duty("research", "Research", "investigate best practices"),
        Duty("implement", "Engineer", "design and implement", writes=True),
        Duty("document", "Documentation", "create user guides", writes=True),
        Duty("test", "QA", "test the feature")), "coordinate the implementation"),
    Recipe("doc", "DOC", (
        Duty("document", "Documentation", "write the documentation", writes=True),), "have it written"),
    Recipe("qa", "QA", (
        Duty("test", "QA", "build and run the tests", writes=True),), "have it tested"),
    Recipe("security", "SEC", (
        Duty("assess", "Security", "assess the weakness"),
        Duty("patch", "Engineer", "close it", writes=True),
        Duty("verify", "QA", "verify that it is closed")), "coordinate the patch", needs_red=True),
    Recipe("performance", "PERF", (
        Duty("profile", "Research", "find where the time goes"),
        Duty("optimize", "Engineer", "make it faster", writes=True),
        Duty("test", "QA", "verify that nothing else changed")), "coordinate the work", needs_red=True),
    Recipe("task", "TASK", (
        Duty("implement", "Engineer", "do the work", writes=True),
        Duty("test", "QA", "verify the result")), "have it done"),
    Recipe("epic", "EPIC", (), "hold the parts together"),
)  # fmt: skip

BY_TYPE = {recipe.type: recipe for recipe in RECIPES}


def nature(type_name: str, metadata: Mapping[str, Any]) -> str:
    """The built-in type that a ticket is like: its own, or what it says itself when a project defined its type."""
    like = metadata.get("like")
    return like if type_name not in BY_TYPE and isinstance(like, str) else type_name


def needs_red(type_name: str, metadata: Mapping[str, Any]) -> bool:
    """``fixed`` needs a command that failed before."""
    known = BY_TYPE.get(nature(type_name, metadata))
    return known is not None and known.needs_red


def plan(recipe: Recipe, sla: str) -> ticket.Plan:
    """The plan of a new ticket: the recipe's own crew, or its duties in sequence."""
    if recipe.crew:
        return replace(recipe.crew, sla=sla)
    steps = tuple(_step(recipe, index) for index in range(len(recipe.duties)))
    crew = tuple(dict.fromkeys(step.agent for step in steps))
    return ticket.Plan(crew, " -> ".join(step.name for step in steps), sla, steps)


def _step(recipe: Recipe, index: int) -> ticket.Step:
    duty = recipe.duties[index]
    needs = (recipe.duties[index - 1].step,) if index else ()
    return ticket.Step(duty.step, roster.role(duty.role).agent, duty.task, needs, duty.writes)
