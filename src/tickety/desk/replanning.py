"""Giving a ticket another workflow, also while it is being worked on."""

from __future__ import annotations

from tickety import store
from tickety.core import document, errors, events, moves, origin, record, replanning, spelling, ticket
from tickety.desk import changing, memory


@record.record(frozen=True, slots=True)
class Wish:
    """A workflow in any spelling, whose words it is, and why the ticket is to have it."""

    spelled: object
    origin: str
    reason: str | None = None


def change(desk: memory.Memory, uid: str, wish: Wish, *, dry_run: bool = False) -> changing.Changed:
    """Give a ticket the workflow, but for the steps that have begun: these stay. One that it has already is no change.

    Refused, naming the step, when the workflow would change one that has begun.
    """

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        _require_open(subject)
        plan = replanning.read(subject.orchestration, wish.spelled, desk.clock.now())
        if wish.origin != origin.USER:
            spelling.require_no_commands(plan, "what is not a person's own words", subject.orchestration)
        return [] if plan == subject.orchestration else [changed(plan, wish.reason)]

    (done,) = changing.change_many(desk, (uid,), rule, dry_run=dry_run)
    return done


def changed(plan: ticket.Plan, reason: str | None, proposal: str | None = None) -> events.Draft:
    """The event that a ticket has another plan, and why; ``proposal`` is the question that asked for it."""
    said = {"orchestration": document.from_plan(plan), "reason": reason, "proposal": proposal}
    return events.Draft("plan.changed", said)


def _require_open(subject: ticket.Ticket) -> None:
    moves.require_changeable(subject)
    if subject.is_closed:
        raise errors.Refused(
            f"{subject.id} is closed: nothing more is to be done", f"tickety reopen {subject.id}, then change it"
        )
