"""Tickets to be opened again and again, written down once: what is known of such a ticket before it is there.

A template's texts are data. ``$words`` in a title stands for the words of the request; nothing else is replaced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from tickety.core import errors, recipes, record, spelling, text, ticket, times
from tickety.core.spelling import manner, source

NAME_PATTERN = r"[a-z][a-z0-9_-]{0,59}"
CHILDREN_LIMIT = 100
_LIST_LIMIT = 40
_TEXT_LIMIT = 10_000


@record.record(frozen=True, slots=True)
class Child:
    """One part of an epic. ``blocked_by`` and ``starts_with`` name the keys of its siblings."""

    key: str
    title: str
    type: str | None = None
    description: str = ""
    template: str | None = None
    priority: ticket.Priority | None = None
    tags: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()


@record.record(frozen=True, slots=True)
class Template:
    """What a ticket starts with. What is not said is found from the words, or comes from its type.

    ``workflow`` is in any spelling; ``steps`` and ``phases`` are those of the full form, in its place. ``tasks`` says
    by step what is to be done; ``approvals`` are the steps that a person lets begin.
    """

    name: str
    description: str = ""
    type: str | None = None
    title: str | None = None
    priority: ticket.Priority | None = None
    tags: tuple[str, ...] = ()
    agents_required: tuple[str, ...] = ()
    workflow: str | dict[str, Any] = ""
    sla: str | None = None
    steps: tuple[dict[str, Any], ...] = ()
    phases: tuple[dict[str, Any], ...] = ()
    tasks: Mapping[str, str] = field(default_factory=dict)
    approvals: tuple[str, ...] = ()
    success_criteria: tuple[str, ...] = ()
    children: tuple[Child, ...] = ()

    @property
    def spelled(self) -> str | dict[str, Any]:
        """Its own workflow, as it is written; empty when it has none."""
        return spelled(self.workflow, self.steps, self.phases)


BUILT_IN = (
    Template("bug", "something does not work as it should", "bug"),
    Template("feature", "something new", "feature"),
    Template(
        "feature_plan",
        "something new that is planned in phases: research and design, implementation, testing and documentation",
        "feature",
        phases=(
            {
                "name": "Research & Design",
                "due": "This week",
                "steps": [
                    {"name": "research", "agent": "Research Agent", "task": "Best practices analysis"},
                    {"name": "draft", "agent": "Documentation Agent", "task": "API design draft"},
                ],
            },
            {
                "name": "Implementation",
                "due": "Next week",
                "steps": [
                    {"name": "implement", "agent": "Engineer Agent", "task": "Core functionality"},
                    {"name": "storage", "agent": "Data Engineer Agent", "task": "Storage design"},
                ],
            },
            {
                "name": "Testing & Documentation",
                "due": "Week 3",
                "steps": [
                    {"name": "test", "agent": "QA Agent", "task": "Comprehensive testing"},
                    {"name": "document", "agent": "Documentation Agent", "task": "User guides"},
                ],
            },
        ),
    ),
    Template("doc", "something to be written down", "doc"),
    Template("qa", "tests to be built and run", "qa"),
    Template("epic", "something that several tickets carry", "epic"),
    Template(
        "security_vulnerability",
        "a weakness that an attacker could use",
        "security",
        priority=ticket.Priority.CRITICAL,
        tags=("security", "urgent"),
        agents_required=("Security Agent", "Engineer Agent", "QA Agent"),
        workflow="assess -> patch -> verify",
        sla="4 hours",
    ),
    Template(
        "performance_issue",
        "something takes too long or too much",
        "performance",
        priority=ticket.Priority.HIGH,
        tags=("performance", "optimization"),
        agents_required=("Research Agent", "Engineer Agent", "Ops Agent"),
        workflow="profile -> optimize -> deploy",
        approvals=("deploy",),
    ),
)

BY_NAME = {template.name: template for template in BUILT_IN}


def plan(wanted: Template, recipe: recipes.Recipe, sla: str) -> ticket.Plan:
    """The plan of a ticket of this template: its own workflow, or that of its type; Usage when it cannot be."""
    usual = recipes.plan(recipe, sla)
    if wanted.spelled or wanted.agents_required:
        usual = _own_plan(wanted, usual)
    _require_steps(usual, "tasks", wanted.tasks)
    _require_steps(usual, "approvals", wanted.approvals)
    steps = tuple(_adapted(step, wanted) for step in usual.steps)
    return replace(usual, steps=steps, success_criteria=wanted.success_criteria)


def spelled(
    workflow: str | dict[str, Any], steps: Sequence[dict[str, Any]], phases: Sequence[dict[str, Any]]
) -> str | dict[str, Any]:
    """A workflow of which the steps or the phases may stand for themselves; Usage when it is there twice."""
    listed = {name: list(entries) for name, entries in (("steps", steps), ("phases", phases)) if entries}
    if workflow and listed:
        raise errors.Usage(f"{' and '.join(listed)}: there is a workflow, too", "write one of them")
    return listed or workflow


def titled(title: str, words: str) -> str:
    """A title with the words of the request in the place of ``$words``."""
    return text.title(text.clean(title.replace("$words", text.title(words))))


def check(wanted: Template, types: Mapping[str, recipes.Recipe]) -> None:
    """Refuses a template that could not be opened, naming the field."""
    _require_sizes(wanted)
    if wanted.type and wanted.type not in types:
        raise errors.Usage(f"type: there is no type {wanted.type!r}", f"the types are: {', '.join(types)}")
    require_length(wanted.sla, "sla")
    recipe = types[wanted.type or "task"]
    if wanted.type or wanted.spelled:
        plan(wanted, recipe, wanted.sla or "48 hours")
    _check_children(wanted.children, types)


def require_length(typed: str | None, place: str) -> None:
    """Refuses what is no length of time."""
    try:
        if typed is not None:
            times.length(typed)
    except ValueError as error:
        raise errors.Usage(f"{place}: {error}", times.example(typed or "")) from None


def as_json(wanted: Template) -> dict[str, Any]:
    """The template's public form: the same names as in its file."""
    known = {name: getattr(wanted, name) for name in Template.__slots__}
    spelled = {name: source.plain(known[name], name) for name in ("workflow", "steps", "phases")}
    return {
        **known,
        **spelled,
        "tasks": dict(wanted.tasks),
        "children": [{name: getattr(child, name) for name in Child.__slots__} for child in wanted.children],
    }


def _own_plan(wanted: Template, usual: ticket.Plan) -> ticket.Plan:
    workflow = wanted.spelled or usual.workflow
    agents = wanted.agents_required or usual.agents_required
    tasks = {step.name: step.task for step in usual.steps}
    made = spelling.read(workflow, manner.Manner(agents, tasks))
    spelling.require_no_commands(made, "a template and a type")
    return replace(made, sla=usual.sla)


def _require_steps(usual: ticket.Plan, place: str, named: Mapping[str, str] | tuple[str, ...]) -> None:
    known = [step.name for step in usual.steps]
    for name in named:
        if name not in known:
            raise errors.Usage(
                f"{place}: the workflow has no step {name!r}", f"its steps: {', '.join(known) or 'none'}"
            )


def _adapted(step: ticket.Step, wanted: Template) -> ticket.Step:
    mode = "approval" if step.name in wanted.approvals else step.mode
    return replace(step, task=wanted.tasks.get(step.name, step.task), mode=mode)


def _require_sizes(wanted: Template) -> None:
    """No text is longer than a person would read, and no list longer than one would write."""
    for name, value in as_json(wanted).items():
        limit = CHILDREN_LIMIT if name == "children" else _LIST_LIMIT
        if isinstance(value, (tuple, list, dict)) and len(value) > limit:
            raise errors.Usage(f"{name}: {len(value)} are too many, {limit} are the most", "take some of them out")
        if len(str(value)) > _TEXT_LIMIT and name not in _WITH_A_LIMIT:
            raise errors.Usage(f"{name}: it is longer than {_TEXT_LIMIT:,} characters", "say it shorter")


def _check_children(children: tuple[Child, ...], types: Mapping[str, recipes.Recipe]) -> None:
    keys = [child.key for child in children]
    for child in children:
        place = f"children.{child.key[:60]}"
        if keys.count(child.key) > 1:
            raise errors.Usage(f"{place}: two children have this key", "give each child a key of its own")
        if child.type and child.type not in types:
            raise errors.Usage(f"{place}.type: there is no type {child.type!r}", f"the types are: {', '.join(types)}")
        for awaited in (*child.blocked_by, *child.starts_with):
            if awaited not in keys or awaited == child.key:
                raise errors.Usage(f"{place}: it cannot wait for {awaited!r}", f"the other children: {', '.join(keys)}")
    _require_an_order(children)


def _require_an_order(children: tuple[Child, ...]) -> None:
    """Refuses children that wait for each other in a circle."""
    waiting = {child.key: {*child.blocked_by, *child.starts_with} for child in children}
    while waiting:
        free = [key for key, awaited in waiting.items() if not awaited & waiting.keys()]
        if not free:
            raise errors.Usage(f"children: they wait for each other: {', '.join(waiting)}", "take one of these out")
        waiting = {key: awaited for key, awaited in waiting.items() if key not in free}


_WITH_A_LIMIT = frozenset({"children", "workflow", "steps", "phases"})
"""What is held to a limit of its own elsewhere."""
