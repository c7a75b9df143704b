"""An agent outside reports: what it says is weighed like the report of one that Tickety started."""

from dataclasses import dataclass, field, replace

from tickety import agent, store
from tickety.core import errors, record, report, roster, ticket
from tickety.desk import dispatch, ports, run


@record.record(frozen=True, slots=True)
class Told:
    """The agent of a step whose work was done elsewhere: it only says what it was told."""

    name: str
    said: report.Report
    runs_programs: bool = False
    is_paid: bool = False

    async def work(self, assignment: agent.Assignment) -> report.Report:
        """The report, as it was given."""
        del assignment
        return self.said


async def complete(desk: ports.Ports, uid: str, agent_name: str, said: report.Report) -> ticket.Ticket:
    """Record an agent's report on the step that waits for it; the ticket after what follows from it.

    Evidence counts as always: a step that verifies passes on the receipts that Tickety makes now, not on the words.
    Refused when no step of that role is ready.
    """
    role = roster.role(agent_name)
    told = replace(desk, fill=lambda _role, _settings: Told(role.agent, said))
    attempts = await desk.engine.drain(_OneReport(told, role), uid)
    if not attempts:
        raise _not_waited_for(desk, uid, role)
    return desk.store.load(uid)


@dataclass
class _OneReport(run.Errand):
    """One report is one attempt: the first step of the role, and no other after it."""

    role: roster.Role
    taken: list[dispatch.Attempt] = field(default_factory=list)

    def begin(self, transaction: store.Transaction, work: store.Work) -> dispatch.Attempt | None:
        if self.taken or work.role != self.role.agent:
            return None
        attempt = super().begin(transaction, work)
        self.taken.extend([attempt] if attempt else [])
        return attempt

    def attend(self) -> None:
        """Nothing else is done in passing."""


def _not_waited_for(desk: ports.Ports, uid: str, role: roster.Role) -> errors.Refused:
    subject = desk.store.load(uid)
    named = ", ".join(dict.fromkeys(entry.role for entry in desk.store.work(uid))) or "nobody"
    return errors.Refused(
        f"{subject.id} does not wait for the {role.agent}: it waits for {named}", f"tickety show {subject.id}"
    )
