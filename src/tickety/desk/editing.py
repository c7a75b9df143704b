"""What a ticket says is changed: its words, its facts, who has it, its tags."""

from __future__ import annotations

from collections.abc import Sequence

from tickety import store
from tickety.core import editing, events, sla, ticket
from tickety.desk import changing, linking, memory


def edit_many(
    desk: memory.Memory, uids: Sequence[str], wanted: editing.Edit, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Make tickets what is wanted of them; one that is so already gets no event."""
    types = desk.catalogue()
    lengths = desk.policy().sla if wanted.priority or wanted.is_due_by_sla else sla.BY_PRIORITY

    def rule(transaction: store.Transaction, subject: ticket.Ticket) -> list[events.Draft]:
        parent = wanted.facts.get("parent")
        if parent and parent != subject.parent:
            linking.require_parent(transaction, subject.id, parent)
        return editing.edit(subject, wanted, types, desk.principal, lengths)

    return changing.change_many(desk, uids, rule, dry_run=dry_run)


def assign_many(
    desk: memory.Memory, uids: Sequence[str], assignee: str | None, *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Give tickets to somebody, or to nobody."""
    return edit_many(desk, uids, editing.Edit({"assignee": assignee}), dry_run=dry_run)


def tag_many(
    desk: memory.Memory, uids: Sequence[str], added: Sequence[str], removed: Sequence[str], *, dry_run: bool = False
) -> tuple[changing.Changed, ...]:
    """Put tags on tickets, and take some off."""
    become = {f"tags/{tag}": True for tag in added} | {f"tags/{tag}": None for tag in removed}
    return edit_many(desk, uids, editing.Edit(become), dry_run=dry_run)
