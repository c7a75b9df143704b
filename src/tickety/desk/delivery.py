"""Delivering work: from what an attempt left in its worktree to a commit, and to a patch for people."""

from dataclasses import replace

from tickety.core import errors, record, report, scripts, tampering, ticket
from tickety.desk import assignment, branches, dispatch, ports, proof


@record.record(frozen=True, slots=True)
class Delivery:
    """The commit that an attempt made, if it changed anything; what a person has to approve in it; what was said."""

    said: report.Report
    commit: str | None = None
    objections: tuple[str, ...] = ()


def collect(desk: ports.Ports, attempt: dispatch.Attempt, done: assignment.Done) -> Delivery:
    """Make a durable commit of what the attempt changed, and keep it; the branch does not move yet."""
    if done.bench is None:
        return Delivery(done.said, done.commit or attempt.head)
    if not attempt.step.writes:
        return Delivery(done.said)
    tree = desk.workspaces.snapshot(done.bench.place)
    if tree == done.bench.tree:
        return Delivery(_without_change(done.said))
    commit = desk.workspaces.commit(done.bench.place, tree, _message(attempt, done.said))
    desk.workspaces.keep(branches.attempt_ref(attempt.ticket, attempt.step.name, attempt.number), commit)
    return Delivery(done.said, commit, objections(desk, attempt.ticket, attempt.head, commit))


@record.record(frozen=True, slots=True)
class Patch:
    """A difference as text. Unaccepted work lies at ``ref``; None when there is none."""

    text: str
    is_accepted: bool
    ref: str | None = None


def objections(desk: ports.Ports, subject: ticket.Ticket, old: str, new: str) -> tuple[str, ...]:
    """What a person has to approve between two commits: tests that are gone, and changes to what judges the work."""
    chosen = desk.settings_at(subject.base or old)
    source = chosen.verification.source if chosen.verification else ""
    argv = proof.verification_of(subject, chosen)
    named = scripts.behind(argv, desk.workspaces.tree_at(subject.base or old))
    return tampering.found(desk.workspaces.changes(old, new), argv, source, named)


def patch(desk: ports.Ports, subject: ticket.Ticket) -> Patch:
    """What the ticket's branch changes; what its last attempt left, when nothing was accepted yet."""
    if subject.branch is None or subject.base is None:
        raise errors.Refused(
            f"{subject.id} was not started yet, so there is no difference", f"tickety run {subject.id}"
        )
    accepted = desk.workspaces.branch_head(subject.branch) or branches.recorded_head(subject)
    if accepted != subject.base:
        return Patch(desk.workspaces.diff(subject.base, accepted), is_accepted=True)
    ref = unaccepted(desk, subject)
    return Patch(desk.workspaces.diff(subject.base, ref) if ref else "", is_accepted=False, ref=ref)


def unaccepted(desk: ports.Ports, subject: ticket.Ticket) -> str | None:
    """The ref of what a step's last attempt made and nobody accepted; None when there is no such work."""
    steps = (step for step in subject.orchestration.steps if step.writes and step.commit is None and step.attempt)
    refs = (branches.attempt_ref(subject, step.name, step.attempt) for step in steps)
    return next((f"refs/tickety/{ref}" for ref in refs if desk.workspaces.kept(ref)), None)


def _without_change(said: report.Report) -> report.Report:
    """Done, with nothing changed, on a step that should change something: not done."""
    if said.status is not report.Status.PASSED:
        return said
    return replace(said, status=report.Status.FAILED, error="said that it is done, but nothing has changed")


def _message(attempt: dispatch.Attempt, said: report.Report) -> str:
    subject = attempt.ticket
    trailers = (
        f"Ticket: {subject.id}",
        f"Step: {attempt.step.name}, attempt {attempt.number}",
        f"Agent: {attempt.step.agent}",
    )
    return f"{subject.title} ({subject.id})\n\n{said.summary}\n\n" + "\n".join(trailers) + "\n"
