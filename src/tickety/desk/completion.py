"""An agent outside reports: what it says is weighed like the report of one that Tickety started."""

from tickety import engine
from tickety.core import errors, report, roster, ticket
from tickety.desk import ports, pulling


async def complete(desk: ports.Ports, uid: str, agent_name: str, said: report.Report) -> ticket.Ticket:
    """Record an agent's report on the step that waits for it; the ticket after what follows from it.

    It is pull mode in one go: the step is taken, and the report handed in. Evidence counts as always: a step that
    verifies passes on the receipts that Tickety makes now, not on the words. Refused when no step of that role is free.
    """
    role = roster.role(agent_name)
    if not any(work.role == role.agent for work in desk.store.work(uid) if desk.engine.is_free(work)):
        raise _not_waited_for(desk, uid, role)
    try:
        taken = await pulling.take(desk, engine.Wish(uid, roles=(role.agent,)))
    except errors.Waits:
        if desk.store.load(uid).waiting_for:  # what a person has to do first stands in the ticket
            return desk.store.load(uid)
        raise
    return await pulling.hand_in(desk, taken.token, said)


def _not_waited_for(desk: ports.Ports, uid: str, role: roster.Role) -> errors.Refused:
    subject = desk.store.load(uid)
    named = ", ".join(dict.fromkeys(entry.role for entry in desk.store.work(uid))) or "nobody"
    return errors.Refused(
        f"{subject.id} does not wait for the {role.agent}: it waits for {named}", f"tickety show {subject.id}"
    )
