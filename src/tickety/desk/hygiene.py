"""Looking for what is untidy in a project, and mending what can be mended without asking."""

from collections.abc import Sequence

from tickety import store
from tickety.core import events, hygiene, moves, query, ticket
from tickety.desk import changing, memory, search


def survey(desk: memory.Memory) -> tuple[hygiene.Finding, ...]:
    """Everything untidy in the project."""
    every = search.documents(desk.store, query.EVERYTHING)
    return hygiene.survey((hygiene.subject(document) for document in every), desk.clock.now())


def mend(
    desk: memory.Memory, findings: Sequence[hygiene.Finding], *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Mend what is safe to mend, as one command: one ``undo`` takes all of it back."""
    moved = {finding.uid: finding.mend for finding in findings if finding.mend}

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return _mended(subject, moved[subject.uid])

    return changing.change_many(desk, tuple(moved), rule, dry_run=dry_run) if moved else ()


def _mended(subject: ticket.Ticket, move: str | None) -> list[events.Draft]:
    """What mends a ticket, if it still stands as it did when it was looked at."""
    if move == "archive" and subject.is_closed:
        return moves.archive(subject)
    if move == "unblock" and subject.status is ticket.Status.BLOCKED:
        return moves.unblock(subject)
    return []
