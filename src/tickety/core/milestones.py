"""What is worth telling while a ticket gets on: a quarter, a half, three quarters, the end of a phase. Each once."""

from collections.abc import Iterator

from tickety.core import events, ticket

PERCENT = (25, 50, 75)


def reached(subject: ticket.Ticket, plan: ticket.Plan) -> list[events.Draft]:
    """What a ticket has to tell once its plan stands like this: the highest new milestone, and phases that ended."""
    return [*_share(subject, plan), *_phases(subject, plan)]


def progress(plan: ticket.Plan) -> tuple[int, int]:
    """How many steps are over, and how many there are."""
    return sum(step.state.is_over for step in plan.steps), len(plan.steps)


def phase_progress(plan: ticket.Plan, phase: str) -> tuple[int, int]:
    """The same of one phase."""
    steps = [step for step in plan.steps if step.phase == phase]
    return sum(step.state.is_over for step in steps), len(steps)


def _share(subject: ticket.Ticket, plan: ticket.Plan) -> Iterator[events.Draft]:
    done, total = progress(plan)
    passed = [mark for mark in PERCENT if subject.milestone < mark and done * 100 >= mark * total and done < total]
    if passed:
        yield events.Draft("progress.reached", {"percent": passed[-1], "done": done, "total": total})


def _phases(subject: ticket.Ticket, plan: ticket.Plan) -> Iterator[events.Draft]:
    for phase in subject.orchestration.phases:
        name = str(phase.get("name", ""))
        done, total = phase_progress(plan, name)
        if total and done == total and not phase.get("done_at"):
            yield events.Draft("phase.done", {"phase": name})
