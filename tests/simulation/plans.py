"""Random tickets: plans of every shape that the rules know, links, and a project's policy."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from tickety.core import budget, document, events, policy, record, sla, ticket, verdict

ROLES = ("Research Agent", "Engineer Agent", "QA Agent", "Documentation Agent", "Security Agent", "Ops Agent")
SIGNALS = ("red", "green", "risky")
PREFIXES = {"bug": "BUG", "feature": "FEAT", "task": "TASK", "doc": "DOC"}
PRIORITIES = tuple(priority.value for priority in ticket.Priority)

_REMOTE = 0.3


@record.record(frozen=True, slots=True)
class Project:
    """How a simulated project lets its crew work, and how its people are: ``patience`` is how long they take."""

    policy: policy.Policy
    processes: int
    patience: float
    trouble: float


def project(dice: Random) -> Project:
    """A project's policy: leases, slots, budgets, pauses."""
    lease = dice.choice((3600.0, 7200.0, 14400.0))
    slots = {"QA": dice.randint(1, 2)} if dice.random() < _REMOTE else {}
    rules = policy.Policy(
        workers=dice.randint(1, 3),
        slots=slots,
        lease=lease,
        patience=verdict.Patience(dice.choice(((10.0, 60.0), (600.0,), ())), dice.randint(0, 2)),
        limits=_limits(dice) if dice.random() < _BUDGETED else budget.NONE,
    )
    return Project(rules, dice.randint(2, 4), dice.choice((600.0, 7200.0, 36000.0)), dice.choice((0.5, 1.0, 2.0)))


def opening(dice: Random, ticket_id: str, kind: str, now: datetime, parent: str | None) -> events.Draft:
    """The first event of a ticket with a random plan."""
    priority = dice.choice(PRIORITIES)
    plan = _plan(dice, sla.BY_PRIORITY[ticket.Priority(priority)])
    data: dict[str, Any] = {
        "id": ticket_id,
        "type": kind,
        "title": f"{kind} {ticket_id}",
        "description": "",
        "priority": priority,
        "reporter": "user:ada",
        "assignee": "agent:PM",
        "tags": [],
        "due_at": sla.due_at(now, plan.sla),
        "metadata": {},
        "orchestration": _written(plan),
        "origin": {"description": "user"},
    }
    return events.Draft("ticket.opened", data | ({"parent": parent} if parent else {}))


def _written(plan: ticket.Plan) -> dict[str, Any]:
    """The plan's JSON; of steps that have not begun most fields are the same."""
    steps = [{**_BLANK, **{name: getattr(step, name) for name in _FILLED}} for step in plan.steps]
    return {**document.from_plan(record.replace(plan, steps=())), "steps": steps}


def _limits(dice: Random) -> budget.Budget:
    """Limits on one or two scopes; money in quarters, so that sums are exact."""
    scopes = dice.sample(("step", "ticket", "epic", "day"), dice.randint(1, 2))
    return budget.Budget(**{scope: _limit(dice, scope) for scope in scopes})


def _limit(dice: Random, scope: str) -> budget.Limits:
    size = {"step": 3, "ticket": 9, "epic": 24, "day": 40}[scope]
    resource = dice.choice(("runs", "seconds", "cost_usd"))
    most = {"runs": size, "seconds": size * 3600.0, "cost_usd": size * 0.75}[resource]
    return budget.Limits(**{resource: most})  # type: ignore[arg-type]  # runs are whole


def _plan(dice: Random, length: str) -> ticket.Plan:
    steps = dice.choice(_SHAPES)(dice)
    if dice.random() < _PHASED:
        half = (len(steps) + 1) // 2
        steps = [_with(step, phase="first" if place < half else "second") for place, step in enumerate(steps)]
    phases = [{"name": name} for name in ("first", "second") if any(step.phase == name for step in steps)]
    agents = tuple(dict.fromkeys(step.agent for step in steps))
    return ticket.Plan(agents, "", length, tuple(steps), phases=tuple(phases))


def _sequence(dice: Random) -> list[ticket.Step]:
    names = [f"s{number}" for number in range(dice.randint(1, 3))]
    return [_step(dice, name, needs=names[place - 1 : place]) for place, name in enumerate(names)]


def _crew(dice: Random) -> list[ticket.Step]:
    """Research, writing, judging: a judge sends work back."""
    first = _step(dice, "research", "Research Agent")
    fix = _step(dice, "fix", "Engineer Agent", ["research"])
    return [first, fix, _step(dice, "test", "QA Agent", ["fix"]), _step(dice, "tell", "Documentation Agent", ["test"])]


def _fork(dice: Random) -> list[ticket.Step]:
    names = [f"b{number}" for number in range(dice.randint(2, 3))]
    sides = [_step(dice, name, needs=["a"]) for name in names]
    return [_step(dice, "a"), *sides, _step(dice, "z", "QA Agent", names)]


def _branching(dice: Random) -> list[ticket.Step]:
    """A signal decides which way is gone; what comes after needs both ways."""
    yes: dict[str, Any] = {"signal": dice.choice(SIGNALS)}
    both = [_step(dice, "yes", needs=["look"], when=yes), _step(dice, "no", needs=["look"], when={"not": yes})]
    asked = {"any": [{"step": "yes", "outcome": "passed"}, {"all": [yes, {"step": "no", "outcome": "skipped"}]}]}
    last = _step(dice, "last", needs=["yes", "no"], when=asked if dice.random() < _EVEN else None)
    return [_step(dice, "look", "Research Agent"), *both, last, _step(dice, "test", "QA Agent", ["last"])]


def _together(dice: Random) -> list[ticket.Step]:
    """One starts with another; one is on standby."""
    docs = _with(_step(dice, "docs", "Documentation Agent", ["plan"]), starts_with=("fix",))
    ops = _with(_step(dice, "ops", "Ops Agent", ["fix"]), mode="standby")
    return [_step(dice, "plan"), _step(dice, "fix", "Engineer Agent", ["plan"]), docs, ops]


def _free(dice: Random) -> list[ticket.Step]:
    steps: list[ticket.Step] = []
    for number in range(dice.randint(2, 4)):
        known = [step.name for step in steps]
        needs = dice.sample(known, min(len(known), dice.randint(0, 2)))
        steps.append(_step(dice, f"n{number}", needs=needs))
    return steps


def _step(
    dice: Random, name: str, agent: str | None = None, needs: list[str] | None = None, when: object = None
) -> ticket.Step:
    chosen = agent or dice.choice(ROLES)
    return ticket.Step(
        name,
        chosen,
        name,
        tuple(needs or ()),
        chosen == "Engineer Agent",
        when=when,  # type: ignore[arg-type]  # any condition
        attempts=dice.randint(1, 3),
        timeout=dice.choice((None, 3600.0)),
    )


def _with(step: ticket.Step, **changes: Any) -> ticket.Step:  # noqa: ANN401 - fields of a step
    return record.replace(step, **changes)


_SHAPES: tuple[Callable[[Random], list[ticket.Step]], ...] = (
    _sequence, _crew, _fork, _branching, _together, _free,
)  # fmt: skip
_BUDGETED, _PHASED, _EVEN = 0.4, 0.2, 0.5
_FILLED = ("name", "agent", "task", "needs", "writes", "starts_with", "when", "mode", "phase", "attempts", "timeout")
_BLANK = document.from_plan(ticket.Plan((), "", "", (ticket.Step("", "", ""),)))["steps"][0]
