"""Three planted bugs. Each takes the place of one of the program's own rules, by the world's own ways."""

from datetime import datetime
from typing import Any

from tests.simulation import world
from tickety import store
from tickety.core import document, events, history, policy, ticket, verdict
from tickety.core.record import replace
from tickety.desk import ledger


def _unfenced(
    transaction: store.Transaction, uid: str, ended: verdict.End, now: datetime, rules: policy.Policy
) -> ticket.Ticket:
    """Whatever attempt reports, it is taken for the running one."""
    running = transaction.load(uid).orchestration.step(ended.update.step).attempt
    theirs = replace(ended, update=replace(ended.update, attempt=running))
    return ledger.end(transaction, uid, theirs, now, rules)


def _forgetful(subject: ticket.Ticket | None, event: events.Event) -> ticket.Ticket:
    """A ticket does not keep which escalations were told."""
    return replace(history.apply(subject, event), escalations=())


def _unconditional(subject: ticket.Ticket | None, event: events.Event) -> ticket.Ticket:
    """A plan's conditions are not read."""
    if event.type != "ticket.opened":
        return history.apply(subject, event)
    return history.apply(
        None, replace(event, data={**event.data, "orchestration": _plain(event.data["orchestration"])})
    )


def _plain(plan: dict[str, Any]) -> dict[str, Any]:
    read = document.to_plan(plan)
    return document.from_plan(replace(read, steps=tuple(replace(step, when=None) for step in read.steps)))


PLANTED = {
    "fencing-off": world.Ways(end=_unfenced),
    "escalation-repeated": world.Ways(apply=_forgetful),
    "condition-ignored": world.Ways(apply=_unconditional),
}
"""The planted bugs by name."""
