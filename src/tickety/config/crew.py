"""How the project lets its crew work: ``[engine]``, ``[escalation]``, ``[sla]``, ``[budget]``."""

from dataclasses import replace

from tickety.config import tables, words
from tickety.core import budget, errors, escalation, nearest, policy, ticket, verdict

_ENDLESS = 1e12  # more than anybody has


def rules(text: str) -> policy.Policy:
    """How the project lets its crew work, by the text of ``tickety.toml``; Usage when that is not as it should be."""
    wanted = tables.parse(text)
    engine, told = wanted.engine, wanted.escalation
    words.require(engine.workers >= 1, "[engine] workers", "a whole number, 1 or above")
    words.require(engine.rework >= 0, "[engine] rework", "a whole number, 0 or above")
    return policy.Policy(
        workers=engine.workers,
        slots={words.role(role, "[engine] slots"): slots for role, slots in engine.slots.items()},
        lease=words.seconds(engine.lease),
        stall=words.seconds(engine.stall),
        patience=verdict.Patience(tuple(words.seconds(pause) for pause in engine.retries), engine.rework),
        proposals=engine.proposals,
        limits=_budget(wanted),
        delays={**escalation.DELAYS, **_delays(told)},
        owner=told.owner and words.principal(told.owner, "[escalation] owner"),
        raise_priority=tuple(_rule(rule, "[escalation] raise_priority") for rule in told.raise_priority),
        assign={
            _rule(rule, "[escalation] assign"): words.principal(who, "[escalation] assign")
            for rule, who in told.assign.items()
        },
        sla={priority: _length(getattr(wanted.sla, priority)) for priority in ticket.Priority},
        sla_pauses=wanted.sla.pause,
    )


def _budget(wanted: tables.File) -> budget.Budget:
    """The limits; that a ticket's attempts may run so long in all is one of them."""
    limits = {name: _limits(getattr(wanted.budget, name), name) for name in ("step", "ticket", "epic", "day")}
    if wanted.engine.ticket_timeout:
        limits["ticket"] = replace(limits["ticket"], seconds=words.seconds(wanted.engine.ticket_timeout))
    return budget.Budget(**limits)


def _limits(wanted: tables.Limits, scope: str) -> budget.Limits:
    for name in ("runs", "hours", "tokens", "usd"):
        limit = getattr(wanted, name)
        words.require(limit is None or 0 <= limit < _ENDLESS, f"[budget] {scope}.{name}", "a number, 0 or above")
    seconds = None if wanted.hours is None else wanted.hours * 3600
    return budget.Limits(wanted.runs, seconds, wanted.tokens, wanted.usd)


def _delays(wanted: tables.Escalation) -> dict[str, float]:
    return {name: words.seconds(getattr(wanted, name)) for name in ("critical_open", "stalled", "answer_overdue")}


def _rule(name: str, place: str) -> str:
    if name not in escalation.RULES:
        asked = nearest.asked(name, escalation.RULES)
        raise errors.Usage(
            f"{tables.FILE}: {place}: there is no rule {name!r}", f"{asked}rules: {', '.join(escalation.RULES)}"
        )
    return name


def _length(text: str) -> str:
    words.seconds(text)
    return text
