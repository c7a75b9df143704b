"""From a request to a ticket ready to be opened: what it is, who works on it, and until when.

What is asked for in so many words holds, then what the template says, then what the words themselves say.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tickety.core import document, errors, planning, recipes, record, sla, text, ticket, triage
from tickety.core import origin as origins

if TYPE_CHECKING:
    from tickety.core import catalogue, emergency, template

PM = "agent:PM"

_NAMED_TYPE = re.compile(r"(?<!\S)type:([a-z][a-z0-9_]*)\b", re.IGNORECASE)
_PLAN = "feature_plan"
"""The template of what is asked to be planned."""

_LISTS = frozenset({"tags", "reproduction", "verification", "blocked_by", "starts_with"})
_OURS = ("like", "template", "understood", "imported")  # what Tickety itself keeps in the metadata
_OWN = frozenset({"words", "reporter", "origin", "metadata", "workflow_origin"})


@record.record(frozen=True, slots=True)
class Request:
    """What is asked for, and who asked how. ``origin`` is ``user`` only for words this user typed.

    What is not given is found from the words, or is the template's. ``reproduction`` shows the fault,
    ``verification`` judges the whole project: argument lists that the user typed. ``parent``, ``blocked_by`` and
    ``starts_with`` name tickets as people do; ``due`` is a date or a length of time, ``estimate`` hours. ``metadata``
    is kept with the ticket. ``workflow`` is in any spelling; ``workflow_origin`` tells whose it is.
    """

    words: str
    reporter: str
    origin: str
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
    estimate: str | float | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    workflow: Any = None
    workflow_origin: str = origins.UNKNOWN


@record.record(frozen=True, slots=True)
class Known:
    """What has to be known where a request is made: the project's types, the time, who ``me`` is, and every id.

    ``lengths`` tells how long tickets of each priority may take.
    """

    types: "catalogue.Catalogue"
    now: datetime
    me: str
    id_of: Callable[[str], str]
    lengths: Callable[[], Mapping[ticket.Priority, str]] = lambda: sla.BY_PRIORITY


@record.record(frozen=True, slots=True)
class Opening:
    """A ticket ready to be opened, the verdict that made it so, its links, and the children that come with it.

    ``response`` is what follows when it is an emergency.
    """

    verdict: triage.Verdict
    recipe: recipes.Recipe
    data: dict[str, Any]
    links: tuple[ticket.Link, ...] = ()
    children: "tuple[Part, ...]" = ()
    response: "emergency.Response | None" = None

    def below(self, parent: str) -> "Opening":
        """The same as a part of another ticket."""
        return replace(self, data={**self.data, "parent": parent})


@record.record(frozen=True, slots=True)
class Part:
    """A child that is opened with its epic. Its links name siblings, by their keys."""

    key: str
    opening: Opening
    links: tuple[ticket.Link, ...] = ()


def prepare(request: Request, known: Known) -> Opening:
    """Understand a request; Usage, saying what, when something in it can mean nothing."""
    words = text.clean(request.words)
    request = _with_template(words, request)
    wanted = known.types.template(request.template) if request.template else None
    verdict = understood(words, request, wanted, known.types)
    recipe = known.types.recipe(verdict.type)
    length = (wanted and wanted.sla) or recipe.sla or known.lengths()[verdict.priority]
    plan = planning.plan(_wish(request), wanted, recipe, length, known.now)
    response = _response(words, verdict, recipe, plan, is_usual=request.workflow is None and wanted is None)
    data = {
        "type": recipe.type,
        "title": _title(words, request, wanted),
        "description": words,
        "priority": verdict.priority.value,
        "reporter": request.reporter,
        "assignee": _assignee(request, known.me),
        "tags": _tags(request, wanted),
        "due_at": _due_at(request, known.now, length, plan),
        "metadata": _metadata(verdict, request, recipe, response),
        "orchestration": document.from_plan(response.plan if response else plan),
        "origin": {"description": request.origin, **_whose(request)},
        **({"parent": known.id_of(request.parent)} if request.parent else {}),
    }
    return Opening(verdict, recipe, data, _links(request, known), _parts(words, request, wanted, known), response)


def understood(
    words: str, request: Request, wanted: "template.Template | None", types: "catalogue.Catalogue"
) -> triage.Verdict:
    """Type and priority: what was asked for, then what the template says, then what the words say."""
    named, reason = _named_type(words, request, wanted, types)
    starts = {name: start for name, recipe in types.by_type.items() if (start := _start(recipe))}
    verdict = triage.understand(words, named, starts, wanted.priority if wanted else None)
    if named:
        verdict = replace(verdict, type=named, type_reasons=(reason,))
    if request.priority is None:
        return verdict
    priority = triage.priority_named(request.priority)
    return replace(verdict, priority=priority, priority_reasons=(_said(request),))


def fault(title: str, error_message: str | None, description: str) -> dict[str, Any]:
    """What the guide gives a bug: critical when it is about production, else high."""
    priority = ticket.Priority.CRITICAL if "production" in str(description).lower() else ticket.Priority.HIGH
    known = {"type": "bug", "title": title, "priority": priority, "metadata": {"error_message": error_message}}
    return {**known, "workflow": "diagnose -> fix -> test"}


def wish(title: str, user_votes: int) -> dict[str, Any]:
    """What the guide gives a feature: high with more than ten votes, else medium."""
    votes = _count(user_votes)
    priority = ticket.Priority.HIGH if votes > triage.MANY_VOTES else ticket.Priority.MEDIUM
    return {"type": "feature", "title": title, "priority": priority, "metadata": {"user_votes": votes}}


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a program gives beside the words, as fields of a request; Usage, naming the one that cannot be."""
    known = [each.name for each in fields(Request) if each.name not in _OWN]
    return {name: _checked(name, value, known) for name, value in given.items()}


def noted(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be kept with the ticket, as JSON; Usage when it is none, or a number in it that is counted with."""
    import json

    from tickety.core import editing

    try:
        kept: dict[str, Any] = json.loads(json.dumps(dict(given), allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise errors.Usage(
            f"the metadata is no JSON: {error}", "give texts, numbers, lists and dicts of them"
        ) from None
    if kept.get("estimated_hours") is not None:
        kept["estimated_hours"] = editing.hours(kept["estimated_hours"])
    if kept.get("user_votes") is not None:
        kept["user_votes"] = _count(kept["user_votes"])
    return kept


def _with_template(words: str, request: Request) -> Request:
    """The request for a plan in phases where its words ask for one, and nothing else was asked for."""
    if triage.planned(words) is None or request.template or request.workflow is not None or _is_of_a_template(request):
        return request
    is_fit = request.type == "feature" if request.type else triage.understand(words).type in _PLANNED
    return replace(request, template=_PLAN) if is_fit else request


def _response(
    words: str, verdict: triage.Verdict, recipe: recipes.Recipe, plan: ticket.Plan, *, is_usual: bool
) -> "emergency.Response | None":
    """What follows when it is an emergency; else None."""
    if verdict.priority is not ticket.Priority.CRITICAL:
        return None
    from tickety.core import emergency

    why = emergency.reasons(words, verdict.priority, is_fault=recipe.needs_red)
    return emergency.respond(why, plan, is_usual=is_usual) if why else None


def _checked(name: str, value: object, known: Sequence[str]) -> object:
    if name not in known:
        from tickety.core import nearest

        asked = nearest.asked(name, known)
        raise errors.Usage(f"a request has no {name[:60]!r}", f"{asked}it has: {', '.join(known)}")
    if name in _LISTS:
        if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise errors.Usage(f"{name}: {value!r} is no list of words", f'write {name}=("one", "another")')
    if value is None or isinstance(value, str) or name in {"estimate", "workflow"}:
        return value
    raise errors.Usage(f"{name}: {value!r} is no text", f'write {name}="…"')


def _named_type(
    words: str, request: Request, wanted: "template.Template | None", types: "catalogue.Catalogue"
) -> tuple[str | None, str]:
    if request.type:
        return types.recipe(request.type).type, _said(request)
    if wanted and wanted.type:
        quote = triage.planned(words) if wanted.name == _PLAN else None
        said_so = f"it is to be planned: {quote!r}" if quote else f"the template {wanted.name} says so"
        return wanted.type, said_so
    said = _NAMED_TYPE.search(words)
    if said and said[1].lower() in types.by_type:
        return said[1].lower(), f"the words say {said[0]}"
    return None, ""


def _said(request: Request) -> str:
    return "the template says so" if _is_of_a_template(request) else "you said so"


def _is_of_a_template(request: Request) -> bool:
    """It is a child that came with a template: all that is to be said of it stands there."""
    return request.origin.startswith("import:template")


def _start(recipe: recipes.Recipe) -> ticket.Priority | None:
    """Where a project lets its tickets of a type begin; what is like a bug begins where bugs do."""
    return recipe.priority or (ticket.Priority.HIGH if recipe.like == "bug" else None)


def _title(words: str, request: Request, wanted: "template.Template | None") -> str:
    """The title that was given, as it is; else the template's, else one that is found in the words."""
    if request.title is not None:
        from tickety.core import editing

        return editing.title(request.title)
    if wanted and wanted.title:
        from tickety.core import template

        return template.titled(wanted.title, words)
    return text.title(words)


def _assignee(request: Request, me: str) -> str | None:
    if request.assignee is None:
        return PM
    from tickety.core import editing

    return editing.assignee(request.assignee, me)


def _tags(request: Request, wanted: "template.Template | None") -> list[str]:
    named = (*(wanted.tags if wanted else ()), *request.tags)
    if not named:
        return []
    from tickety.core import editing

    return list(dict.fromkeys(editing.tag(tag) for tag in named))


def _due_at(request: Request, now: datetime, length: str, plan: ticket.Plan) -> str:
    """The date that was given; else when its time is over, or the last of its phases."""
    if request.due is None:
        return max([sla.due_at(now, length), *(str(phase["due"]) for phase in plan.phases if phase.get("due"))])
    from tickety.core import editing

    return editing.due(request.due, now)


def _metadata(
    verdict: triage.Verdict, request: Request, recipe: recipes.Recipe, response: "emergency.Response | None"
) -> dict[str, Any]:
    understood = {"type": list(verdict.type_reasons), "priority": list(verdict.priority_reasons)}
    if response:
        understood["emergency"] = list(response.reasons)
    metadata: dict[str, Any] = {
        "affected_users": None,
        "user_votes": verdict.votes,
        "understood": understood,
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
    found = metadata | {name: value for name, value in given.items() if value}
    if taken := [name for name in request.metadata if name in {*ticket.COMMANDS, *_OURS}]:
        raise errors.Usage(
            f"metadata cannot set {', '.join(taken)}", "commands are given by a person: reproduction=, verification="
        )
    return found | request.metadata


def _count(votes: object) -> int:
    if isinstance(votes, int) and not isinstance(votes, bool) and votes >= 0:
        return votes
    raise errors.Usage(f"{votes!r} is no number of votes", "write a whole one, 0 or above")


def _wish(request: Request) -> planning.Wish | None:
    return None if request.workflow is None else planning.Wish(request.workflow, request.workflow_origin)


def _whose(request: Request) -> dict[str, str]:
    return {} if request.workflow is None else {"workflow": request.workflow_origin}


def _links(request: Request, known: Known) -> tuple[ticket.Link, ...]:
    named = (
        *((ticket.Relationship.BLOCKED_BY, typed) for typed in request.blocked_by),
        *((ticket.Relationship.STARTS_WITH, typed) for typed in request.starts_with),
    )
    return tuple(dict.fromkeys(ticket.Link(known.id_of(typed), relationship) for relationship, typed in named))


def _parts(words: str, request: Request, wanted: "template.Template | None", known: Known) -> tuple[Part, ...]:
    """The children that come with a template. Their links are ties between siblings, by key."""
    children = wanted.children if wanted else ()
    asked = ((child, _child_request(words, request, child)) for child in children)
    return tuple(Part(child.key, prepare(each, known), _sibling_links(child)) for child, each in asked)


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


_PLANNED = frozenset({"feature", "task"})
"""What words have to be about for a plan in phases to be made of them."""
