"""The tickets of the PM guide, in every form that was seen of them: one JSON object a ticket.

``action`` or ``result`` of an update, ``created_by`` or ``reporter``; a workflow as a text, as steps, phases, groups
or conditions.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tickety.core import ticket
from tickety.core.exchange import fields, plans, sheet, words

COMMANDS = ticket.COMMANDS
"""What a ticket's metadata may hold that is run. Words that were imported never are."""

_SPELLINGS = ("workflow", "steps", "parallel_groups", "initial", "conditions")


_YES = (True, "true", "True", "yes")


def read(record: dict[str, Any]) -> sheet.Sheet:
    """What a record of the guide's says."""
    given = fields.Fields(record)
    orchestration = fields.Fields(given.object("orchestration"))
    plan, unclear = _plan(orchestration, given, orchestration.texts("agents_required", "agents"))
    metadata, kept_commands = _metadata(given)
    ties, links = _ties(given.any("linked_tickets", "links"))
    made = replace(
        _plain(given),
        ties=(*ties, *_blockers(given)),
        plan=plan,
        sla=orchestration.text("sla"),
        success_criteria=orchestration.texts("success_criteria"),
        updates=_updates(given.objects("agent_updates")),
        comments=comments(given.any("comments")),
        metadata=metadata,
    )
    further = {"workflow": unclear, "orchestration": orchestration.left}
    said = {name: value for name, value in further.items() if value}
    return replace(made, kept={**given.left, **links, **kept_commands, **said})


def _plain(given: fields.Fields) -> sheet.Sheet:
    """The fields that stand for themselves, under every name that was seen of them."""
    return sheet.Sheet(
        ref=given.text("id", "ticket_id", "key") or "",
        uid=given.text("uid") or "",
        title=given.text("title", "summary", "subject", "name") or "",
        description=given.text("description", "body", "details", "content") or "",
        type=given.any("type", "ticket_type", "issue_type"),
        status=given.any("status", "state"),
        priority=given.any("priority", "severity"),
        resolution=given.any("resolution"),
        tags=given.texts("tags", "labels"),
        assignee=given.text("assignee", "assigned_to", "owner"),
        reporter=given.text("reporter", "created_by", "author"),
        created_at=given.moment("created_at", "created", "timestamp"),
        updated_at=given.moment("updated_at", "updated", "modified_at"),
        closed_at=given.moment("closed_at", "resolved_at", "completed_at"),
        closed_by=given.text("closed_by", "resolved_by"),
        due_at=given.moment("due_at", "due_date", "due"),
        sprint=given.text("sprint", "milestone"),
        blocker=given.text("blocker", "blocked_reason"),
        parent=given.text("parent", "parent_id", "epic"),
        archived=given.any("archived") in _YES,
    )


def _metadata(given: fields.Fields) -> tuple[dict[str, Any], dict[str, Any]]:
    """The metadata, and what of it would be run: that stays apart."""
    metadata = given.object("metadata")
    commands = {name: metadata[name] for name in COMMANDS if name in metadata}
    return {name: value for name, value in metadata.items() if name not in commands}, commands


def comments(given: Any) -> tuple[ticket.Comment, ...]:  # noqa: ANN401 - any JSON
    """Comments as texts, or as objects with an author, a time and a text; whatever else they hold is in the text."""
    entries = given if isinstance(given, list) else [given] if given else []
    return tuple(_comment(entry, number) for number, entry in enumerate(entries, 1))


def _comment(entry: Any, number: int) -> ticket.Comment:  # noqa: ANN401 - any JSON
    if not isinstance(entry, dict):
        return ticket.Comment(f"imported-{number}", "user:unknown", "", str(entry), "import")
    said = fields.Fields(entry)
    author = said.any("by", "author", "user", "created_by")
    login = author.get("login") or author.get("name") if isinstance(author, dict) else author
    words_said = said.text("text", "body", "content", "comment") or ""
    name = said.text("id") or f"imported-{number}"
    at = said.moment("at", "created_at", "createdAt", "timestamp", "created") or ""
    return ticket.Comment(name, fields.principal(str(login or "")) or "user:unknown", at, words_said, "import")


def _plan(
    orchestration: fields.Fields, given: fields.Fields, crew: tuple[str, ...]
) -> tuple[ticket.Plan | None, dict[str, Any]]:
    """The plan, and the spelling that no steps could be made of, as it was."""
    spelled: dict[str, Any] = {}
    for source in (orchestration, given):
        for name in _SPELLINGS:
            value = source.any(name)
            if value is not None and name not in spelled:
                spelled[name] = value
    phases = _phases(orchestration, given)
    if not spelled and not crew and not phases:
        return None, {}
    if not spelled and any("steps" in phase for phase in phases):
        spelled = {"phases": list(phases)}
    form = spelled["workflow"] if set(spelled) == {"workflow"} else spelled
    try:
        plan = plans.read(form, crew)
        unclear: dict[str, Any] = {}
    except plans.Unclear:
        plan = ticket.Plan(crew, plans.text_of(form) if form else "", "", ())
        unclear = spelled
    if not spelled:
        plan, unclear = ticket.Plan(crew, "", "", ()), {}
    return _phased(plan, phases), unclear


def _phases(*sources: fields.Fields) -> tuple[dict[str, Any], ...]:
    return tuple(phase for source in sources for phase in source.objects("phases"))


def _phased(plan: ticket.Plan, phases: tuple[dict[str, Any], ...]) -> ticket.Plan:
    return ticket.Plan(plan.agents_required, plan.workflow, plan.sla, plan.steps, phases=phases)


def _ties(given: Any) -> tuple[tuple[sheet.Tie, ...], dict[str, Any]]:  # noqa: ANN401 - any JSON
    """The links that are understood, and, as they were, those that are not."""
    entries = given if isinstance(given, list) else [given] if given else []
    ties: list[sheet.Tie] = []
    strange: list[Any] = []
    for entry in entries:
        relationship = words.relationship_of(entry.get("relationship")) if isinstance(entry, dict) else None
        if isinstance(entry, str):
            ties.append((ticket.Relationship.RELATED_TO, entry))
        elif relationship and isinstance(entry.get("ticket_id"), str):
            ties.append((relationship, entry["ticket_id"]))
        else:
            strange.append(entry)
    return tuple(ties), {"linked_tickets": strange} if strange else {}


def _blockers(given: fields.Fields) -> tuple[sheet.Tie, ...]:
    named = given.texts("depends_on", "dependencies", "blocked_by")
    return tuple((ticket.Relationship.BLOCKED_BY, ref) for ref in named)


def _updates(entries: Iterable[dict[str, Any]]) -> tuple[ticket.Update, ...]:
    return tuple(_update(entry) for entry in entries)


def _update(entry: dict[str, Any]) -> ticket.Update:
    """One report; what it says beside the guide's four fields is among its outputs."""
    said = fields.Fields(entry)
    agent = said.text("agent", "agent_name", "by") or "unknown"
    at = said.moment("timestamp", "at", "created_at") or ""
    result = said.text("result", "action", "status") or ""
    details = said.text("details", "summary", "notes", "message") or ""
    step, error = said.text("step") or "", said.text("error")
    return ticket.Update(agent, at, result, details, step, 0, error, outputs=said.left, stop_reason="imported")
