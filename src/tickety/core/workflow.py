"""The plan as a graph of steps: which are ready, which are over, and what follows for the others."""

from tickety.core import condition, roster, ticket
from tickety.core.record import replace


def settle(plan: ticket.Plan) -> ticket.Plan:
    """The plan with every pending step decided whose needs are over: ready, or skipped where its condition is false."""
    to_come = [step for step in plan.steps if step.state in _TO_COME]
    decided = {step.name: _decided(plan, step) for step in _may_begin(plan, to_come)} if to_come else {}
    steps = tuple(decided.get(step.name, step) for step in plan.steps) if decided else plan.steps
    if steps == plan.steps:
        return plan
    settled = replace(plan, steps=steps)
    # What was skipped is over for those that need it; what is ready now changes nothing for others.
    has_skipped = any(step.state is ticket.State.SKIPPED for step in decided.values())
    return settle(settled) if has_skipped else settled


def change_step(plan: ticket.Plan, step: ticket.Step) -> ticket.Plan:
    """The plan with one step in the place of the one of the same name."""
    return replace(plan, steps=tuple(step if other.name == step.name else other for other in plan.steps))


def is_over(plan: ticket.Plan) -> bool:
    """Every step has ended well, or was skipped."""
    return all(step.state.is_over for step in plan.steps)


def first_unfinished(plan: ticket.Plan, *states: ticket.State) -> ticket.Step | None:
    """The first step, in plan order, that is in one of the states."""
    for step in plan.steps:
        if step.state in states:
            return step
    return None


def followers(plan: ticket.Plan, name: str) -> tuple[str, ...]:
    """The steps that need this one, directly or through others, in plan order."""
    found = {name}
    for _ in plan.steps:
        found |= {step.name for step in plan.steps if found.intersection(awaited(step))}
    return tuple(step.name for step in plan.steps if step.name in found and step.name != name)


def has_begun(step: ticket.Step) -> bool:
    """Somebody has worked on it, or it is over: a new version of the plan leaves it as it is."""
    return step.attempt > 0 or step.state.is_over


def awaited(step: ticket.Step) -> tuple[str, ...]:
    """The steps that come before this one: those that it needs or starts with, and those that its condition asks of."""
    return (*step.needs, *step.starts_with, *condition.asked(step.when))


def writing_step(plan: ticket.Plan, step: ticket.Step) -> ticket.Step | None:
    """The step itself if it writes, else the last one before it that does: a judge's objection is mended there."""
    before = plan.steps[: plan.steps.index(step) + 1]
    return next((other for other in reversed(before) if other.writes), None)


def is_finished(subject: ticket.Ticket) -> bool:
    """Every step of an open ticket is over, one at least passed, and no more are proposed: only others can hold it."""
    steps = subject.orchestration.steps
    has_passed = any(step.state is ticket.State.PASSED for step in steps)
    is_done = has_passed and is_over(subject.orchestration)
    return is_done and subject.status in _LIVING and open_proposal(subject) is None


def can_be_done(subject: ticket.Ticket) -> bool:
    """As far as the ticket itself goes, it can go on now: a step is ready, it can be closed, or it has no steps."""
    steps = subject.orchestration.steps
    if not begins(subject) or any(step.state is ticket.State.WAITING for step in steps):
        return False
    return not steps or is_finished(subject) or any(step.state is ticket.State.READY for step in steps)


def begins(subject: ticket.Ticket) -> bool:
    """Its steps may begin: it is not over, blocked or paused, and nobody has to say yes to a change of its plan."""
    return subject.status in _LIVING and subject.paused_by is None and open_proposal(subject) is None


def open_proposal(subject: ticket.Ticket) -> ticket.Question | None:
    """The change of the plan that an agent proposed and nobody has answered yet."""
    for one in subject.questions:
        if one.steps and one.answer is None:
            return one
    return None


def unanswered(subject: ticket.Ticket) -> tuple[ticket.Question, ...]:
    """The questions that hold something: asked, not answered, of a step that waits or of a plan that may change."""
    asked = [one for one in subject.questions if one.answer is None]
    if not asked or subject.is_closed:
        return ()
    waiting = {step.name for step in subject.orchestration.steps if step.state is ticket.State.WAITING}
    return tuple(one for one in asked if one.steps or one.step in waiting)


def awaits(subject: ticket.Ticket) -> str | None:
    """What ``waiting_for`` is about: ``person``, ``moment`` or ``pause``; None when it waits for nothing."""
    if subject.waiting_for is None:
        return None
    if subject.paused_by:
        return "pause"
    is_person = any(step.state is ticket.State.WAITING for step in subject.orchestration.steps)
    return "person" if is_person or open_proposal(subject) else "moment"


def live(subject: ticket.Ticket) -> list[tuple[int, ticket.Step]]:
    """The steps of a ticket that can be, or are being, worked on, each with its place in the plan."""
    if subject.is_closed:
        return []
    wanted = _LIVE if begins(subject) else _RUNNING
    return [(place, step) for place, step in enumerate(subject.orchestration.steps) if step.state in wanted]


def verifies(step: ticket.Step) -> bool:
    """The step passes only on receipts of the verification."""
    return roster.role(step.agent).verifies


def _may_begin(plan: ticket.Plan, to_come: list[ticket.Step]) -> list[ticket.Step]:
    """Of the steps to come those of which all that they need is over, and all that they start with has begun."""
    over = {step.name for step in plan.steps if step.state in _OVER}
    begun = over | {step.name for step in plan.steps if _has_started(step)}
    return [step for step in to_come if over.issuperset(step.needs) and begun.issuperset(step.starts_with)]


def _has_started(step: ticket.Step) -> bool:
    """An attempt of it was begun. What waits for its budget, or failed for want of it, has not begun."""
    return step.state is ticket.State.RUNNING or (step.state in _STOPPED and step.attempt > 0)


def _decided(plan: ticket.Plan, step: ticket.Step) -> ticket.Step:
    held = _is_wanted(plan, step)
    if held is None:
        return step
    return replace(step, state=ticket.State.READY) if held else replace(step, state=ticket.State.SKIPPED, reason=_FALSE)


def _is_wanted(plan: ticket.Plan, step: ticket.Step) -> bool | None:
    """Its condition holds, if it has one; None while that is open. Only steps before it can give it a signal."""
    if step.when is None:
        return True
    before = _before(plan, step)
    passed = (other for other in plan.steps if other.name in before and other.state is ticket.State.PASSED)
    signals = {signal for other in passed for signal in other.signals}
    outcomes = {other.name: other.state.value for other in plan.steps if other.state.value in condition.OUTCOMES}
    return condition.holds(step.when, signals, outcomes)


def _before(plan: ticket.Plan, step: ticket.Step) -> set[str]:
    """The steps that this one needs, directly or through others."""
    found = set(step.needs)
    for _ in plan.steps:
        found |= {name for other in plan.steps if other.name in found for name in other.needs}
    return found


_LIVING = frozenset({ticket.Status.OPEN, ticket.Status.IN_PROGRESS})
_STOPPED = frozenset({ticket.State.WAITING, ticket.State.FAILED})
_OVER = frozenset({ticket.State.PASSED, ticket.State.SKIPPED})
_LIVE = frozenset({ticket.State.RUNNING, ticket.State.READY})
_RUNNING = frozenset({ticket.State.RUNNING})
_TO_COME = frozenset({ticket.State.PENDING, ticket.State.STANDBY})
_FALSE = "its condition did not come true"
