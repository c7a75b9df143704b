"""Opening a ticket: from a person's words to a ticket with a plan, tied to those that it belongs to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tickety import store
from tickety.core import document, events, history, ids, recipes, record, sla, text, ticket, triage
from tickety.desk import memory, search

if TYPE_CHECKING:
    from tickety.core import catalogue, template

PM = "agent:PM"
MANY_VOTES = triage.MANY_VOTES

_NAMED_TYPE = re.compile(r"(?<!\S)type:([a-z][a-z0-9_]*)\b", re.IGNORECASE)


@record.record(frozen=True, slots=True)
class Request:
    """What is asked for, and who asked how. ``origin`` is ``user`` only for words this user typed.

    What is not given is found from the words, or is the template's. ``reproduction`` shows the fault,
    ``verification`` judges the whole project: argument lists that the user typed. ``parent``, ``blocked_by`` and
    ``starts_with`` name tickets as people do; ``due`` is a date or a length of time, ``estimate`` hours.
    """

    words: str
    reporter: str
    origin: str = "user"
    type: str | None = None
    priority: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    reproduction: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    template: str | None = None
    parent: str | None = None
    blocked_by: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    assignee: str | None = None
    due: str | None = None
    estimate: str | None = None


@record.record(frozen=True, slots=True)
class Opening:
    """A ticket ready to be opened, the verdict that made it so, its links, and the children that come with it."""

    verdict: triage.Verdict
    recipe: recipes.Recipe
    data: dict[str, Any]
    links: tuple[ticket.Link, ...] = ()
    children: "tuple[Part, ...]" = ()

    def below(self, parent: str) -> "Opening":
        """The same as a part of another ticket."""
        return replace(self, data={**self.data, "parent": parent})


@record.record(frozen=True, slots=True)
class Part:
    """A child that is opened with its epic. Its links name siblings, by their keys."""

    key: str
    opening: Opening
    links: tuple[ticket.Link, ...] = ()


def prepare(desk: memory.Memory, request: Request) -> Opening:
    """Understand a request; nothing is stored."""
    known = desk.catalogue()
    words = text.clean(request.words)
    wanted = known.template(request.template) if request.template else None
    verdict = _understood(words, request, wanted, known)
    recipe = known.recipe(verdict.type)
    length = (wanted and wanted.sla) or recipe.sla or sla.BY_PRIORITY[verdict.priority]
    data = {
        "type": recipe.type,
        "title": _title(words, request, wanted),
        "description": words,
        "priority": verdict.priority.value,
        "reporter": request.reporter,
        "assignee": _assignee(desk, request),
        "tags": _tags(request, wanted),
        "due_at": _due_at(desk, request, length),
        "metadata": _metadata(verdict, request, recipe),
        "orchestration": document.from_plan(_plan(wanted, recipe, length)),
        "origin": {"description": request.origin},
        **({"parent": _id(desk, request.parent)} if request.parent else {}),
    }
    return Opening(verdict, recipe, data, _links(desk, request), _parts(desk, words, request, wanted))


def open_ticket(desk: memory.Memory, opening: Opening, command_id: str | None = None) -> ticket.Ticket:
    """Open the ticket, and the children that come with it. The same command twice opens it once."""
    author = desk.author(command_id)

    def work(transaction: store.Transaction) -> ticket.Ticket:
        if known := transaction.opened_by(author.command_id):
            return transaction.load(known)
        return _open(desk, transaction, opening)

    return desk.store.change(author, work)


def as_it_would_be(desk: memory.Memory, opening: Opening) -> dict[str, Any]:
    """The JSON of the ticket that would be opened; its number is not given yet."""
    return next(as_they_would_be(desk, opening))


def as_they_would_be(desk: memory.Memory, opening: Opening, name: str = "NNN") -> Iterator[dict[str, Any]]:
    """The ticket that would be opened and all its children; a child is called by its key, ``FEAT-2026-NNN/login``."""
    subject = _imagined(desk, opening, f"{opening.recipe.prefix}-{desk.clock.now().year}-{name}")
    yield document.from_ticket(subject)
    names = {
        part.key: f"{part.opening.recipe.prefix}-{desk.clock.now().year}-NNN/{part.key}" for part in opening.children
    }
    for part in opening.children:
        links = tuple(replace(link, ticket_id=names[link.ticket_id]) for link in part.links)
        yield from as_they_would_be(desk, replace(part.opening.below(subject.id), links=links), f"NNN/{part.key}")


def _understood(
    words: str, request: Request, wanted: "template.Template | None", known: "catalogue.Catalogue"
) -> triage.Verdict:
    """Type and priority: what was asked for, then what the template says, then what the words say."""
    named, reason = _named_type(words, request, wanted, known)
    starts = {name: start for name, recipe in known.by_type.items() if (start := _start(recipe))}
    verdict = triage.understand(words, named, starts, wanted.priority if wanted else None)
    if named:
        verdict = replace(verdict, type=named, type_reasons=(reason,))
    if request.priority is None:
        return verdict
    priority = triage.priority_named(request.priority)
    return replace(verdict, priority=priority, priority_reasons=(_said(request),))


def _named_type(
    words: str, request: Request, wanted: "template.Template | None", known: "catalogue.Catalogue"
) -> tuple[str | None, str]:
    if request.type:
        return known.recipe(request.type).type, _said(request)
    if wanted and wanted.type:
        return wanted.type, f"the template {wanted.name} says so"
    said = _NAMED_TYPE.search(words)
    if said and said[1].lower() in known.by_type:
        return said[1].lower(), f"the words say {said[0]}"
    return None, ""


def _said(request: Request) -> str:
    return "the template says so" if request.origin.startswith("import:template") else "you said so"


def _start(recipe: recipes.Recipe) -> ticket.Priority | None:
    """Where a project lets its tickets of a type begin; what is like a bug begins where bugs do."""
    return recipe.priority or (ticket.Priority.HIGH if recipe.like == "bug" else None)


def _title(words: str, request: Request, wanted: "template.Template | None") -> str:
    if wanted and wanted.title and not request.title:
        from tickety.core import template

        return template.titled(wanted.title, words)
    return text.title(text.clean(request.title or words))


def _assignee(desk: memory.Memory, request: Request) -> str | None:
    if request.assignee is None:
        return PM
    from tickety.core import editing

    return editing.assignee(request.assignee, desk.principal)


def _tags(request: Request, wanted: "template.Template | None") -> list[str]:
    named = (*(wanted.tags if wanted else ()), *request.tags)
    if not named:
        return []
    from tickety.core import editing

    return list(dict.fromkeys(editing.tag(tag) for tag in named))


def _due_at(desk: memory.Memory, request: Request, length: str) -> str:
    now = desk.clock.now()
    if request.due is None:
        return sla.due_at(now, length)
    from tickety.core import editing

    return editing.due(request.due, now)


def _metadata(verdict: triage.Verdict, request: Request, recipe: recipes.Recipe) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "affected_users": None,
        "user_votes": verdict.votes,
        "understood": {"type": list(verdict.type_reasons), "priority": list(verdict.priority_reasons)},
    }
    if request.estimate is not None:
        from tickety.core import editing

        metadata["estimated_hours"] = editing.hours(request.estimate)
    given = {
        "like": recipe.like,
        "template": request.template,
        "reproduction": list(request.reproduction),
        "verification": list(request.verification),
    }
    return metadata | {name: value for name, value in given.items() if value}


def _plan(wanted: "template.Template | None", recipe: recipes.Recipe, length: str) -> ticket.Plan:
    if wanted is None:
        return recipes.plan(recipe, length)
    from tickety.core import template

    return template.plan(wanted, recipe, length)


def _links(desk: memory.Memory, request: Request) -> tuple[ticket.Link, ...]:
    named = (
        *((ticket.Relationship.BLOCKED_BY, typed) for typed in request.blocked_by),
        *((ticket.Relationship.STARTS_WITH, typed) for typed in request.starts_with),
    )
    return tuple(dict.fromkeys(ticket.Link(_id(desk, typed), relationship) for relationship, typed in named))


def _id(desk: memory.Memory, typed: str) -> str:
    return desk.store.load(search.find(desk.store, typed, desk.clock.now())).id


def _parts(desk: memory.Memory, words: str, request: Request, wanted: "template.Template | None") -> tuple[Part, ...]:
    """The children that come with a template. Their links are ties between siblings, by key."""
    children = wanted.children if wanted else ()
    asked = ((child, _child_request(words, request, child)) for child in children)
    return tuple(Part(child.key, prepare(desk, each), _sibling_links(child)) for child, each in asked)


def _child_request(words: str, request: Request, child: "template.Child") -> Request:
    """The words of a template's child are the template's: this user has not typed them, only asked for them."""
    from tickety.core import template

    title = template.titled(child.title, words)
    return Request(
        words=child.description or title,
        reporter=request.reporter,
        origin=f"import:template {request.template}",
        type=child.type,
        priority=child.priority,
        title=title,
        tags=child.tags,
        template=child.template,
    )


def _sibling_links(child: "template.Child") -> tuple[ticket.Link, ...]:
    return (
        *(ticket.Link(key, ticket.Relationship.BLOCKED_BY) for key in child.blocked_by),
        *(ticket.Link(key, ticket.Relationship.STARTS_WITH) for key in child.starts_with),
    )


def _open(desk: memory.Memory, transaction: store.Transaction, opening: Opening) -> ticket.Ticket:
    _require_parent(transaction, opening.data.get("parent"))
    year = desk.clock.now().year
    number = transaction.take_number(opening.recipe.prefix, year)
    named = {"id": ids.format_id(opening.recipe.prefix, year, number), **opening.data}
    subject = transaction.open(desk.new_uid(), events.Draft("ticket.opened", named))
    _link(transaction, subject.id, opening.links)
    opened = {part.key: _open(desk, transaction, part.opening.below(subject.id)).id for part in opening.children}
    for part in opening.children:
        links = [replace(link, ticket_id=opened[link.ticket_id]) for link in part.links]
        _link(transaction, opened[part.key], links)
    return transaction.load(subject.uid) if opening.links else subject


def _require_parent(transaction: store.Transaction, parent: str | None) -> None:
    if parent and (uid := transaction.uid_of(parent)):
        from tickety.core import dependency

        dependency.require_parent(transaction.load(uid))


def _link(transaction: store.Transaction, holder: str, links: Sequence[ticket.Link]) -> None:
    """Tie a ticket to others, from every end that holds the link."""
    if not links:
        return
    from tickety.core import dependency

    for link in links:
        ties = dependency.ties(holder, link.relationship, link.ticket_id)
        dependency.require_no_circle(dependency.edges(ties[0]), transaction.waits)
        for tie in ties:
            subject = transaction.load(transaction.uid_of(tie.holder) or tie.holder)
            transaction.append(subject, dependency.link(subject, tie))


def _imagined(desk: memory.Memory, opening: Opening, name: str) -> ticket.Ticket:
    event = events.stamp(events.Draft("ticket.opened", {"id": name, **opening.data}), desk.author(), desk.new_uid(), 1)
    return replace(history.apply(None, event), linked_tickets=opening.links)
