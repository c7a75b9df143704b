"""People answer: a question in words, what needs approval with yes or no; and escalations that they have seen."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import answering, errors, escalation, events, lifecycle, text, ticket
from tickety.desk import changing, memory


def answer(desk: memory.Memory, uid: str, name: str | None, words: str, *, dry_run: bool = False) -> changing.Changed:
    """Answer a question, the only one unless it is named; the step that asked goes on with the answer."""
    when, said = _when(desk), text.clean(words).strip()

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return answering.answer(subject, name, said, when)

    return _one(desk, uid, rule, dry_run=dry_run)


def approve(
    desk: memory.Memory, uid: str, name: str | None, hand: lifecycle.Hand | None = None, *, dry_run: bool = False
) -> changing.Changed:
    """Say yes to what waits for it. ``hand`` is the work that waits, if it is that (see ``retry.kept``)."""
    _require_person(desk)
    when = _when(desk)

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return answering.approve(subject, name, when, hand)

    return _one(desk, uid, rule, dry_run=dry_run)


def reject(desk: memory.Memory, uid: str, name: str | None, because: str, *, dry_run: bool = False) -> changing.Changed:
    """Say no, and why: the step has failed, and blocks its ticket; steps that were proposed are dropped."""
    _require_person(desk)
    when, why = _when(desk), " ".join(text.clean(because).split())

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return answering.reject(subject, name, why, when)

    return _one(desk, uid, rule, dry_run=dry_run)


def acknowledge_many(
    desk: memory.Memory, uids: Sequence[str], name: str | None = None, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Say that somebody has seen escalations: one by its id or rule, or all that tickets have."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return escalation.acknowledge(subject, name)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def _when(desk: memory.Memory) -> answering.When:
    return answering.When(desk.clock.now(), desk.principal, desk.policy().sla_pauses)


def _require_person(desk: memory.Memory) -> None:
    if not desk.principal.startswith("user:"):
        raise errors.Refused(
            f"{desk.principal} does not decide this: a person has to say yes or no",
            "ask the person you work for to run it on their own terminal",
        )


def _one(desk: memory.Memory, uid: str, rule: changing.Rule, *, dry_run: bool) -> changing.Changed:
    (done,) = changing.change_many(desk, (uid,), rule, dry_run=dry_run)
    return done
