"""What may be edited on a ticket, how people write it, and what follows from it."""

import math
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from tickety.core import (
    catalogue,
    document,
    errors,
    events,
    facts,
    moves,
    origin,
    recipes,
    record,
    roster,
    sla,
    text,
    ticket,
    times,
)

NONE = "none"
"""What people type to take something away."""

TAG_LIMIT = 64
_NAME_LIMIT = 100
_LEAST_HOURS = 0.01
_MOST_HOURS = 100_000
_NOT_IN_TAGS = frozenset(',"')


@record.record(frozen=True, slots=True)
class Edit:
    """What is to be otherwise. ``facts`` become what is given, None takes one away; the rest has consequences.

    ``logged_hours`` are added to those known; ``is_due_by_sla`` gives up a date that was set by hand. ``origin`` tells
    whose a title and a description among the facts are.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    priority: ticket.Priority | None = None
    recipe: recipes.Recipe | None = None
    logged_hours: float = 0
    is_due_by_sla: bool = False
    origin: str = origin.UNKNOWN

    @property
    def is_empty(self) -> bool:
        """Nothing was asked for."""
        return self == Edit()


def edit(
    subject: ticket.Ticket,
    wanted: Edit,
    types: catalogue.Catalogue,
    by: str = "user:unknown",
    lengths: Mapping[ticket.Priority, str] = sla.BY_PRIORITY,
) -> list[events.Draft]:
    """Make a ticket what is wanted of it ``by`` somebody; nothing when it is so already.

    ``lengths`` tells how long tickets of each priority may take.
    """
    moves.require_changeable(subject)
    become = {
        **_of_type(subject, wanted.recipe, types),
        **_prioritised(subject, wanted.priority, lengths),
        **_logged(subject, wanted.logged_hours),
        **(_due_by_sla(subject, wanted.priority or subject.priority, lengths) if wanted.is_due_by_sla else {}),
        **_tagged(subject, wanted.facts),
        **_whose(subject, wanted, by),
    }
    changes = facts.changes(facts.of(subject), become)
    return [events.Draft("ticket.edited", {"changes": changes})] if changes else []


def title(typed: str) -> str:
    """A title as one line; Usage when somebody gives one that would have to be cut or cleaned."""
    line = " ".join(typed.split())
    if text.harmless(line) != line:
        raise errors.Usage("the title has control characters in it", "write it in plain letters")
    if len(line) > text.TITLE_LIMIT:
        raise errors.Usage(
            f"the title is {len(line):,} characters long; {text.TITLE_LIMIT} are the most",
            "say it shorter, and the rest in the description",
        )
    return text.clean(line)


def tag(typed: str) -> str:
    """A tag as it is kept: one clean word in small letters, without the ``+`` or ``#`` that some write before it."""
    word = typed.strip().removeprefix("+").removeprefix("#").lower()
    is_clean = word.isprintable() and not any(letter.isspace() or letter in _NOT_IN_TAGS for letter in word)
    if not word or not is_clean or word.startswith("-"):
        raise errors.Usage(f"{typed!r} is no tag", "a tag is one word without commas and quotation marks: needs-review")
    if len(word) > TAG_LIMIT:
        raise errors.Usage(f"the tag {word[:20]}… is {len(word)} letters long", f"a tag has {TAG_LIMIT} at the most")
    return word


def assignee(typed: str, me: str) -> str | None:
    """Whom a person means: ``user:NAME``, ``agent:ROLE``, a bare name, ``me``; ``none`` is nobody."""
    kind, _, name = typed.strip().rpartition(":")
    if typed.strip().lower() in {NONE, "me"}:
        return me if typed.strip().lower() == "me" else None
    if kind == "agent":
        return f"agent:{roster.role(name).name}"
    if kind in {"", "user"} and name.strip() and name.isprintable() and len(name) <= _NAME_LIMIT:
        return f"user:{name.strip()}"
    raise errors.Usage(f"{typed!r} is nobody", "write user:NAME, agent:ROLE, a bare name, me, or none")


def due(typed: str, now: datetime) -> str:
    """The moment a person means by a date, its last second in UTC, or by a length of time from now.

    Usage when it is neither, or in the past.
    """
    try:
        moment = times.moment(typed, now)
        written = times.as_text(moment)
    except (ValueError, OverflowError):
        raise errors.Usage(f"{typed!r} is no date", f"{times.example(typed)}; or a date: 2026-12-01") from None
    if moment <= now:
        raise errors.Usage(f"{typed} is in the past", "give a later date, or a length of time: 3 days")
    return written


def is_due(typed: str, now: datetime) -> bool:
    """A date or a length of time was typed, be it one that ``due`` refuses because it is past."""
    try:
        times.moment(typed, now)
    except (ValueError, OverflowError):
        return False
    return True


def hours(typed: str | float) -> float:
    """A number of hours to two places, whole ones without a fraction."""
    try:
        number = float(typed)
    except (TypeError, ValueError):
        number = math.nan
    if not _LEAST_HOURS <= number <= _MOST_HOURS:
        hint = f"write one from {_LEAST_HOURS} to {_MOST_HOURS:,}: 2.5"
        raise errors.Usage(f"{typed!r} is no number of hours", hint)
    return _rounded(number)


def _tagged(subject: ticket.Ticket, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The facts, with tags named as the ticket has them: one that was imported may be written in capitals."""
    known = {f"tags/{tag.lower()}": f"tags/{tag}" for tag in subject.tags}
    return {known.get(name, name): value for name, value in wanted.items()}


def _whose(subject: ticket.Ticket, wanted: Edit, by: str) -> dict[str, Any]:
    """Whose words they are now. A title of the user's own does not make somebody else's description the user's."""
    theirs = origin.after_edit(wanted.origin, by, subject.reporter)
    given = wanted.facts.keys() & {"title", "description"}
    is_new = {name for name in given if wanted.facts[name] != getattr(subject, name)}
    if "description" in is_new or (is_new and theirs != origin.USER):
        return {"origin/description": theirs}
    return {}


def _of_type(subject: ticket.Ticket, recipe: recipes.Recipe | None, types: catalogue.Catalogue) -> dict[str, Any]:
    """Another type, and with it its plan, unless somebody began with the old one or it was made by hand."""
    if recipe is None or recipe.type == subject.type:
        return {}
    become: dict[str, Any] = {"type": recipe.type, "metadata/like": recipe.like}
    former = types.by_type.get(subject.type)
    if _has_begun(subject.orchestration) or not _is_usual(subject.orchestration, former):
        return become
    plan = document.from_plan(_dated(recipes.plan(recipe, subject.orchestration.sla), subject))
    return become | {f"orchestration/{name}": plan[name] for name in ("agents_required", "workflow", "steps", "phases")}


def _dated(plan: ticket.Plan, subject: ticket.Ticket) -> ticket.Plan:
    """The plan with phases that count from when the ticket was opened."""
    if not plan.phases:
        return plan
    from tickety.core import phases

    return phases.dated(plan, times.as_moment(subject.created_at))


def _has_begun(plan: ticket.Plan) -> bool:
    return any(step.attempt or step.state not in _UNTOUCHED for step in plan.steps)


def _is_usual(plan: ticket.Plan, recipe: recipes.Recipe | None) -> bool:
    """The plan is the one that every ticket of its type begins with, or none at all."""
    if not plan.steps:
        return True
    return recipe is not None and _outline(plan) == _outline(recipes.plan(recipe, plan.sla))


def _outline(plan: ticket.Plan) -> list[tuple[object, ...]]:
    return [(step.name, step.agent, step.task, step.needs, step.writes, step.mode) for step in plan.steps]


def _prioritised(
    subject: ticket.Ticket, priority: ticket.Priority | None, lengths: Mapping[ticket.Priority, str]
) -> dict[str, Any]:
    """Another priority moves the SLA and the date, each unless it was set by hand."""
    if priority is None or priority is subject.priority:
        return {}
    length, former = lengths[priority], lengths[subject.priority]
    become: dict[str, Any] = {"priority": priority.value}
    if subject.orchestration.sla != former:
        return become
    if subject.due_at == _due(subject, former):
        become["due_at"] = _due(subject, length)
    return become | {"orchestration/sla": length}


def _due_by_sla(
    subject: ticket.Ticket, priority: ticket.Priority, lengths: Mapping[ticket.Priority, str]
) -> dict[str, Any]:
    length = subject.orchestration.sla
    if length == lengths[subject.priority]:
        length = lengths[priority]
    try:
        return {"due_at": _due(subject, length)}
    except ValueError:  # an imported SLA may be any words
        return {"due_at": _due(subject, lengths[priority])}


def _due(subject: ticket.Ticket, length: str) -> str:
    return sla.due_at(times.as_moment(subject.created_at), length)


def _logged(subject: ticket.Ticket, more: float) -> dict[str, Any]:
    found = subject.metadata.get("actual_hours")
    known = found if isinstance(found, (int, float)) else 0
    return {"metadata/actual_hours": _rounded(known + more)} if more else {}


def _rounded(number: float) -> float:
    return int(number) if number == int(number) else round(number, 2)


_UNTOUCHED = frozenset({ticket.State.PENDING, ticket.State.READY})
