"""Tickets that people stop: paused, gone on with, cancelled; and what ends with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tickety import store
from tickety.core import events, lifecycle, record, ticket
from tickety.desk import changing, dispatch, memory, ports

PATIENCE = 2.5
"""Seconds in which whoever runs an attempt has to end it, before it is ended for them."""

_GLANCE = 0.1


@record.record(frozen=True, slots=True)
class Stopped:
    """What became of a ticket, and the steps, as they were, whose running attempts end with it."""

    changed: changing.Changed
    running: tuple[ticket.Step, ...]


def pause_many(
    desk: memory.Memory, uids: Sequence[str], reason: str, *, is_at_once: bool = False, dry_run: bool = False
) -> tuple[Stopped, ...]:
    """Begin nothing more of some tickets; ``is_at_once``: what is running is given back, too."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        return _let_go(transaction, subject, lifecycle.pause(subject, reason, is_at_once=is_at_once))

    return _stopped(changing.change_many(desk, uids, rule, dry_run=dry_run))


def resume_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Go on with paused tickets."""
    return changing.change_many(desk, uids, lambda _, subject: lifecycle.resume(subject), dry_run=dry_run)


def cancel_many(desk: memory.Memory, uids: Sequence[str], reason: str, *, dry_run: bool = False) -> tuple[Stopped, ...]:
    """End all that runs, or is to come, of some tickets, and close them, ``cancelled``."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        return _let_go(transaction, subject, lifecycle.cancel(subject, reason))

    return _stopped(changing.change_many(desk, uids, rule, dry_run=dry_run))


async def see_ended(desk: ports.Ports, stopped: Sequence[Stopped]) -> None:
    """See the programs of attempts end that were stopped, on this machine: by those who run them, else by force."""
    folders = [
        dispatch.run_folder(desk, one.changed.after, step.name, step.attempt)
        for one in stopped
        for step in one.running
    ]  # fmt: skip
    until = desk.clock.now() + timedelta(seconds=PATIENCE)
    while any(desk.runner.is_running(folder) for folder in folders) and desk.clock.now() < until:
        await desk.clock.sleep(_GLANCE)
    for folder in folders:
        desk.runner.end_by_force(folder)


def _let_go(transaction: store.Transaction, subject: ticket.Ticket, drafts: list[events.Draft]) -> list[events.Draft]:
    """Nobody holds what ends: whoever performs it sees that, and stops."""
    for draft in drafts:
        if draft.type in {"step.released", "step.cancelled"}:
            transaction.drop_claim(subject.uid, draft.data["step"])
    return drafts


def _stopped(changed: Sequence[changing.Changed]) -> tuple[Stopped, ...]:
    return tuple(Stopped(one, _ended(one)) for one in changed)


def _ended(one: changing.Changed) -> tuple[ticket.Step, ...]:
    after = {step.name: step.state for step in one.after.orchestration.steps}
    running = (step for step in one.before.orchestration.steps if step.state is ticket.State.RUNNING)
    return tuple(replace(step) for step in running if after.get(step.name) is not ticket.State.RUNNING)
