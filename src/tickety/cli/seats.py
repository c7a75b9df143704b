"""What waits for a role: steps that it can take now, and steps that it was told to stand by for."""

import click

from tickety import store
from tickety.cli import printed, session, tokens
from tickety.core import errors, text, ticket, times
from tickety.desk import absence


def show(asked: str, roles: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Print the steps of some roles: those that are ready, in their turn, then those to stand by for."""
    if asked.strip():
        raise errors.Usage("--as shows steps, and takes no query", "tickety next --as agent:Ops")
    desk = session.memory_to_read()
    wanted = tuple(dict.fromkeys(tokens.role_of(role) for role in roles))
    now = times.as_text(desk.clock.now())
    ready = [_found(desk.store, work) for work in desk.store.ready(store.Wanted(now, limit, roles=wanted))]
    early = absence.standing_by(desk.store, wanted)
    steps = [_as_json(subject, step) for subject, step in [*ready, *early]][:limit]
    if as_json:
        printed.answer({"steps": steps})
        return
    for step in steps:
        click.echo(
            text.one_line(f"{step['do']:<9} {step['ticket']}/{step['step']:<12} {step['agent']}: {step['task']}")
        )
    if not steps:
        click.echo(f"nothing is ready for the {' or the '.join(wanted)}", err=True)


def _found(kept: store.Store, work: store.Work) -> tuple[ticket.Ticket, ticket.Step]:
    subject = kept.load(work.ticket_uid)
    return subject, subject.orchestration.step(work.step)


def _as_json(subject: ticket.Ticket, step: ticket.Step) -> dict[str, str | None]:
    do = "claim" if step.state is ticket.State.READY else "stand by"
    plain = {"do": do, "ticket": subject.id, "title": subject.title, "step": step.name, "agent": step.agent}
    return {**plain, "task": step.task, "state": step.state.value, "alerted_at": step.alerted_at}
