"""What the PM says when a ticket is opened: what was understood and why, the ticket, the plan."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tickety.cli import render
from tickety.core import errors, text

if TYPE_CHECKING:
    from tickety.core import opening as openings
    from tickety.desk import ports


def opening(
    made: "openings.Opening",
    document: dict[str, Any],
    desk: "ports.Ports | None" = None,
    children: Sequence[dict[str, Any]] = (),
) -> Iterator[str]:
    """The guide's answer to a request, line by line."""
    verdict = made.verdict
    what = f"a {render.coloured(verdict.priority)}-priority {verdict.type} ticket"
    yield f"I'll open {what} and {made.recipe.aim}{_across(document)}."
    yield f"  {verdict.type:<12} {text.one_line('; '.join(verdict.type_reasons))}"
    yield f"  {verdict.priority:<12} {text.one_line('; '.join(verdict.priority_reasons))}"
    yield ""
    yield f"Creating ticket {document['id']}: {text.one_line(document['title'])}"
    yield from _parts(children)
    yield from plan(document, desk)


def plan(document: dict[str, Any], desk: "ports.Ports | None" = None) -> Iterator[str]:
    """The numbered orchestration plan: who does what and, where a desk is there to say it, who fills the role."""
    steps = document["orchestration"]["steps"]
    if not steps:
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
    return filled.name if filled else "nobody yet: it will wait for you"
