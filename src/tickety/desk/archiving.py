"""Closed tickets are put out of sight, and brought back."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import events, moves, ticket
from tickety.desk import changing, memory


def archive_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Put closed tickets away."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return moves.archive(subject)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def unarchive_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """Bring tickets back into the lists."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return moves.unarchive(subject)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)
