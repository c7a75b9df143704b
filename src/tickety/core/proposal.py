"""Further steps that a report proposes: which of them can be taken, and what the plan is with them.

An agent says what is to be done, by whom and after what. It names no commands, and approves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tickety.core import document, errors, events, graph, record, replanning, text, ticket, workflow
from tickety.core.spelling import written

MOST = 20
"""How many steps one report may propose."""

_NOT_AN_AGENTS = ("receipts", "approved", "by_hand")
_WAITS = ("needs", "depends_on", "starts_with")


@record.record(frozen=True, slots=True)
class Proposal:
    """Steps in the full form, and the plan with them; ``fault``: why there is no such plan."""

    id: str
    step: str
    steps: tuple[Mapping[str, Any], ...]
    plan: ticket.Plan | None = None
    fault: str | None = None


def read(plan: ticket.Plan, step: ticket.Step, said: Sequence[Mapping[str, Any]], now: datetime) -> Proposal:
    """What a step's attempt proposes, as its report has it. What is faulty is kept as it was written."""
    name = f"{step.name}-{step.attempt}-steps"
    given = [_bare(one, step.name) for one in said]
    try:
        _require_few(given)
        longer = accepted(plan, given, now)
    except errors.TicketyError as error:
        return Proposal(name, step.name, tuple(said), fault=error.message)
    known = {one.name for one in plan.steps}
    taken = tuple(written.step(one) for one in longer.steps if one.name not in known)
    return Proposal(name, step.name, taken, longer)


def accepted(plan: ticket.Plan, steps: Sequence[Mapping[str, Any]], now: datetime) -> ticket.Plan:
    """The plan with further steps: judges that have not begun wait for what is written. Usage when it cannot be."""
    longer = replanning.extended(plan, steps, now)
    known = {one.name for one in plan.steps}
    written_anew = tuple(one.name for one in longer.steps if one.writes and one.name not in known)
    judged = tuple(_waiting(one, written_anew, longer) if one.name in known else one for one in longer.steps)
    return replanning.changed(plan, replace(longer, steps=judged))


def follow(proposal: Proposal, policy: str) -> list[events.Draft]:
    """The events of a proposal: it is told; by the policy a person is asked, or the plan is another at once."""
    steps = [dict(one) for one in proposal.steps]
    told = {"id": proposal.id, "step": proposal.step, "steps": steps}
    if proposal.plan is None:
        return [events.Draft("plan.proposed", {**told, "fault": proposal.fault})]
    proposed = events.Draft("plan.proposed", told)
    if policy == "accept":
        return [proposed, _changed(proposal.plan, proposal)]
    if policy == "ask":
        asked = {"kind": "approval", "text": f"{_sentence(proposal)}: may they be done?"}
        return [proposed, events.Draft("question.asked", {**told, **asked})]
    return [proposed]


def _bare(said: Mapping[str, Any], proposer: str) -> dict[str, Any]:
    """Without what is not an agent's to say; after the step that proposes it, unless it says after what."""
    bare = {name: value for name, value in said.items() if name not in _NOT_AN_AGENTS}
    return bare if any(bare.get(name) for name in _WAITS) else {**bare, "needs": [proposer]}


def _require_few(steps: Sequence[Mapping[str, Any]]) -> None:
    if len(steps) > MOST:
        raise errors.Usage(f"{len(steps)} further steps are proposed, and {MOST} are the most", "propose fewer")


def _waiting(step: ticket.Step, anew: Sequence[str], plan: ticket.Plan) -> ticket.Step:
    """A judge that has not begun needs what is written anew, unless that comes after it."""
    if not workflow.verifies(step) or replanning.has_begun(step):
        return step
    before = (name for name in anew if step.name not in graph.ancestors(plan.steps, name))
    return replace(step, needs=tuple(dict.fromkeys((*step.needs, *before))))


def _changed(plan: ticket.Plan, proposal: Proposal) -> events.Draft:
    said = {"orchestration": document.from_plan(plan), "reason": _sentence(proposal), "proposal": proposal.id}
    return events.Draft("plan.changed", said)


def _sentence(proposal: Proposal) -> str:
    shown = "; ".join(f"{one['name']} ({one['agent']}): {text.one_line(str(one['task']))}" for one in proposal.steps)
    return f"{proposal.step} proposes {text.plural(len(proposal.steps), 'further step')}: {shown}"
