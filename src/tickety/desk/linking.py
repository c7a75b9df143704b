"""Tickets are tied to each other, and untied. Both ends of a link are changed in one command."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import dependency, errors, events, moves, ticket
from tickety.desk import changing, memory


def link_many(
    desk: memory.Memory, uids: Sequence[str], relationship: ticket.Relationship, other: str, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Tie tickets to another one; refused when one would come to wait for itself."""
    ids = _ids(desk, (*uids, other))
    ties = [tie for uid in uids for tie in dependency.ties(ids[uid], relationship, ids[other])]
    return changing.change_many(desk, _holders(ids, ties), _tying(ties), dry_run=dry_run)


def tie(transaction: store.Transaction, ties: Sequence[dependency.Tie]) -> None:
    """The same in the midst of a command, for the tickets that hold these ends of links."""
    holders = [transaction.uid_of(holder) or holder for holder in dict.fromkeys(tie.holder for tie in ties)]
    changing.each(transaction, holders, _tying(ties))


def unlink_many(
    desk: memory.Memory,
    uids: Sequence[str],
    relationship: ticket.Relationship | None,
    other: str,
    *,
    dry_run: bool = False,
) -> tuple[changing.Changed, ...]:
    """Untie tickets from another one: of one relationship, or of every one, whichever side holds it."""
    ids = _ids(desk, (*uids, other))
    named = [relationship] if relationship else list(ticket.Relationship)
    ties = [tie for uid in uids for one in named for tie in dependency.ties(ids[uid], one, ids[other])]
    ties += [dependency.Tie(ids[other], one, ids[uid]) for uid in uids for one in named if not relationship]

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        del transaction
        own = [tie for tie in dict.fromkeys(ties) if tie.holder == subject.id]
        return _changeable(subject, [draft for tie in own for draft in dependency.unlink(subject, tie)])

    return changing.change_many(desk, _holders(ids, ties), rule, dry_run=dry_run)


def require_legal(transaction: store.Transaction, tie: dependency.Tie) -> None:
    """Refuses a link by which a ticket would wait for itself, or be a duplicate of itself."""
    dependency.require_two(tie.holder, tie.other)
    dependency.require_no_circle(dependency.edges(tie), transaction.waits)
    if tie.relationship is ticket.Relationship.DUPLICATE_OF:
        dependency.require_no_circle([(tie.holder, tie.other)], _originals(transaction), "be a duplicate of")


def require_parent(transaction: store.Transaction, child: str, parent: str) -> None:
    """Refuses a parent that is not there, that is over, or that would wait for itself through the child."""
    uid = transaction.uid_of(parent)
    if uid is None:
        raise errors.NotFound(f"there is no ticket {parent}", "tickety list --all")
    require_part(transaction, child, parent)
    dependency.require_parent(transaction.load(uid))


def require_part(transaction: store.Transaction, child: str, parent: str) -> None:
    """Refuses a parent that would wait for itself through the child."""
    dependency.require_two(child, parent)
    dependency.require_no_circle([(parent, child)], transaction.waits)


def _tying(ties: Sequence[dependency.Tie]) -> changing.Rule:
    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        own = [tie for tie in ties if tie.holder == subject.id]
        for tie in own:
            require_legal(transaction, tie)
        return _changeable(subject, [draft for tie in own for draft in dependency.link(subject, tie)])

    return rule


def _ids(desk: memory.Memory, uids: Sequence[str]) -> dict[str, str]:
    """The id of every uid; ids never change, so they may be read ahead."""
    return {uid: desk.store.load(uid).id for uid in uids}


def _holders(ids: dict[str, str], ties: Sequence[dependency.Tie]) -> list[str]:
    """The uids of the tickets that hold a link, in the order they were named."""
    holders = {tie.holder for tie in ties}
    return [uid for uid, ticket_id in ids.items() if ticket_id in holders]


def _changeable(subject: ticket.Ticket, drafts: list[events.Draft]) -> list[events.Draft]:
    """An archived ticket stands in the way only where it would be changed."""
    if drafts:
        moves.require_changeable(subject)
    return drafts


def _originals(transaction: store.Transaction) -> dependency.Waits:
    """For tickets the ids of those they are duplicates of."""

    def originals(ids: Sequence[str]) -> dict[str, list[str]]:
        uids = [uid for ticket_id in ids if (uid := transaction.uid_of(ticket_id))]
        return dependency.duplicates([transaction.load(uid) for uid in uids])

    return originals
