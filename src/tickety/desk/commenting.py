"""People and agents say something about a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import events, moves, record, text, ticket
from tickety.desk import changing, memory


@record.record(frozen=True, slots=True)
class Words:
    """What somebody said, and whose words they are: ``user``, ``agent:ROLE``, ``import:SOURCE``."""

    text: str
    origin: str


def comment_many(
    desk: memory.Memory, uids: Sequence[str], words: Words, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Say the same about tickets."""

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        moves.require_changeable(subject)
        return [said(desk, words)]

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def said(desk: memory.Memory, words: Words) -> events.Draft:
    """The event of a comment, under an id of its own."""
    kept = {"id": desk.new_uid(), "text": text.clean(words.text), "origin": words.origin}
    return events.Draft("ticket.commented", kept)
