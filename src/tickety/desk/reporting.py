"""Recording what an attempt came to: its report, its receipts, its step, its ticket and its branch, in one go."""

from dataclasses import dataclass

from tickety import store
from tickety.core import errors, lifecycle, receipt, report, ticket, times, verdict
from tickety.desk import branches, dispatch, intake, ledger, ports


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
    """An attempt's end, ready to be recorded together with others."""

    desk: ports.Ports
    attempt: dispatch.Attempt
    account: Account
    outcome: verdict.Outcome
    commit: str | None = None

    def record(self, transaction: store.Transaction) -> None:
        """Record it. An attempt that is not the running one any more changes nothing: no row, and no branch.

        The branch moves inside the transaction, after the fence was checked: an older attempt cannot move it.
        """
        if self._is_fenced_off(transaction):
            return
        desk, attempt = self.desk, self.attempt
        is_accepted = self.outcome.status is report.Status.PASSED and attempt.step.writes
        accepted = self.commit if is_accepted else None
        ended = verdict.End(_update(self), self.outcome, accepted, self.account.said.steps)
        ours = transaction.by(desk.author(by=intake.PM))
        subject = ledger.end(ours, attempt.ticket.uid, ended, desk.clock.now(), desk.policy())
        if subject.branch:
            branches.require_unmoved(desk, subject, attempt.head)
        if accepted and accepted != attempt.head:
            desk.workspaces.move_branch(subject.branch or "", accepted, attempt.head)

    def give_up(self, transaction: store.Transaction, error: Exception) -> None:
        """Give the step back: it could not be recorded."""
        why = lifecycle.Release("interrupted", f"it could not go on: {error}")
        ledger.release(transaction.by(self.desk.author(by=intake.PM)), self.attempt.claim, why)

    def _is_fenced_off(self, transaction: store.Transaction) -> bool:
        subject = transaction.load(self.attempt.ticket.uid)
        try:
            lifecycle.require_running(subject, self.attempt.step.name, self.attempt.number)
        except errors.Refused:
            return True
        return False


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
