"""GitHub issues, as ``gh issue list --json …`` writes them."""

from dataclasses import replace
from typing import Any

from tickety.core import ticket
from tickety.core.exchange import fields, guide, sheet, words


def read(record: dict[str, Any]) -> sheet.Sheet:
    """What an issue says; type and priority are looked for among its labels. A reason for closing is kept, too."""
    given = fields.Fields(record)
    labels = given.texts("labels")
    milestone = fields.Fields(given.object("milestone"))
    assignees = given.texts("assignees")
    kind = given.any("issueType")
    reason = given.text("stateReason")
    made = replace(
        _plain(given),
        type=_kind(kind, labels),
        priority=next(filter(words.priority_of, labels), None),
        resolution=reason or None,
        tags=labels,
        assignee=assignees[0] if assignees else None,
        sprint=milestone.text("title"),
        parent=_number_of(given.object("parent")),
    )
    number = int(made.names[1]) if made.names[1].isdecimal() else made.names[1]
    left = {
        "number": number, "url": made.url, "stateReason": reason, "milestone": milestone.left,
        "assignees": list(assignees[1:]), "issueType": kind, **given.left,
    }  # fmt: skip
    left.pop("closed", None)  # state says the same
    return replace(made, kept={name: value for name, value in left.items() if value not in (None, "", [], {})})


def _plain(given: fields.Fields) -> sheet.Sheet:
    """The fields that stand for themselves. An issue is known by its address, and called by its number."""
    number = given.text("number") or ""
    url = given.text("url") or ""
    return sheet.Sheet(
        ref=url or f"#{number}",
        names=(f"#{number}", number),
        url=url,
        title=given.text("title") or "",
        description=given.text("body") or "",
        status=given.any("state"),
        reporter=_login(given.any("author")),
        created_at=given.moment("createdAt"),
        updated_at=given.moment("updatedAt"),
        closed_at=given.moment("closedAt"),
        ties=(
            *_ties(ticket.Relationship.BLOCKED_BY, given.any("blockedBy")),
            *_ties(ticket.Relationship.BLOCKS, given.any("blocking")),
        ),
        comments=guide.comments(given.any("comments")),
    )


def _number_of(parent: dict[str, Any]) -> str | None:
    return f"#{parent['number']}" if isinstance(parent.get("number"), int) else None


def _kind(kind: Any, labels: tuple[str, ...]) -> object:  # noqa: ANN401 - any JSON
    name = kind.get("name") if isinstance(kind, dict) else kind
    return name or next(filter(words.type_of, labels), None)


def _login(author: Any) -> str | None:  # noqa: ANN401 - any JSON
    login = author.get("login") if isinstance(author, dict) else author
    return login if isinstance(login, str) else None


def _ties(relationship: ticket.Relationship, listed: Any) -> tuple[sheet.Tie, ...]:  # noqa: ANN401 - any JSON
    nodes = listed.get("nodes") if isinstance(listed, dict) else listed
    numbers = [entry.get("number") for entry in nodes if isinstance(entry, dict)] if isinstance(nodes, list) else []
    return tuple((relationship, f"#{number}") for number in numbers if isinstance(number, int))
