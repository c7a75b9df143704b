"""The ticket's branch: where it begins, what is recorded on it, and what stands there by somebody else's hand."""

from tickety.core import errors, ids, record, ticket
from tickety.desk import ports


@record.record(frozen=True, slots=True)
class Beginning:
    """Where a ticket's work begins. ``target`` is the user's branch at that time; None when detached."""

    branch: str
    base: str
    target: str | None


def begin(desk: ports.Ports, subject: ticket.Ticket) -> Beginning:
    """The ticket's branch and base; made at the user's HEAD the first time, found again after an interruption."""
    if subject.branch and subject.base:
        return Beginning(subject.branch, subject.base, subject.target)
    head = desk.workspaces.head()
    branch = ids.branch_name(subject.id, subject.title, subject.uid)
    there = desk.workspaces.branch_head(branch)
    if there is None:
        desk.workspaces.create_branch(branch, head.commit)
        return Beginning(branch, head.commit, head.branch)
    # What is on the branch already is work, not what the work began from.
    return Beginning(branch, desk.workspaces.merge_base(there, head.commit) or there, head.branch)


def begin_again(desk: ports.Ports, subject: ticket.Ticket) -> Beginning | None:
    """A ticket on whose branch nothing was done yet starts from the user's newest HEAD; None when it stays."""
    if not (subject.branch and subject.base) or desk.workspaces.branch_head(subject.branch) != subject.base:
        return None
    head = desk.workspaces.head()
    if head.commit == subject.base:
        return None
    desk.workspaces.move_branch(subject.branch, head.commit, subject.base)
    return Beginning(subject.branch, head.commit, head.branch)


def recorded_head(subject: ticket.Ticket) -> str:
    """The commit that the ticket's events say its branch stands at."""
    return subject.head or subject.base or ""


def reconcile(desk: ports.Ports, subject: ticket.Ticket, branch: str) -> str:
    """The branch's head, after taking back a move that an interrupted attempt made but nobody recorded."""
    head = desk.workspaces.branch_head(branch) or _restore(desk, subject, branch)
    recorded = recorded_head(subject)
    if head != recorded and head in _attempted(desk, subject):
        desk.workspaces.move_branch(branch, recorded, head)
        return recorded
    return head


def by_hand(desk: ports.Ports, subject: ticket.Ticket) -> str | None:
    """The commit that somebody else than Tickety moved the branch to; None when it stands where it was left."""
    if subject.branch is None:
        return None
    head = reconcile(desk, subject, subject.branch)
    return None if head == recorded_head(subject) else head


def require_unmoved(desk: ports.Ports, subject: ticket.Ticket, head: str) -> None:
    """Only Tickety moves a ticket's branch while a step runs; Refused when it is not at ``head``.

    A move that was made but never recorded, since the machine lost its power for one, is taken back first.
    """
    if reconcile(desk, subject, subject.branch or "") != head:
        moved = f"{subject.branch} was moved while the step ran, and not by Tickety"
        raise errors.Refused(moved, f"tickety run {subject.id}")


def attempt_ref(subject: ticket.Ticket, step: str, attempt: int) -> str:
    """The name below ``refs/tickety/`` that keeps what an attempt made, accepted or not."""
    return f"{key(subject)}/{step}-{attempt}"


def key(subject: ticket.Ticket) -> str:
    """The ticket's name for folders and refs: its id and four digits, as in its branch."""
    return f"{subject.id}-{subject.uid[-4:]}"


def _attempted(desk: ports.Ports, subject: ticket.Ticket) -> set[str | None]:
    # What a step made that passed is recorded, or was made elsewhere: only of the others an attempt was cut off.
    steps = (step for step in subject.orchestration.steps if step.writes and step.state is not ticket.State.PASSED)
    refs = (attempt_ref(subject, step.name, number) for step in steps for number in range(1, step.attempt + 1))
    taken = {step.by_hand for step in subject.orchestration.steps}
    return {desk.workspaces.kept(ref) for ref in refs} - taken


def _restore(desk: ports.Ports, subject: ticket.Ticket, branch: str) -> str:
    """A branch that somebody deleted comes back where the ticket's events say it stood."""
    desk.workspaces.create_branch(branch, recorded_head(subject))
    return recorded_head(subject)
