"""A ticket on its way in: as it would be here, but for what depends on who is here already, its id and its ties."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tickety.core import errors, ids, recipes, record, sla, text, ticket, times, workflow
from tickety.core.exchange import fields, naming, sheet, words

PM = "agent:PM"
HIGHEST = 999_999
"""The highest number that an imported id keeps: one beyond it would leave the counter little room."""


@record.record(frozen=True, slots=True)
class Arrival:
    """``subject`` has no links and no parent yet; ``ref`` and ``names`` are what others call it where it comes from.

    ``is_whole``: it is one of our own documents and takes the place of an older one as it is; anything else only
    tells what it knows. ``is_dated``: it says when it was last changed.
    """

    place: str
    ref: str
    subject: ticket.Ticket
    names: tuple[str, ...] = ()
    ties: tuple[sheet.Tie, ...] = ()
    parent: str | None = None
    is_dated: bool = True
    is_whole: bool = False
    notes: tuple[str, ...] = ()


def of(made: sheet.Sheet, place: str, dialect: str, now: datetime) -> Arrival:
    """The ticket that a sheet of another tool's means; Usage when it says nothing that could be a title."""
    kept: dict[str, Any] = dict(made.kept)
    title = _title(made)
    kind = words.type_of(made.type, made.ref) or "task"
    status = words.status_of(made.status) or ticket.Status.OPEN
    priority = words.priority_of(made.priority) or ticket.Priority.MEDIUM
    resolution = _resolution(made, status, kind)
    found = {"type": kind, "status": status, "priority": priority, "resolution": resolution}
    kept |= {name: getattr(made, name) for name, ours in found.items() if _is_lost(getattr(made, name), ours)}
    created = made.created_at or made.updated_at or times.as_text(now)
    updated = made.updated_at or made.closed_at or created
    length = _sla(made, priority, kept)
    is_closed = status is ticket.Status.CLOSED
    subject = ticket.Ticket(
        uid=made.uid if naming.is_uid(made.uid) else naming.uid_of(dialect, made),
        id=made.ref,
        version=1,
        type=kind,
        title=title,
        description=text.clean(made.description) if made.description.strip() else title,
        status=status,
        priority=priority,
        reporter=fields.principal(made.reporter) or "user:unknown",
        created_at=created,
        updated_at=updated,
        due_at=made.due_at or sla.due_at(times.as_moment(created), length),
        orchestration=_plan(made, kind, length, is_closed=is_closed),
        origin={"description": f"import:{dialect}"},
        assignee=fields.principal(made.assignee) or PM,
        tags=tuple(dict.fromkeys(text.one_line(tag, 100) for tag in made.tags)),
        blocker=_blocker(made, status),
        resolution=resolution,
        closed_at=(made.closed_at or updated) if is_closed else None,
        closed_by=(fields.principal(made.closed_by) or "user:unknown") if is_closed else None,
        sprint=made.sprint,
        archived=is_closed and (made.archived or words.plain(made.status) == "archived"),
        comments=_comments(made.comments, created),
        agent_updates=tuple(replace(update, timestamp=update.timestamp or updated) for update in made.updates),
        metadata=_metadata(made, dialect, kept),
    )  # fmt: skip
    notes = (f"kept as imported: {', '.join(text.one_line(name, 40) for name in kept)}",) if kept else ()
    return Arrival(
        place, made.ref, subject, made.names, made.ties, made.parent, made.updated_at is not None, notes=notes
    )


def merged(known: ticket.Ticket, coming: ticket.Ticket) -> ticket.Ticket:
    """A ticket that is here, after another tool told what became of it there: work that was done here stays."""
    said = {comment.id: comment for comment in (*known.comments, *coming.comments)}
    own = {name: getattr(known, name) for name in _OURS}
    metadata = {**known.metadata, **coming.metadata}
    return replace(coming, **own, metadata=metadata, comments=tuple(said.values()))


def id_parts(ref: str) -> tuple[str, int, int] | None:
    """Prefix, year and number of an id that can be kept as it is."""
    try:
        prefix, year, number = ids.parse_id(ref)
    except errors.Usage:
        return None
    is_kept = 0 < number <= HIGHEST and ids.format_id(prefix, year, number) == ref
    return (prefix, year, number) if is_kept else None


def keeping(metadata: dict[str, Any], **kept: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """A ticket's metadata with more under ``imported``."""
    before = metadata.get("imported")
    known = before if isinstance(before, dict) else {} if before is None else {"imported": before}
    return {**metadata, "imported": {**known, **kept}}


def _title(made: sheet.Sheet) -> str:
    for candidate in (made.title, made.description):
        if candidate.strip():
            return text.title(text.clean(candidate))
    raise errors.Usage("it has no title", "give it a `title`, and import it again")


def _resolution(made: sheet.Sheet, status: ticket.Status, kind: str) -> ticket.Resolution | None:
    if status is not ticket.Status.CLOSED:
        return None
    found = words.resolution_of(made.resolution)
    if found is None and words.plain(made.status) not in {"closed", "archived"}:
        found = words.resolution_of(made.status)
    is_fault = kind in {"bug", "security", "performance"}
    return found or (ticket.Resolution.FIXED if is_fault else ticket.Resolution.DONE)


def _blocker(made: sheet.Sheet, status: ticket.Status) -> str | None:
    if status is not ticket.Status.BLOCKED:
        return None
    return made.blocker or f"it was {words.plain(made.status)} where it came from"


def _is_lost(theirs: object, ours: object) -> bool:
    """A word of theirs that is not ours is kept as it was."""
    return theirs not in (None, "", 0) and words.plain(theirs) != ours


def _sla(made: sheet.Sheet, priority: ticket.Priority, kept: dict[str, Any]) -> str:
    try:
        times.length(made.sla or "")
    except ValueError:
        kept |= {"sla": made.sla} if made.sla else {}
        return sla.BY_PRIORITY[priority]
    return made.sla or ""


def _plan(made: sheet.Sheet, kind: str, length: str, *, is_closed: bool) -> ticket.Plan:
    """The plan that it brings, else its type's; of a closed ticket nothing is left to be done."""
    plan = made.plan or workflow.settle(recipes.plan(recipes.BY_TYPE[kind], length))
    if is_closed:
        over = (replace(step, state=ticket.State.SKIPPED, reason=_OVER) for step in plan.steps)
        plan = replace(plan, steps=tuple(over))
    return replace(plan, sla=length, success_criteria=made.success_criteria)


def _comments(given: tuple[ticket.Comment, ...], created: str) -> tuple[ticket.Comment, ...]:
    return tuple(replace(comment, at=comment.at or created) for comment in given if comment.text.strip())


def _metadata(made: sheet.Sheet, dialect: str, kept: dict[str, Any]) -> dict[str, Any]:
    metadata = dict(made.metadata)
    if "imported" in metadata:
        kept = {"metadata": {"imported": metadata.pop("imported")}, **kept}
    return {**metadata, "imported": {"from": dialect, **({"id": made.ref} if made.ref else {}), **kept}}


_OURS = (
    "uid", "id", "version", "created_at", "orchestration", "origin", "agent_updates", "questions", "escalations",
    "branch", "base", "target", "waiting_for",
)  # fmt: skip
_OVER = "it was closed before it was imported"
