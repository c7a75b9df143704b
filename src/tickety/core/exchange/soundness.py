"""Whether a ticket could have been made here: what comes in ready-made is held to what every verb holds to."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tickety.core import budget, condition, editing, errors, ids, roster, text, ticket, workflow
from tickety.core.exchange import moments, naming

_PRINCIPAL = re.compile(r"(?:user|agent|system):\S.*")
_HIGHEST = 1_000_000_000
"""The highest version, and attempt: the next one is still a number that every store can keep."""
_MODES = ("normal", "standby", "approval")


def require(subject: ticket.Ticket, types: Sequence[str]) -> None:
    """Refuses a ticket that no verb could have made: its ids, times, words, principals, ending and plan."""
    _require(naming.is_uid(subject.uid), "uid", subject.uid, "a UUID")
    _require(_is_id(subject.id), "id", subject.id, "a ticket's id")
    _require(1 <= subject.version <= _HIGHEST, "version", subject.version, "a version")
    _require(subject.type in types, "type", subject.type, f"one of {', '.join(types)}")
    _require("description" in subject.origin, "origin", subject.origin, "whose words its description is")
    _require_words(subject)
    _require_times(subject)
    _require_ending(subject)
    for name, value in _principals(subject):
        is_one = value is None or (value.isprintable() and bool(_PRINCIPAL.fullmatch(value)))
        _require(is_one, name, value, "user:NAME, agent:ROLE or system:RULE")
    _require_plan(subject.orchestration)
    _require_amounts("spent", subject.spent.values())


def _is_id(name: str) -> bool:
    try:
        return ids.format_id(*ids.parse_id(name)) == name
    except errors.Usage:
        return False


def _require_words(subject: ticket.Ticket) -> None:
    """Texts without control characters, tags that can be typed, comments that can be told apart."""
    _require(bool(subject.title.strip()), "title", subject.title, "a title")
    said = {f"comments.{comment.id}": comment.text for comment in subject.comments}
    for name, words in {"title": subject.title, "description": subject.description, **said}.items():
        _require(text.harmless(words) == words, name, words, "a text without control characters")
        _require(len(words) <= text.LIMIT, name, words, f"a text of {text.LIMIT:,} characters at the most")
    for tag in subject.tags:
        _require(_is_tag(tag), "tags", tag, "one word without commas and quotation marks")
    names = [comment.id for comment in subject.comments]
    _require(len(set(names)) == len(names), "comments", names, "comments that have different ids")


def _is_tag(tag: str) -> bool:
    try:
        return editing.tag(tag) == tag.lower()
    except errors.Usage:
        return False


def _require_times(subject: ticket.Ticket) -> None:
    for name, value in _times(subject):
        _require(moments.is_ours(value), name, value, "a time in UTC: 2026-11-22T09:00:00Z")


def _times(subject: ticket.Ticket) -> Iterator[tuple[str, str]]:
    for name in ("created_at", "updated_at", "due_at"):
        yield name, getattr(subject, name)
    if subject.closed_at is not None:
        yield "closed_at", subject.closed_at
    yield from ((f"comments.{comment.id}.at", comment.at) for comment in subject.comments)
    yield from (("agent_updates.timestamp", update.timestamp) for update in subject.agent_updates)
    yield from (("agent_updates.receipts.at", made.at) for update in subject.agent_updates for made in update.receipts)
    yield from ((f"questions.{question.id}.asked_at", question.asked_at) for question in subject.questions)
    yield from ((f"escalations.{one.id}.raised_at", one.raised_at) for one in subject.escalations)
    for step in subject.orchestration.steps:
        known = {name: getattr(step, name) for name in ("started_at", "ended_at", "not_before", "alerted_at")}
        yield from ((f"orchestration.steps.{step.name}.{name}", value) for name, value in known.items() if value)


def _require_ending(subject: ticket.Ticket) -> None:
    """Closed is what has an end, and only that is put away; blocked is what says why."""
    for name in ("resolution", "closed_at"):
        value = getattr(subject, name)
        _require(subject.is_closed == (value is not None), name, value, f"what its status, {subject.status}, says")
    by = subject.closed_by
    _require(subject.is_closed or by is None, "closed_by", by, f"what its status, {subject.status}, says")
    _require(subject.is_closed or not subject.archived, "archived", subject.archived, "what only a closed ticket is")
    is_blocked = subject.status is ticket.Status.BLOCKED
    _require(not is_blocked or bool(subject.blocker), "blocker", subject.blocker, "a sentence on what blocks it")


def _principals(subject: ticket.Ticket) -> Iterator[tuple[str, str | None]]:
    for name in ("reporter", "assignee", "closed_by"):
        yield name, getattr(subject, name)
    yield from ((f"comments.{comment.id}.by", comment.by) for comment in subject.comments)


def _require_plan(plan: ticket.Plan) -> None:
    """Names come once, and every step can be reached."""
    names = [step.name for step in plan.steps]
    _require(len(set(names)) == len(names), "orchestration.steps", names, "steps that have different names")
    reached: set[str] = set()
    for _ in names:
        reached |= {step.name for step in plan.steps if reached.issuperset(workflow.awaited(step))}
    _require(reached == set(names), "orchestration.steps", names, "steps that can all be reached")
    for step in plan.steps:
        _require_step(step)


def _require_step(step: ticket.Step) -> None:
    place = f"orchestration.steps.{step.name}"
    try:
        ids.require_step_name(step.name)
    except errors.Refused as error:
        raise errors.Usage(f"{place}: {error.message}", error.hint) from None
    is_sound = step.when is None or condition.is_sound(step.when)
    _require(is_sound, f"{place}.when", step.when, "a condition")
    _require(step.mode in _MODES, f"{place}.mode", step.mode, f"one of {', '.join(_MODES)}")
    for name in ("attempt", "attempts", "breaks", "reworks"):
        count = getattr(step, name)
        _require(0 <= count <= _HIGHEST, f"{place}.{name}", count, "a number of attempts")
    _require_amounts(f"{place}.reserved", [step.reserved] if step.reserved is not None else [])
    _require_amounts(f"{place}.spent", [step.spent] if step.spent else [])
    _require(step.timeout is None or 0 < step.timeout < _HIGHEST, f"{place}.timeout", step.timeout, "seconds")
    _require(all(step.receipts), f"{place}.receipts", step.receipts, "argument lists")
    if not step.state.is_over:
        roster.role(step.agent)


def _require_amounts(place: str, amounts: Iterable[object]) -> None:
    """So much of every resource, and of nothing else."""
    for amount in amounts:
        parts = list(amount.values()) if isinstance(amount, dict) and {*amount} == {*budget.RESOURCES} else [None]
        is_sound = all(isinstance(part, (int, float)) and part >= 0 for part in parts)
        _require(is_sound, place, amount, f"an amount of {', '.join(budget.RESOURCES)}")


def _require(holds: bool, name: str, value: object, wanted: str) -> None:  # noqa: FBT001 - what must hold comes first
    if not holds:
        raise errors.Usage(f"{name} is {str(value)[:80]!r}, not {wanted}", "mend it, or import it with --from guide")
