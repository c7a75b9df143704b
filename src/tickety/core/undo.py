"""Taking a command back: the facts it changed are put back as they were, by events of their own.

Refused when a later event touched one of these facts, or when the command did what no event can take back: an
attempt ran. Doing it again is taking back what took it back.
"""

from collections.abc import Iterable, Sequence

from tickety.core import errors, events, facts, history, record, ticket

UNDO = "undo"
REDO = "redo"

_FINAL = {
    "step.started": "an attempt ran", "step.reported": "an agent reported", "step.passed": "a step passed",
    "step.failed": "a step failed", "step.waiting": "a step came to wait", "step.released": "an attempt ended",
    "step.retried": "a step was tried again", "step.deferred": "a step was put off",
    "step.reworked": "a step was sent back", "step.cancelled": "a step was cancelled",
    "step.alerted": "an agent was told", "progress.reached": "progress was told", "phase.done": "a phase ended",
    "plan.proposed": "an agent proposed steps", "question.asked": "a person was asked",
    "question.answered": "a person answered", "escalation.raised": "it was escalated",
    "escalation.acknowledged": "an escalation was acknowledged", "escalation.resolved": "an escalation ended",
    "ticket.started": "work began",
}  # fmt: skip


@record.record(frozen=True, slots=True)
class Command:
    """One command of one principal, as its events tell: ``causation`` is None, ``undo:ID`` or ``redo:ID``."""

    id: str
    causation: str | None

    @property
    def kind(self) -> str | None:
        """``undo``, ``redo``, or None for a command of the first kind."""
        return self.causation.partition(":")[0] if self.causation else None

    @property
    def of(self) -> str:
        """The command that was taken back, or done again."""
        return (self.causation or "").partition(":")[2]


def last_done(commands: Iterable[Command]) -> Command | None:
    """What ``undo`` means: the newest command that is not taken back. ``commands`` are newest first."""
    cancelled: set[str] = set()
    for command in commands:
        if command.kind == UNDO and command.id not in cancelled:
            cancelled |= {command.id, command.of}
        elif command.id not in cancelled:
            return command
    return None


def last_undone(commands: Iterable[Command]) -> Command | None:
    """What ``redo`` means: the newest ``undo``, unless something else was done since."""
    cancelled: set[str] = set()
    for command in commands:
        if command.kind == REDO:
            cancelled |= {command.id, command.of}
        elif command.kind != UNDO:
            return None
        elif command.id not in cancelled:
            return command
    return None


def take_back(log: Sequence[events.Event], command_id: str) -> list[events.Draft]:
    """The events that take a command back in one ticket that it changed, given the ticket's whole log."""
    own = [index for index, event in enumerate(log) if event.command_id == command_id]
    cancelled = taken_back(log[own[0] :])
    later = [index for index in range(own[0], len(log)) if index not in own and log[index].command_id not in cancelled]
    states = _states(log)
    _require_revocable(states[-1], log, [log[index] for index in own])
    if own[0] == 0:
        return _never_opened(log, states, later, command_id)
    changes = facts.summed(_change(states, index) for index in own)
    _require_untouched(log, states, later, changes)
    back = facts.turned_round(changes)
    _require_put_away_closed(log, states, later, back)
    return _reverted(command_id, back, states[-1], states[own[0] - 1])


def taken_back(log: Sequence[events.Event]) -> frozenset[str]:
    """The commands in a part of a log that cancel each other out: those that were taken back, and those that did it.

    What takes back, or does again, a command from before this part does change something in it.
    """
    inside = {event.command_id for event in log}
    cancelled: set[str] = set()
    for event in reversed(log):
        command = Command(event.command_id, event.causation)
        if command.kind in {UNDO, REDO} and command.id not in cancelled and command.of in inside:
            cancelled |= {command.id, command.of}
    return frozenset(cancelled)


def require_no_orphans(before: ticket.Ticket, after: ticket.Ticket, children: Sequence[str]) -> None:
    """Refuses to unmake a ticket under which somebody else's ``children``, by id, are still open."""
    if children and after.archived and not before.is_closed:
        raise errors.Refused(
            f"{after.id} cannot be taken back: {', '.join(children)} hangs under it and is not closed",
            f"tickety epic remove {' '.join(children)}, then try again",
        )


def is_at_stake(before: ticket.Ticket, after: ticket.Ticket) -> bool:
    """What a ticket waits for, or what waits for it, may be right no more."""
    return _stand(before) != _stand(after)


def contradicted(over: ticket.Ticket, unfinished: ticket.Ticket, other: ticket.Ticket) -> errors.Refused:
    """Why one ticket cannot be closed while the other is open; ``other`` is the one that somebody else changed."""
    if other is over:
        return errors.Refused(
            f"{unfinished.id} cannot be open again: {over.closed_by} closed {over.id}, which waited for it,"
            f" as {over.resolution} since",
            f"tickety reopen {over.id}, then try again",
        )
    return errors.Refused(
        f"{over.id} cannot be closed as {over.resolution} again: it waits for {unfinished.id}, which was changed since",
        f"tickety close {unfinished.id}, then try again",
    )


def _reverted(
    command_id: str, changes: facts.Changes, subject: ticket.Ticket, former: ticket.Ticket
) -> list[events.Draft]:
    """Told also where nothing comes back, or the command would be the last one for ever."""
    order = facts.order_after(subject, changes, former)
    told = {"command": command_id, "changes": changes, **({"order": order} if order else {})}
    return [events.Draft("ticket.reverted", told)]


def _states(log: Sequence[events.Event]) -> list[ticket.Ticket]:
    """The ticket after each of its events."""
    states: list[ticket.Ticket] = []
    for event in log:
        states.append(history.apply(states[-1] if states else None, event))
    return states


def _change(states: Sequence[ticket.Ticket], index: int) -> facts.Changes:
    return facts.difference(states[index - 1], states[index])


def _never_opened(
    log: Sequence[events.Event], states: Sequence[ticket.Ticket], later: Sequence[int], command_id: str
) -> list[events.Draft]:
    """A ticket cannot be unmade, its id stays used: it is tied to nothing any more, closed, cancelled, put away."""
    subject = states[-1]
    if later:
        raise _touched(subject, log[later[0]], "it")
    ties = {name: None for name in facts.of(subject) if name.startswith("linked_tickets/")}
    untied = _reverted(command_id, facts.changes(facts.of(subject), {**ties, "parent": None}), subject, subject)
    closed = [] if subject.is_closed else [events.Draft("ticket.closed", {"resolution": "cancelled"})]
    return [*untied, *closed, *([] if subject.archived else [events.Draft("ticket.archived")])]


def _require_revocable(subject: ticket.Ticket, log: Sequence[events.Event], own: Sequence[events.Event]) -> None:
    for event in own:
        if event.type == "ticket.imported" and event is not log[0]:
            raise errors.Refused(
                f"the last command cannot be taken back: an import updated {subject.id} (event {event.n}), and may have"
                " changed more of it than can be told apart",
                f"see what it changed (tickety log {subject.id}), and mend it by hand",
            )
        if event.type in _FINAL:
            raise errors.Refused(
                f"the last command cannot be taken back: {_FINAL[event.type]} "
                f"({event.type} by {event.by}, event {event.n} of {subject.id})",
                f"see what happened (tickety log {subject.id}), and mend it by hand",
            )


def _require_untouched(
    log: Sequence[events.Event], states: Sequence[ticket.Ticket], later: Sequence[int], changes: facts.Changes
) -> None:
    for index in later:
        touched = _change(states, index).keys() & changes.keys()
        if touched:
            raise _touched(states[index], log[index], "its " + min(touched).replace("/", " "))


def _require_put_away_closed(
    log: Sequence[events.Event], states: Sequence[ticket.Ticket], later: Sequence[int], back: facts.Changes
) -> None:
    """Archived is a flag on a closed ticket: neither may be taken back from under the other."""
    restored = facts.put(states[-1], back)
    if not restored.archived or restored.is_closed:
        return
    index = next(index for index in reversed(later) if _change(states, index).keys() & {"status", "archived"})
    raise _touched(states[index], log[index], "whether it is archived" if states[index].archived else "its status")


def _stand(subject: ticket.Ticket) -> tuple[object, ...]:
    return subject.is_closed, subject.parent, frozenset(subject.linked_tickets)


def _touched(subject: ticket.Ticket, event: events.Event, what: str) -> errors.Refused:
    return errors.Refused(
        f"{subject.id} cannot be put back: {event.by} changed {what} since ({event.type}, event {event.n})",
        f"see what changed (tickety log {subject.id}), and mend it by hand",
    )
