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
    "step.retried": "a step was tried again", "ticket.started": "work began", "question.asked": "a person was asked",
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
    cancelled = taken_back(log)
    later = [index for index in range(own[0], len(log)) if index not in own and log[index].command_id not in cancelled]
    states = _states(log)
    _require_revocable(states[-1], [log[index] for index in own])
    if own[0] == 0:
        return _never_opened(log, states, later, command_id)
    changes = facts.summed(_change(states, index) for index in own)
    _require_untouched(log, states, later, changes)
    return _reverted(command_id, facts.turned_round(changes))


def taken_back(log: Sequence[events.Event]) -> frozenset[str]:
    """The commands in a log that cancel each other out: those that were taken back, and those that did it."""
    cancelled: set[str] = set()
    for event in reversed(log):
        command = Command(event.command_id, event.causation)
        if command.kind in {UNDO, REDO} and command.id not in cancelled:
            cancelled |= {command.id, command.of}
    return frozenset(cancelled)


def _reverted(command_id: str, changes: facts.Changes) -> list[events.Draft]:
    """Told also where nothing comes back, or the command would be the last one for ever."""
    return [events.Draft("ticket.reverted", {"command": command_id, "changes": changes})]


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
    untied = _reverted(command_id, facts.changes(facts.of(subject), ties))
    closed = [] if subject.is_closed else [events.Draft("ticket.closed", {"resolution": "cancelled"})]
    return [*untied, *closed, *([] if subject.archived else [events.Draft("ticket.archived")])]


def _require_revocable(subject: ticket.Ticket, own: Sequence[events.Event]) -> None:
    for event in own:
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


def _touched(subject: ticket.Ticket, event: events.Event, what: str) -> errors.Refused:
    return errors.Refused(
        f"{subject.id} cannot be put back: {event.by} changed {what} since ({event.type}, event {event.n})",
        f"see what changed (tickety log {subject.id}), and mend it by hand",
    )
