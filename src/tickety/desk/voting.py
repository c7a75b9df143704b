"""People say that they want something: votes on a ticket."""

from collections.abc import Sequence

from tickety import store
from tickety.core import events, moves, ticket
from tickety.desk import changing, memory


def vote_many(
    desk: memory.Memory, uids: Sequence[str], votes: int, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Add votes to tickets."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        moves.require_changeable(subject)
        return [events.Draft("ticket.voted", {"votes": votes})]

    return changing.change_many(desk, uids, rule, dry_run=dry_run)
