"""What the PM says when a ticket is opened: what was understood and why, the ticket, the plan."""

from collections.abc import Iterator
from typing import Any

from tickety.cli import render
from tickety.core import errors, roster, settings, text
from tickety.desk import intake, ports


def opening(made: intake.Opening, document: dict[str, Any], desk: ports.Ports) -> Iterator[str]:
    """The guide's answer to a request, line by line."""
    verdict = made.verdict
    what = f"a {render.coloured(verdict.priority)}-priority {verdict.type} ticket"
    yield f"I'll open {what} and {made.recipe.aim}{_across(document)}."
    yield f"  {verdict.type:<12} {text.one_line('; '.join(verdict.type_reasons))}"
    yield f"  {verdict.priority:<12} {text.one_line('; '.join(verdict.priority_reasons))}"
    yield ""
    yield f"Creating ticket {document['id']}: {text.one_line(document['title'])}"
    yield from plan(document, desk)


def plan(document: dict[str, Any], desk: ports.Ports) -> Iterator[str]:
    """The numbered orchestration plan: who does what, and who really fills the role."""
    steps = document["orchestration"]["steps"]
    if not steps:
        return
    yield ""
    yield "Orchestration plan"
    for number, step in enumerate(steps, 1):
        yield f"  {number}. {step['agent']} ({_filled_by(desk, step['agent'])}) will {step['task']}"


def _across(document: dict[str, Any]) -> str:
    count = len(document["orchestration"]["agents_required"])
    return " across the agent team" if count > 1 else ""


def _filled_by(desk: ports.Ports, agent: str) -> str:
    try:
        chosen = desk.settings_at(desk.workspaces.head().commit)
    except errors.TicketyError:
        chosen = settings.EMPTY
    filled = desk.fill(roster.role(agent), chosen)
    return filled.name if filled else "nobody yet: it will wait for you"
