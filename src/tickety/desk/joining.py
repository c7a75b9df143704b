"""Work that was done side by side on one ticket: each waits for its turn, and is joined with what came before."""

import asyncio

from tickety import workspace
from tickety.core import record, text, ticket
from tickety.desk import branches, dispatch, ports, provenance

_GLANCE = 0.2  # seconds between two looks whether those before have ended: other processes may hold them
_SHOWN = 5  # files


@record.record(frozen=True, slots=True)
class Joined:
    """What is to become the branch's head, and the head that it follows."""

    commit: str
    onto: str


def unjoined(attempt: dispatch.Attempt, commit: str) -> Joined:
    """A commit as the attempt made it."""
    return Joined(commit, attempt.head)


async def in_turn(desk: ports.Ports, attempt: dispatch.Attempt, commit: str) -> Joined | workspace.Conflict:
    """An attempt's commit joined onto what was accepted meanwhile, once the writing steps before it have ended."""
    while _is_preceded(desk, attempt):  # noqa: ASYNC110  # other processes have no event of ours to set
        await asyncio.sleep(_GLANCE)
    return join(desk, attempt, commit, head(desk, attempt))


def join(desk: ports.Ports, attempt: dispatch.Attempt, commit: str, onto: str) -> Joined | workspace.Conflict:
    """The commit joined onto a head. It is kept: a move of the branch that nobody recorded is known as ours by that."""
    if attempt.head in {onto, attempt.step.by_hand}:
        return unjoined(attempt, commit)
    message = f"Join {attempt.step.name} of {attempt.ticket.id} with what was done beside it\n"
    made = desk.workspaces.join(commit, onto, message)
    if isinstance(made, workspace.Conflict):
        return made
    desk.workspaces.keep(branches.attempt_ref(attempt.ticket, attempt.step.name, attempt.number), made)
    return Joined(made, onto)


def head(desk: ports.Ports, attempt: dispatch.Attempt) -> str:
    """Where the ticket's branch is recorded to stand now."""
    return branches.recorded_head(provenance.load(desk.store, attempt.ticket.uid))


def sentence(conflict: workspace.Conflict) -> str:
    """What people are told of two changes that contradict each other."""
    shown = [text.one_line(path) for path in conflict.paths[:_SHOWN]]
    more = len(conflict.paths) - len(shown)
    files = ", ".join(shown) + (f" and {text.plural(more, 'more file')}" if more else "")
    return f"what it changed contradicts what was done beside it, in {files}"


def _is_preceded(desk: ports.Ports, attempt: dispatch.Attempt) -> bool:
    """A writing step that comes earlier in the plan runs still, in the hands of somebody who lives."""
    running = {work.step for work in desk.store.running(attempt.ticket.uid) if not desk.engine.is_free(work)}
    plan = desk.store.load(attempt.ticket.uid).orchestration
    return any(step.name in running and step.writes for step in _before(plan, attempt.step.name))


def _before(plan: ticket.Plan, name: str) -> tuple[ticket.Step, ...]:
    names = [step.name for step in plan.steps]
    return plan.steps[: names.index(name)] if name in names else ()
