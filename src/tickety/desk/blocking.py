"""Something stands in a ticket's way, or does so no more."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import events, moves, text, ticket
from tickety.desk import changing, memory


def block_many(
    desk: memory.Memory, uids: Sequence[str], because: str, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Say what stands in the way of tickets; nobody works on them until they are unblocked."""
    blocker = " ".join(text.clean(because).split())

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return moves.block(subject, blocker)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def unblock_many(desk: memory.Memory, uids: Sequence[str], *, dry_run: bool = False) -> tuple[changing.Changed, ...]:
    """What stood in the way of tickets is gone."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        return moves.unblock(subject)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)
