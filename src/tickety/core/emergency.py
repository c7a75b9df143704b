"""Emergencies: production is down, or somebody broke in. All who will be needed are told at once.

It is the guide's first example: the first to work begin, those who judge make ready, everybody else stands by; and what
mends it can be deployed, once a person approves.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from tickety.core import approval, record, roster, ticket, workflow

URGENT = "URGENT"
STANDBY = "STANDBY"
PREPARE = "PREPARE"

RULES = (
    (re.compile(r"\b(?:production|prod)\b(?!-ready)", re.IGNORECASE), "it is critical, and production is affected"),
    (
        re.compile(r"\b(?:breach(?:ed)?|actively exploited|broken? in(?:to)?)\b", re.IGNORECASE),
        "it is critical, and somebody may have broken in",
    ),
)  # fmt: skip
"""What makes a critical fault an emergency, and the reason that is given."""

_READ = 20_000  # characters of a request that the rules look at


@record.record(frozen=True, slots=True)
class Response:
    """What follows from an emergency: why it is one, the plan, and the word for each step's agent."""

    reasons: tuple[str, ...]
    plan: ticket.Plan
    words: Mapping[str, str]


def reasons(words: str, priority: ticket.Priority, *, is_fault: bool) -> tuple[str, ...]:
    """Why a ticket is an emergency, each reason with the words it was drawn from; empty when it is none."""
    if priority is not ticket.Priority.CRITICAL or not is_fault:
        return ()
    found = ((reason, rule.search(words[:_READ])) for rule, reason in RULES)
    return tuple(f"{reason}: {' '.join(match[0].split())!r}" for reason, match in found if match)


def respond(why: tuple[str, ...], plan: ticket.Plan, *, is_usual: bool) -> Response:
    """What is done about it. A plan that was asked for stays as it is; that of a type is made one for emergencies."""
    made = _manned(plan) if is_usual else plan
    return Response(why, made, {step.name: _word(step) for step in made.steps})


def doing(agent: str, word: str) -> str:
    """What an agent does now, in the guide's words: ``Standing by for fix implementation``."""
    return _DOING.get((roster.role(agent).name, word), _DOING_ANY[word])


def _word(step: ticket.Step) -> str:
    if not workflow.awaited(step) and step.mode != approval.MODE:
        return URGENT
    return PREPARE if workflow.verifies(step) else STANDBY


def _manned(plan: ticket.Plan) -> ticket.Plan:
    """The plan of a type with tasks that fit the hour, all but the first on standby, and a deployment at its end."""
    steps = tuple(_on_alert(step) for step in plan.steps)
    if any(step.agent == _OPS or step.name == _DEPLOY for step in steps) or not steps:
        return replace(plan, steps=steps)
    awaited = {name for step in steps for name in workflow.awaited(step)}
    ends = tuple(step.name for step in steps if step.name not in awaited)
    deploy = ticket.Step(_DEPLOY, _OPS, "make the emergency deployment", ends, mode=approval.MODE)
    line = plan.workflow if plan.workflow.startswith("{") else f"{plan.workflow} -> {_DEPLOY}"
    return replace(plan, steps=(*steps, deploy), agents_required=(*plan.agents_required, _OPS), workflow=line)


def _on_alert(step: ticket.Step) -> ticket.Step:
    waits = workflow.awaited(step) and step.mode == "normal"
    task = _TASKS.get((step.agent, _word(step)), step.task)
    return replace(step, task=task, mode="standby" if waits else step.mode)


_OPS = "Ops Agent"
_DEPLOY = "deploy"
_TASKS = {
    ("Research Agent", URGENT): "analyze the error and name its root cause",
    ("Security Agent", URGENT): "assess the breach and name the way in",
    ("Engineer Agent", STANDBY): "implement an emergency fix once the root cause is identified",
    ("QA Agent", PREPARE): "ready the emergency test suite, and validate the fix with it",
}
_DOING = {
    ("Research", URGENT): "Analyzing error logs",
    ("Security", URGENT): "Assessing the breach",
    ("Engineer", STANDBY): "Standing by for fix implementation",
    ("QA", PREPARE): "Preparing emergency test suite",
    ("Ops", STANDBY): "Ready for deployment",
}
_DOING_ANY = {URGENT: "At work on it", STANDBY: "Standing by", PREPARE: "Preparing"}
