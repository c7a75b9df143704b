"""What ``depends_on`` names: a step, or an agent's latest step before the one that depends on it."""

import re
from collections.abc import Collection, Sequence

from tickety.core import errors, graph, nearest, roster, ticket
from tickety.core.spelling import manner

_AGENT = re.compile(r"@?[A-Za-z][A-Za-z _-]*")


def meant(wanted: str, at: int, steps: Sequence[ticket.Step], named: Collection[str | None], how: manner.Manner) -> str:
    """The name of the step that step number ``at`` depends on; Usage when there is none, or two that can be meant.

    ``named`` are the names that somebody gave; the others were made from agents, and stand for these.
    """
    step = next((one.name for one in steps if one.name == wanted), None)
    theirs = _steps_of(wanted, at, steps)
    is_said = step in named
    if step and (not theirs or (is_said and how.is_lenient)):
        return step
    if not theirs:
        raise _unknown(wanted, at, steps)
    latest = theirs[-1:] if how.is_lenient else _latest(theirs, steps)
    candidates = dict.fromkeys((*((step,) if step and is_said else ()), *latest))
    if len(candidates) > 1:
        raise errors.Usage(
            f"the step {steps[at].name!r} depends on {wanted[:60]!r}, which can mean {' and '.join(candidates)}",
            f'say which: needs = ["{latest[0]}"]',
        )
    return latest[0]


def _steps_of(wanted: str, at: int, steps: Sequence[ticket.Step]) -> list[str]:
    """The other steps of an agent: those that are listed before, else those after; none when it is no agent."""
    try:
        agent = roster.role(wanted).agent if _AGENT.fullmatch(wanted) else None
    except errors.Usage:
        return []
    before = [one.name for one in steps[:at] if one.agent == agent]
    return before or [one.name for one in steps[at + 1 :] if one.agent == agent]


def _latest(names: Sequence[str], steps: Sequence[ticket.Step]) -> list[str]:
    """Those that come before none of the others."""
    earlier = {name for other in names for name in graph.ancestors(steps, other) if name != other}
    return [name for name in names if name not in earlier] or list(names)


def _unknown(wanted: str, at: int, steps: Sequence[ticket.Step]) -> errors.Usage:
    others = [one.name for number, one in enumerate(steps) if number != at]
    known = list(dict.fromkeys((*others, *(one.agent for number, one in enumerate(steps) if number != at))))
    near = nearest.asked(wanted, known)
    return errors.Usage(
        f"the step {steps[at].name!r} depends on {wanted[:60]!r}, which is no other step and no agent of one",
        f"{near}it can depend on: {', '.join(known) or 'nothing'}",
    )
