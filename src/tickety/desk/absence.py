"""Why there is nothing to take: who holds it, what it waits for, or which steps one stands by for."""

from tickety import engine, store
from tickety.core import document, errors, lifecycle, query, roster, ticket
from tickety.desk import ports

_LOOKED_AT = 500
_EARLY = (ticket.State.PENDING, ticket.State.STANDBY)


def explained(desk: ports.Ports, wish: engine.Wish) -> errors.TicketyError:
    """Why none of the steps that somebody wishes for can be taken."""
    if wish.uid is None:
        return _nothing_ready(desk, wish)
    subject = desk.store.load(wish.uid)
    if wish.step is None:
        return errors.Refused(f"{_nothing(wish)} of {subject.id} is free", f"see why: tickety why {subject.id}")
    step = lifecycle.step_named(subject, wish.step)
    where, role = f"{subject.id}/{step.name}", roster.role(step.agent).agent
    if wish.roles and role not in wish.roles:
        return errors.Refused(f"{where} is for the {role}", f"tickety claim {where} --as agent:{role[:-6]}")
    if step.state is ticket.State.RUNNING:
        return errors.Refused(f"{where} is held by {step.claimed_by}", f"see until when: tickety why {subject.id}")
    return errors.Refused(f"{where} is not ready: it is {step.state}", f"see why: tickety why {subject.id}")


def standing_by(kept: store.Store, roles: tuple[str, ...] | None) -> list[tuple[ticket.Ticket, ticket.Step]]:
    """Steps of some roles that are not ready yet, and whose agents were told to keep themselves ready."""
    page = kept.page(query.Query((query.Term("is", "is", ("active",)),)), _LOOKED_AT, None, whole=True)
    found = (document.to_ticket(one) for one in page.documents)
    return [
        (subject, step)
        for subject in found
        for step in subject.orchestration.steps
        if step.alerted_at and step.state in _EARLY and (roles is None or roster.role(step.agent).agent in roles)
    ]


def _nothing_ready(desk: ports.Ports, wish: engine.Wish) -> errors.NotFound:
    early = [f"{subject.id}/{step.name}" for subject, step in standing_by(desk.store, wish.roles)]
    stand_by = f"; stand by for {', '.join(early[:3])}" if early else ""
    return errors.NotFound(f"{_nothing(wish)} is ready{stand_by}", "see what waits, and for what: tickety list")


def _nothing(wish: engine.Wish) -> str:
    return f"no step for the {' or the '.join(wish.roles)}" if wish.roles else "no step"
