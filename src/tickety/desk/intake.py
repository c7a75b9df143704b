"""Opening a ticket: from a person's words to a ticket with a plan."""

from dataclasses import dataclass, replace
from typing import Any

from tickety import store
from tickety.core import document, errors, events, ids, lifecycle, recipes, sla, text, ticket, triage
from tickety.desk import ports

PM = "agent:PM"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and who asked how. ``origin`` is ``user`` only for words this user typed.

    What is not given is found from the words. ``reproduction`` shows the fault, ``verification`` judges the
    whole project: argument lists that the user typed.
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


@dataclass(frozen=True, slots=True)
class Opening:
    """A ticket ready to be opened, and the verdict that made it so."""

    verdict: triage.Verdict
    recipe: recipes.Recipe
    data: dict[str, Any]


def prepare(desk: ports.Ports, request: Request) -> Opening:
    """Understand a request; nothing is stored."""
    words = text.clean(request.words)
    verdict = _understood(words, request)
    recipe = _recipe(verdict.type)
    length = sla.BY_PRIORITY[verdict.priority]
    return Opening(verdict, recipe, {
        "type": recipe.type,
        "title": text.title(text.clean(request.title or words)),
        "description": words,
        "priority": verdict.priority.value,
        "reporter": request.reporter,
        "assignee": PM,
        "tags": list(request.tags),
        "due_at": sla.due_at(desk.clock.now(), length),
        "metadata": _metadata(verdict, request),
        "orchestration": document.from_plan(recipes.plan(recipe, length)),
        "origin": {"description": request.origin},
    })  # fmt: skip


def open_ticket(desk: ports.Ports, opening: Opening, command_id: str | None = None) -> ticket.Ticket:
    """Open the ticket. The same command twice opens it once."""
    author = desk.author(command_id)

    def work(transaction: store.Transaction) -> ticket.Ticket:
        if known := transaction.opened_by(author.command_id):
            return transaction.load(known)
        year = desk.clock.now().year
        number = transaction.take_number(opening.recipe.prefix, year)
        named = {"id": ids.format_id(opening.recipe.prefix, year, number), **opening.data}
        return transaction.open(desk.new_uid(), events.Draft("ticket.opened", named))

    return desk.store.change(author, work)


def as_it_would_be(desk: ports.Ports, opening: Opening) -> dict[str, Any]:
    """The JSON of the ticket that would be opened; its number is not given yet."""
    year = desk.clock.now().year
    named = {"id": f"{opening.recipe.prefix}-{year}-NNN", **opening.data}
    event = events.stamp(events.Draft("ticket.opened", named), desk.author(), desk.new_uid(), 1)
    return document.from_ticket(lifecycle.apply(None, event))


def _understood(words: str, request: Request) -> triage.Verdict:
    verdict = triage.understand(words, request.type)
    if request.priority is None:
        return verdict
    return replace(verdict, priority=triage.priority_named(request.priority), priority_reasons=("you said so",))


def _recipe(type_name: str) -> recipes.Recipe:
    try:
        return recipes.BY_TYPE[type_name]
    except KeyError:
        known = ", ".join(recipes.BY_TYPE)
        raise errors.Usage(f"there is no type {type_name!r}", f"the types are: {known}") from None


def _metadata(verdict: triage.Verdict, request: Request) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "affected_users": None,
        "user_votes": verdict.votes,
        "understood": {"type": list(verdict.type_reasons), "priority": list(verdict.priority_reasons)},
    }
    if request.reproduction:
        metadata["reproduction"] = list(request.reproduction)
    if request.verification:
        metadata["verification"] = list(request.verification)
    return metadata
