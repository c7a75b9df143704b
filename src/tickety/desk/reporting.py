"""Recording what an attempt came to: its report, its receipts, its step, its ticket and its branch, in one go."""

from dataclasses import dataclass

from tickety import store
from tickety.core import receipt, report, ticket, times, verdict
from tickety.desk import branches, dispatch, finishing, intake, ports


@dataclass(frozen=True, slots=True)
class Account:
    """What an attempt has to say for itself: whose words, which receipts, and why it stopped."""

    by: str
    said: report.Report
    receipts: tuple[receipt.Receipt, ...]
    stop_reason: str


def record(
    desk: ports.Ports, attempt: dispatch.Attempt, account: Account, outcome: verdict.Outcome, commit: str | None = None
) -> ticket.Ticket:
    """Record an attempt's end. An attempt that is not the running one any more is refused, and changes nothing.

    The branch moves inside the transaction, after the fence was checked: an older attempt cannot move it.
    """
    update = _update(desk, attempt, account, outcome)
    accepted = commit if outcome.status is report.Status.PASSED and attempt.step.writes else None

    def work(transaction: store.Transaction) -> ticket.Ticket:
        subject = transaction.load(attempt.ticket.uid)
        drafts = verdict.follow(subject, update, outcome, accepted, finishing.standing(transaction, subject.uid))
        if subject.branch:
            branches.require_unmoved(desk, subject, attempt.head)
        if accepted and accepted != attempt.head:
            desk.workspaces.move_branch(subject.branch or "", accepted, attempt.head)
        transaction.drop_claim(subject.uid, update.step)
        return transaction.append(subject, drafts)

    return desk.store.change(desk.author(by=intake.PM), work)


def _update(desk: ports.Ports, attempt: dispatch.Attempt, account: Account, outcome: verdict.Outcome) -> ticket.Update:
    """The entry that the ticket keeps: what was said, and what came of it."""
    said = account.said
    is_failed = outcome.status is report.Status.FAILED
    return ticket.Update(
        agent=account.by,
        timestamp=times.as_text(desk.clock.now()),
        result=outcome.status.value,
        details="\n".join(dict.fromkeys(part.strip() for part in (said.summary, outcome.sentence) if part.strip())),
        step=attempt.step.name,
        attempt=attempt.number,
        error=outcome.sentence if is_failed else None,
        signals=said.signals,
        outputs=said.outputs,
        stop_reason=account.stop_reason,
        receipts=account.receipts,
    )
