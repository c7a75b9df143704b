"""A ticket on its way in: as it would be here, but for what depends on who is here already, its id and its ties."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from tickety.core import editing, errors, ids, recipes, record, sla, text, ticket, times, workflow
from tickety.core.exchange import bounds, fields, naming, sheet, words

PM = "agent:PM"
HIGHEST = 999_999
"""The highest number that an imported id keeps: one beyond it would leave the counter little room."""
HIGHEST_OF_OURS = 999_000_000
"""The same for an id that Tickety gave."""


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

    @property
    def source(self) -> str | None:
        """The tool that it comes from; None when that is Tickety."""
        return None if self.is_whole else str(self.subject.metadata["imported"]["from"])


def of(made: sheet.Sheet, place: str, dialect: str, now: datetime) -> Arrival:
    """The ticket that a sheet of another tool's means; Usage when it says nothing that could be a title."""
    meant = _meant(made)
    span = _span(made, now, is_closed=meant.status is ticket.Status.CLOSED)
    length = _sla(made, meant.priority, span.created)
    strange = {**made.kept, **_strange(made, meant, span, length)}
    plan = _plan(made, meant.type, length, is_closed=meant.status is ticket.Status.CLOSED)
    bare = _ticket(made, meant, span, plan)
    subject = replace(
        bare,
        uid=made.uid if naming.is_uid(made.uid) else naming.uid_of(dialect, made),
        origin={"description": f"import:{dialect}"},
        metadata=_metadata(made, dialect, {**strange, **_words(made, meant)}),
    )
    notes = (f"kept as imported: {', '.join(text.one_line(name, 40) for name in strange)}",) if strange else ()
    return Arrival(
        place, made.ref, subject, made.names, made.ties, made.parent, made.updated_at is not None, notes=notes
    )


def in_order(subject: ticket.Ticket) -> tuple[ticket.Ticket, tuple[str, ...]]:
    """The ticket closed no earlier than it was made, and the note that says so when it was."""
    if subject.closed_at is None or subject.closed_at >= subject.created_at:
        return subject, ()
    metadata = keeping(subject.metadata, closed_at=subject.closed_at)
    note = "kept as imported: closed_at, which is before created_at"
    return replace(subject, closed_at=subject.created_at, metadata=metadata), (note,)


def merged(known: ticket.Ticket, coming: ticket.Ticket) -> ticket.Ticket:
    """A ticket that is here, after another tool told what became of it there: work that was done here stays."""
    said = {comment.id: comment for comment in (*known.comments, *coming.comments)}
    said |= {comment.id: comment for comment in known.comments if comment.origin != "import"}
    own = {name: getattr(known, name) for name in _OURS}
    metadata = {**known.metadata, **coming.metadata}
    return replace(coming, **own, metadata=metadata, comments=tuple(said.values()))


def id_parts(ref: str, highest: int = HIGHEST) -> tuple[str, int, int] | None:
    """Prefix, year and number of an id that can be kept as it is."""
    try:
        prefix, year, number = ids.parse_id(ref)
    except errors.Usage:
        return None
    is_kept = 0 < number <= highest and ids.format_id(prefix, year, number) == ref
    return (prefix, year, number) if is_kept else None


def sorted_out(metadata: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The metadata, and apart from it what counts something here and is no number that can be added up."""
    odd = {name: metadata[name] for name in _COUNTED if not _is_count(metadata.get(name))}
    return {name: value for name, value in metadata.items() if name not in odd}, odd


def keeping(metadata: dict[str, Any], **kept: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """A ticket's metadata with more under ``imported``."""
    before = metadata.get("imported")
    known = before if isinstance(before, dict) else {} if before is None else {"imported": before}
    return {**metadata, "imported": {**known, **kept}}


@record.record(frozen=True, slots=True)
class _Meant:
    """A sheet's words as ours."""

    type: str
    status: ticket.Status
    priority: ticket.Priority
    resolution: ticket.Resolution | None


@record.record(frozen=True, slots=True)
class _Span:
    """When it was made, changed last and closed; what a sheet does not say follows from the rest."""

    created: str
    updated: str
    closed: str | None


def _meant(made: sheet.Sheet) -> _Meant:
    kind = words.type_of(made.type, made.ref) or "task"
    status = words.status_of(made.status) or ticket.Status.OPEN
    priority = words.priority_of(made.priority) or ticket.Priority.MEDIUM
    return _Meant(kind, status, priority, _resolution(made, status, kind))


def _span(made: sheet.Sheet, now: datetime, *, is_closed: bool) -> _Span:
    created = made.created_at or made.updated_at or times.as_text(now)
    updated = made.updated_at or made.closed_at or created
    # Nothing is closed before it is there.
    return _Span(created, updated, max(created, made.closed_at or updated) if is_closed else None)


def _ticket(made: sheet.Sheet, meant: _Meant, span: _Span, plan: ticket.Plan) -> ticket.Ticket:
    """The ticket, but for who it is and what is kept of where it comes from."""
    title, is_closed = _title(made), span.closed is not None
    return ticket.Ticket(
        uid="",
        id=made.ref,
        version=1,
        type=meant.type,
        title=title,
        description=text.clean(made.description) if made.description.strip() else title,
        status=meant.status,
        priority=meant.priority,
        reporter=fields.principal(made.reporter) or "user:unknown",
        created_at=span.created,
        updated_at=span.updated,
        due_at=made.due_at or sla.due_at(times.as_moment(span.created), plan.sla),
        orchestration=plan,
        origin={},
        assignee=fields.principal(made.assignee) or PM,
        tags=_tags(made),
        blocker=_blocker(made, meant.status),
        resolution=meant.resolution,
        closed_at=span.closed,
        closed_by=(fields.principal(made.closed_by) or "user:unknown") if is_closed else None,
        sprint=text.one_line(made.sprint) if made.sprint else None,
        archived=is_closed and (made.archived or words.plain(made.status) == "archived"),
        comments=_comments(made.comments, span.created),
        agent_updates=tuple(replace(update, timestamp=update.timestamp or span.updated) for update in made.updates),
    )


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
    return found or (ticket.Resolution.FIXED if recipes.needs_red(kind, {}) else ticket.Resolution.DONE)


def _blocker(made: sheet.Sheet, status: ticket.Status) -> str | None:
    if status is not ticket.Status.BLOCKED:
        return None
    return text.harmless(made.blocker or "").strip() or f"it was {words.plain(made.status)} where it came from"


def _words(made: sheet.Sheet, meant: _Meant) -> dict[str, Any]:
    """The words of theirs that are not ours: they are kept as they were, understood or not."""
    said = {name: getattr(made, name) for name in ("type", "status", "priority", "resolution")}
    return {
        name: word
        for name, word in said.items()
        if word not in (None, "", 0) and words.plain(word) != getattr(meant, name)
    }


def _strange(made: sheet.Sheet, meant: _Meant, span: _Span, length: str) -> dict[str, Any]:
    """What it says that is taken as something else, or as nothing."""
    understood = {
        "type": words.type_of(made.type),
        "status": words.status_of(made.status),
        "priority": words.priority_of(made.priority),
        "resolution": words.resolution_of(made.resolution),
    }
    strange = {name: word for name, word in _words(made, meant).items() if understood[name] is None}
    if made.closed_at and made.closed_at != span.closed:
        strange["closed_at"] = made.closed_at
    if made.sla and made.sla != length:
        strange["sla"] = made.sla
    if _tags(made) != made.tags:
        strange["tags"] = list(made.tags)
    return strange


def _sla(made: sheet.Sheet, priority: ticket.Priority, created: str) -> str:
    try:
        sla.due_at(times.as_moment(created), made.sla or "")
    except ValueError:
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
    """Those that say something, each under an id of its own."""
    said: dict[str, ticket.Comment] = {}
    for comment in given:
        if text.harmless(comment.text).strip():
            name, number = comment.id, 1
            while name in said:
                number += 1
                name = f"{comment.id}-{number}"
            said[name] = replace(comment, id=name, at=comment.at or created, text=text.clean(comment.text))
    return tuple(said.values())


def _tags(made: sheet.Sheet) -> tuple[str, ...]:
    """Labels as tags: what others write as several words is one here."""
    joined = (_NOT_IN_TAG.sub("-", text.harmless(label)).strip("-+#") for label in made.tags)
    words_said = ("".join(filter(str.isprintable, word))[: editing.TAG_LIMIT] for word in joined)
    return tuple(dict.fromkeys(word for word in words_said if word.strip("-+#")))


def _is_count(value: Any) -> bool:  # noqa: ANN401 - any JSON
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value is None or (is_number and abs(value) < _TOO_MANY)


def _metadata(made: sheet.Sheet, dialect: str, kept: dict[str, Any]) -> dict[str, Any]:
    metadata, odd = sorted_out(bounds.plain(made.metadata))
    kept = {**odd, **kept}
    if "imported" in metadata:
        kept = {"metadata": {"imported": metadata.pop("imported")}, **kept}
    return {**metadata, "imported": {"from": dialect, **({"id": made.ref} if made.ref else {}), **kept}}


_OURS = (
    "uid", "id", "version", "created_at", "orchestration", "origin", "agent_updates", "questions", "escalations",
    "branch", "base", "target", "waiting_for",
)  # fmt: skip
_OVER = "it was closed before it was imported"
_COUNTED = ("user_votes", "estimated_hours", "actual_hours", "affected_users")
_TOO_MANY = 1e15
_NOT_IN_TAG = re.compile(r'[\s,"]+')
