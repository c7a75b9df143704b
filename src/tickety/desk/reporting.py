"""Recording what an attempt came to: its report, its receipts, its step, its ticket and its branch, in one go."""

from dataclasses import dataclass, replace

from tickety import store, workspace
from tickety.core import errors, lifecycle, receipt, recipes, report, ticket, times, verdict, workflow
from tickety.desk import branches, dispatch, intake, joining, ledger, ports, provenance


@dataclass(frozen=True, slots=True)
class Account:
    """What an attempt has to say for itself: whose words, which receipts, why it stopped, and what it used."""

    by: str
    said: report.Report
    receipts: tuple[receipt.Receipt, ...]
    stop_reason: str
    usage: dict[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """An attempt's end, ready to be recorded together with others.

    ``commit`` is what it made; ``onto`` the head that this was joined onto, where it is not the attempt's own.
    """

    desk: ports.Ports
    attempt: dispatch.Attempt
    account: Account
    outcome: verdict.Outcome
    commit: str | None = None
    onto: str | None = None

    def record(self, transaction: store.Transaction) -> None:
        """Record it. An attempt that is not the running one any more changes nothing: no row, and no branch.

        The branch moves inside the transaction, after the fence was checked: an older attempt cannot move it.
        """
        if self._is_fenced_off(transaction):
            return
        subject = provenance.load(transaction, self.attempt.ticket.uid)
        head = self._head(subject)
        _write(self._up_to_date(head), transaction, subject, head)

    def give_up(self, transaction: store.Transaction, error: Exception) -> None:
        """Give the step back: it could not be recorded."""
        why = lifecycle.Release("interrupted", f"it could not go on: {error}")
        ledger.release(transaction.by(self.desk.author(by=intake.PM)), self.attempt.claim, why)

    @property
    def accepted(self) -> str | None:
        """The commit that becomes part of the ticket."""
        is_accepted = self.outcome.status is report.Status.PASSED and self.attempt.step.writes
        return self.commit if is_accepted else None

    def conflicting(self, sentence: str) -> "Ending":
        """The same attempt, which is to be made again from the newer head."""
        outcome = verdict.Outcome(report.Status.BROKEN, sentence)
        return replace(self, account=replace(self.account, stop_reason=verdict.CONFLICT), outcome=outcome)

    def _is_fenced_off(self, transaction: store.Transaction) -> bool:
        subject = transaction.load(self.attempt.ticket.uid)
        try:
            lifecycle.require_running(subject, self.attempt.step.name, self.attempt.number)
        except errors.Refused:
            return True
        return False

    def _head(self, subject: ticket.Ticket) -> str:
        """Where the branch stands: where the ticket's events left it, or where a person did whose work this is.

        An attempt that found the branch moved already only asks a person about that.
        """
        is_by_hand = self.attempt.step.by_hand == self.attempt.head
        head = self.attempt.head if is_by_hand else branches.recorded_head(subject)
        was_moved = self.attempt.head not in {head, branches.recorded_head(self.attempt.ticket)}
        if subject.branch and not was_moved:
            branches.require_unmoved(self.desk, subject, head)
        return head

    def _up_to_date(self, head: str) -> "Ending":
        """Joined once more where the branch moved since: seldom, for a worker that slept between two looks.

        What was proved on an older head has to be proved again, and that takes longer than a transaction may.
        """
        if self.accepted is None or head == (self.onto or self.attempt.head):
            return self
        if workflow.verifies(self.attempt.step) or self.attempt.step.receipts:
            return self.conflicting("the branch moved after its work was proved")
        joined = joining.join(self.desk, self.attempt, self.accepted, head)
        if isinstance(joined, workspace.Conflict):
            return self.conflicting(joining.sentence(joined))
        return replace(self, commit=joined.commit, onto=head)


def _write(ending: Ending, transaction: store.Transaction, subject: ticket.Ticket, head: str) -> None:
    desk, accepted = ending.desk, ending.accepted
    ended = verdict.End(_update(ending), ending.outcome, accepted, ending.account.said.steps)
    if recipes.needs_red(subject.type, subject.metadata) and verdict.ends_the_plan(subject, ended):
        stands = accepted or head
        ended = replace(ended, tree=desk.workspaces.tree_id(stands))
    ours = transaction.by(desk.author(by=intake.PM))
    ledger.end(ours, subject.uid, ended, desk.clock.now(), desk.policy())
    if accepted and accepted != head:
        desk.workspaces.move_branch(subject.branch or "", accepted, head)


def _update(ending: Ending) -> ticket.Update:
    """The entry that the ticket keeps: what was said, and what came of it."""
    said, outcome = ending.account.said, ending.outcome
    is_failed = outcome.status in {report.Status.FAILED, report.Status.BROKEN}
    return ticket.Update(
        agent=ending.account.by,
        timestamp=times.as_text(ending.desk.clock.now()),
        result=outcome.status.value,
        details="\n".join(dict.fromkeys(part.strip() for part in (said.summary, outcome.sentence) if part.strip())),
        step=ending.attempt.step.name,
        attempt=ending.attempt.number,
        error=outcome.sentence if is_failed else None,
        signals=said.signals,
        outputs=said.outputs,
        stop_reason=ending.account.stop_reason,
        receipts=ending.account.receipts,
        usage=ending.account.usage or dict(ticket.UNKNOWN_USAGE),
    )
