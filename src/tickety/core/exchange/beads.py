"""Beads: one issue a line in ``.beads/issues.jsonl``."""

from dataclasses import replace
from typing import Any

from tickety.core import ticket
from tickety.core.exchange import fields, guide, sheet, words

_PRIORITIES = ("critical", "high", "medium", "low", "low")
_TIES = {
    "blocks": ticket.Relationship.BLOCKED_BY,  # the issue depends on, so the other one blocks it
    "discovered-from": ticket.Relationship.RELATED_TO,
}
"""What Beads calls otherwise than everybody else."""


def read(record: dict[str, Any]) -> sheet.Sheet:
    """What an issue says. Its priority is a number, 0 for critical to 4 for the backlog."""
    given = fields.Fields(record)
    priority = given.any("priority") if record.get("priority") != 0 else 0
    plain = _plain(given)
    ties, parent, strange = _dependencies(given.objects("dependencies"), plain.ref)
    minutes = given.any("estimated_minutes") if isinstance(record.get("estimated_minutes"), (int, float)) else None
    made = replace(
        plain,
        priority=_PRIORITIES[priority] if type(priority) is int and 0 <= priority < len(_PRIORITIES) else priority,
        resolution=record.get("status") if record.get("status") == "tombstone" else None,
        parent=parent,
        ties=ties,
        metadata={"estimated_hours": round(minutes / 60, 2)} if minutes else {},
    )
    left = {**given.left, "priority": priority, **({"dependencies": strange} if strange else {})}
    return replace(made, kept={name: value for name, value in left.items() if value is not None})


def _plain(given: fields.Fields) -> sheet.Sheet:
    """The fields that stand for themselves."""
    return sheet.Sheet(
        ref=given.text("id") or "",
        title=given.text("title") or "",
        description=given.text("description") or "",
        type=given.any("issue_type", "type"),
        status=given.any("status"),
        tags=given.texts("labels"),
        assignee=given.text("assignee"),
        reporter=given.text("created_by", "owner"),
        created_at=given.moment("created_at"),
        updated_at=given.moment("updated_at"),
        closed_at=given.moment("closed_at"),
        due_at=given.moment("due_at"),
        success_criteria=tuple(filter(None, [given.text("acceptance_criteria")])),
        comments=guide.comments(given.any("comments")),
    )


def _dependencies(
    entries: list[dict[str, Any]], ref: str
) -> tuple[tuple[sheet.Tie, ...], str | None, list[dict[str, Any]]]:
    """The ties, the parent (a dotted id names it, too), and what says more than we can keep."""
    ties: list[sheet.Tie] = []
    strange: list[dict[str, Any]] = []
    parent = None
    for entry in entries:
        kind, other = entry.get("type"), entry.get("depends_on_id")
        if kind == "parent-child" and isinstance(other, str):
            parent = other
        elif isinstance(other, str) and (relationship := _relationship(kind)):
            ties.append((relationship, other))
        if kind not in {"blocks", "related", "parent-child"} or not isinstance(other, str):
            strange.append(entry)
    above, dot, _ = ref.rpartition(".")
    return tuple(ties), parent or (above if dot else None), strange


def _relationship(kind: object) -> ticket.Relationship | None:
    return _TIES.get(kind) if isinstance(kind, str) and kind in _TIES else words.relationship_of(kind)
