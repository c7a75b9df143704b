"""Trying again: a step that failed or waits becomes ready, with what a person adds to it."""

from dataclasses import asdict
from typing import Any

from tickety import store
from tickety.core import answering, events, lifecycle, record, ticket, workflow
from tickety.desk import branches, delivery, ports, provenance


@record.record(frozen=True, slots=True)
class Addition:
    """What a person knows better now: argument lists that they typed. Empty: nothing new."""

    reproduction: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()

    def metadata(self) -> dict[str, Any]:
        """What is added to the ticket."""
        return {name: list(value) for name, value in asdict(self).items() if value}


def add(desk: ports.Ports, uid: str, addition: Addition) -> ticket.Ticket:
    """Put what a person knows better now into the ticket."""

    def work(transaction: store.Transaction) -> ticket.Ticket:
        subject = transaction.load(uid)
        return transaction.append(subject, _edited(addition))

    return desk.store.change(desk.author(), work)


def by_hand(desk: ports.Ports, uid: str) -> lifecycle.Hand | None:
    """What somebody committed on the ticket's branch since Tickety left it, with what a person must approve in it."""
    subject = provenance.load(desk.store, uid)
    commit = branches.by_hand(desk, subject)
    if commit is None:
        return None
    return lifecycle.Hand(commit, delivery.objections(desk, subject, branches.recorded_head(subject), commit))


def kept(desk: ports.Ports, uid: str, name: str | None) -> lifecycle.Hand | None:
    """The work that waits for a person's yes, with what they have to approve in it; None when none does.

    ``name`` is the question's; without it the only one that waits for a yes is meant.
    """
    subject = provenance.load(desk.store, uid)
    asked = [one for one in workflow.unanswered(subject) if one.kind == "approval" and name in {None, one.id}]
    if len(asked) != 1 or not answering.is_of_work(subject, asked[0]):
        return None
    step = subject.orchestration.step(asked[0].step)
    commit = desk.workspaces.kept(branches.attempt_ref(subject, step.name, asked[0].attempt)) if step.writes else None
    if commit is None:
        return None
    found = delivery.objections(desk, subject, branches.recorded_head(subject), commit)
    return lifecycle.Hand(commit, found or (asked[0].text,))


def retry(
    desk: ports.Ports, uid: str, step: str | None, addition: Addition, hand: lifecycle.Hand | None = None
) -> ticket.Ticket:
    """Make a step ready again, or take a person's commits as its work.

    A ticket on whose branch nothing was done yet starts from the user's newest HEAD. An addition to a ticket in
    which nothing failed or waits is an answer to what it waits for: it is only added.
    """
    subject = provenance.load(desk.store, uid)
    if step is None and addition.metadata() and not is_stuck(subject):
        return add(desk, uid, addition)
    lifecycle.retried_step(subject, step)
    beginning = branches.begin_again(desk, subject)

    def work(transaction: store.Transaction) -> ticket.Ticket:
        again = transaction.load(uid)
        started = [events.Draft("ticket.started", asdict(beginning))] if beginning else []
        return transaction.append(again, [*lifecycle.retry(again, step, hand), *started, *_edited(addition)])

    return desk.store.change(desk.author(), work)


def is_stuck(subject: ticket.Ticket) -> bool:
    """A step failed or waits for a person."""
    return workflow.first_unfinished(subject.orchestration, ticket.State.FAILED, ticket.State.WAITING) is not None


def _edited(addition: Addition) -> list[events.Draft]:
    metadata = addition.metadata()
    return [events.noted(metadata)] if metadata else []
