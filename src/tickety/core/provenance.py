"""What of a ticket happened here, and what another store or tool only tells of it: that is read, and never acted on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tickety.core import document, events, ticket

ELSEWHERE = "import:another store"


def ours(subject: ticket.Ticket, log: Sequence[events.Event], adopted_until: int) -> ticket.Ticket:
    """The ticket without what it is trusted for, as far as no event that happened here says the very same.

    What may be run, what is proof, what a person agreed to, and where the work lies in git: all of this counts only
    when it was said or made here, before an import or after it. The words stay, as somebody else's.
    ``adopted_until`` is the number of the last event that came with another store's log.
    """
    here = _here(log, adopted_until)
    if len(here) == len(log):
        return subject
    since = [event for event in here if event.n > _last_import(log)]
    plan = replace(subject.orchestration, steps=tuple(_step(step, here) for step in subject.orchestration.steps))
    begun = subject if _has_begun(subject, here) else replace(subject, branch=None, base=None, target=None)
    begun = replace(begun, head=_head(here) if begun.branch else None)
    return replace(
        begun,
        origin={**dict.fromkeys(subject.origin, ELSEWHERE), "description": ELSEWHERE},
        metadata=_metadata(subject, here),
        orchestration=plan,
        agent_updates=_updates(subject, here),
        questions=subject.questions[len(subject.questions) - _count(since, "question.asked") :],
    )


def passed_elsewhere(subject: ticket.Ticket, log: Sequence[events.Event], adopted_until: int) -> frozenset[str]:
    """The steps that passed, but not here."""
    here = _here(log, adopted_until)
    passed = {step.name for step in subject.orchestration.steps if step.state is ticket.State.PASSED}
    ours_too = {event.data["step"] for event in here if event.type == "step.passed"}
    return frozenset(passed - ours_too) if len(here) < len(log) else frozenset()


def _here(log: Sequence[events.Event], adopted_until: int) -> list[events.Event]:
    """What happened here: neither adopted, nor an import's account of the whole ticket."""
    return [events.upcast(event) for event in log if event.n > adopted_until and event.type != "ticket.imported"]


def _last_import(log: Sequence[events.Event]) -> int:
    return max((event.n for event in log if event.type == "ticket.imported"), default=0)


def _head(here: Sequence[events.Event]) -> str | None:
    """The last commit that something here left the branch at."""
    kinds = {"ticket.started": "base", "step.passed": "commit"}
    left = [event.data[kinds[event.type]] for event in here if event.type in kinds]
    return next((commit for commit in reversed(left) if commit), None)


def _metadata(subject: ticket.Ticket, here: Sequence[events.Event]) -> dict[str, Any]:
    """An undo puts back what was there, whoever had put it there: it makes nothing ours."""
    edits = [event.data["changes"] for event in here if event.type == "ticket.edited"]
    began = [event.data["metadata"] for event in here if event.type == "ticket.opened"]

    def is_ours(name: str, value: object) -> bool:
        edited = any(changes.get(f"metadata/{name}", {}).get("to") == value for changes in edits)
        return edited or any(metadata.get(name) == value for metadata in began)

    return {
        name: value for name, value in subject.metadata.items() if name not in ticket.COMMANDS or is_ours(name, value)
    }


def _step(step: ticket.Step, here: Sequence[events.Event]) -> ticket.Step:
    hand = _last(here, "step.retried", step.name)
    if hand is None or (hand["by_hand"], tuple(hand["approved"])) != (step.by_hand, step.approved):
        step = replace(step, by_hand=None, approved=())
    if not _is_planned_here(step, here):
        step = replace(step, receipts=())
    passed = _last(here, "step.passed", step.name)
    return step if passed and passed["commit"] == step.commit else replace(step, commit=None)


def _is_planned_here(step: ticket.Step, here: Sequence[events.Event]) -> bool:
    """The commands of a step are a person's of this place: in a plan that was opened, or changed, here."""
    plans = (event.data["orchestration"] for event in here if event.type in {"ticket.opened", "plan.changed"})
    named = ([list(argv) for argv in step.receipts], step.name)
    return any((other.get("receipts", []), other["name"]) == named for plan in plans for other in plan["steps"])


def _last(here: Sequence[events.Event], kind: str, step: str) -> dict[str, Any] | None:
    found = (event.data for event in reversed(here) if event.type == kind and event.data["step"] == step)
    return next(found, None)


def _updates(subject: ticket.Ticket, here: Sequence[events.Event]) -> tuple[ticket.Update, ...]:
    """A receipt proves what Tickety ran here: it stays with an update that is, to the letter, one of ours."""
    made = [document.to_update(event.data["update"]) for event in here if event.type == "step.reported"]
    return tuple(update if update in made else replace(update, receipts=()) for update in subject.agent_updates)


def _count(here: Sequence[events.Event], kind: str) -> int:
    return sum(event.type == kind for event in here)


def _has_begun(subject: ticket.Ticket, here: Sequence[events.Event]) -> bool:
    started = [event.data for event in here if event.type == "ticket.started"]
    return bool(started) and (started[-1]["branch"], started[-1]["base"]) == (subject.branch, subject.base)
