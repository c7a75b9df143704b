"""What the PM says when a ticket is opened: what was understood and why, the ticket, the plan."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tickety.cli import render
from tickety.core import errors, text

if TYPE_CHECKING:
    from tickety.core import emergency as emergencies
    from tickety.core import opening as openings
    from tickety.desk import memory, ports

STARTING = "Starting multi-agent coordination now…"
_UPDATES = "I'll update you as each agent reports progress."


def opening(
    made: "openings.Opening",
    document: dict[str, Any],
    desk: "ports.Ports | None" = None,
    children: Sequence[dict[str, Any]] = (),
    etas: Mapping[str, float] | None = None,
) -> Iterator[str]:
    """The guide's answer to a request, line by line.

    ``etas`` are seconds by agent, where the work begins at once; None where nothing is run.
    """
    if made.response:
        yield from _emergency(made, made.response, document)
        for step in document["orchestration"]["steps"]:
            yield _called(step, made.response.words[step["name"]], desk, etas)
        return
    planned = _is_in_phases(document)
    yield f"{_aim(made, document, planned=planned)}."
    yield from _reasons(made)
    yield ""
    if planned:
        yield f"Created {document['id']} with the following phases: {text.one_line(document['title'])}"
    else:
        yield f"Creating ticket {document['id']}: {text.one_line(document['title'])}"
    yield from _parts(children)
    yield from plan(document, desk)


def starting(made: "openings.Opening", document: dict[str, Any]) -> str:
    """The sentence with which the work begins."""
    if made.response:
        return _UPDATES
    return "Starting Phase 1 coordination now…" if _is_in_phases(document) else STARTING


def etas(desk: "memory.Memory", made: "openings.Opening") -> dict[str, float]:
    """How long the agents of an emergency will take, as far as that was measured."""
    if made.response is None:
        return {}
    from tickety.desk import eta

    return eta.estimates(desk, (step.agent for step in made.response.plan.steps))


def plan(document: dict[str, Any], desk: "ports.Ports | None" = None) -> Iterator[str]:
    """The orchestration plan: who does what, and in which phase; where a desk can say it, who fills the role."""
    steps = document["orchestration"]["steps"]
    if not steps:
        return
    if _is_in_phases(document):
        yield from _phases(document, desk)
        return
    yield ""
    yield "Orchestration plan"
    orders = render.orders(document)
    for number, step in enumerate(steps, 1):
        filled_by = f" ({_filled_by(desk, step['agent'])})" if desk else ""
        approved = ", once a person approves" if step["mode"] == "approval" else ""
        does = _does(text.one_line(step["task"]))
        yield f"  {number}. {step['agent']}{filled_by}{does}{orders[step['name']]}{approved}"
    yield from (f"  {line}" for line in render.phase_lines(document))


def _emergency(made: "openings.Opening", response: "emergencies.Response", document: dict[str, Any]) -> Iterator[str]:
    """The guide's first example: what happened, and why everybody is called."""
    critical = render.coloured(made.verdict.priority)
    yield f"I've created {critical} ticket {document['id']} and initiated emergency response:"
    yield f"  {made.verdict.type:<12} {text.one_line('; '.join(made.verdict.type_reasons))}"
    yield f"  {'emergency':<12} {text.one_line('; '.join(response.reasons))}"
    yield ""
    yield "🚨 Emergency Coordination:"


def _called(step: dict[str, Any], word: str, desk: "ports.Ports | None", etas: Mapping[str, float] | None) -> str:
    """What an agent does now, and what is to be known of it: nobody is there, a person approves, when it is through."""
    from tickety.core import emergency, eta

    notes = [_NOBODY] if desk and _filled_by(desk, step["agent"]) == _NOBODY else []
    if step["mode"] == "approval":
        notes.append("once a person approves")
    if word == emergency.URGENT and etas is None:
        notes.append("as soon as it is run")
    if word == emergency.URGENT and etas and step["agent"] in etas and not notes:
        notes.append(f"ETA: {eta.in_words(etas[step['agent']])}")
    beside = f" ({', '.join(notes)})" if notes else ""
    return f"- {step['agent']}: {emergency.doing(step['agent'], word)}{beside}"


def _phases(document: dict[str, Any], desk: "ports.Ports | None") -> Iterator[str]:
    """The guide's second example: each phase with its date and who does what in it."""
    orders = render.orders(document)
    for number, phase in enumerate(document["orchestration"]["phases"], 1):
        until = [part for part in (phase.get("said"), phase.get("due") and f"until {phase['due'][:10]}") if part]
        yield ""
        yield f"📋 Phase {number}: {text.one_line(phase['name'])}" + (f" ({', '.join(until)})" if until else "")
        inside = [step for step in document["orchestration"]["steps"] if step["phase"] == phase["name"]]
        names = {step["name"] for step in inside}
        for step in inside:
            filled_by = f" ({_filled_by(desk, step['agent'])})" if desk else ""
            approved = ", once a person approves" if step["mode"] == "approval" else ""
            order = _order_in(names, step) or (orders[step["name"]] if step["when"] or step["starts_with"] else "")
            yield f"- {step['agent']}{filled_by}: {text.one_line(step['task'])}{order}{approved}"


def _order_in(phase: set[str], step: dict[str, Any]) -> str:
    """What a step waits for in its own phase."""
    awaited = [name for name in step["needs"] if name in phase]
    return f", after {' and '.join(awaited)}" if awaited else ""


def _is_in_phases(document: dict[str, Any]) -> bool:
    """The whole plan can be told phase by phase."""
    names = {phase.get("name") for phase in document["orchestration"]["phases"]}
    return bool(names) and all(step["phase"] in names for step in document["orchestration"]["steps"])


def _aim(made: "openings.Opening", document: dict[str, Any], *, planned: bool) -> str:
    if planned and made.verdict.type == "feature":
        return "I'll coordinate a comprehensive feature implementation plan"
    what = f"a {render.coloured(made.verdict.priority)}-priority {made.verdict.type} ticket"
    return f"I'll open {what} and {made.recipe.aim}{_across(document)}"


def _reasons(made: "openings.Opening") -> Iterator[str]:
    verdict = made.verdict
    yield f"  {verdict.type:<12} {text.one_line('; '.join(verdict.type_reasons))}"
    yield f"  {verdict.priority:<12} {text.one_line('; '.join(verdict.priority_reasons))}"


def _does(task: str) -> str:
    """What an agent does, as the guide has it: ``will fix it``, but ``: Best practices analysis``."""
    return f" will {task}" if task[:1].islower() else f": {task}"


def _across(document: dict[str, Any]) -> str:
    count = len(document["orchestration"]["agents_required"])
    return " across the agent team" if count > 1 else ""


def _parts(children: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not children:
        return
    yield ""
    yield "Child tickets"
    for child in children:
        links = ((link["relationship"].replace("_", " "), link["ticket_id"]) for link in child["linked_tickets"])
        waits = [f"{relationship} {other}" for relationship, other in links if relationship != "blocks"]
        after = f" ({', '.join(waits)})" if waits else ""
        yield f"  {child['id']}: {text.one_line(child['title'])}{after}"


def _filled_by(desk: "ports.Ports", agent: str) -> str:
    from tickety.core import roster, settings

    try:
        chosen = desk.settings_at(desk.workspaces.head().commit)
    except errors.TicketyError:
        chosen = settings.EMPTY
    filled = desk.fill(roster.role(agent), chosen)
    return filled.name if filled else _NOBODY


_NOBODY = "nobody yet: it will wait for you"
