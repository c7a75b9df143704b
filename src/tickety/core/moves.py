"""What people may do to a ticket: which moves are legal where it stands, and what they lead to.

Every rule looks at a ticket and answers with the events that follow: none when there is nothing to do, Refused
when the move is not legal, with what would make it so.
"""

from collections.abc import Sequence

from tickety.core import errors, events, nearest, recipes, ticket

_OPEN, _WORKED, _BLOCKED, _CLOSED = ticket.Status

#: move -> the statuses it is legal in, and those in which there is nothing left to do
LEGAL: dict[str, tuple[frozenset[ticket.Status], frozenset[ticket.Status]]] = {
    "block":     (frozenset({_OPEN, _WORKED, _BLOCKED}), frozenset()),
    "unblock":   (frozenset({_BLOCKED}), frozenset({_OPEN, _WORKED})),
    "close":     (frozenset({_OPEN, _WORKED, _BLOCKED, _CLOSED}), frozenset()),
    "reopen":    (frozenset({_CLOSED}), frozenset({_OPEN, _WORKED, _BLOCKED})),
    "archive":   (frozenset({_CLOSED}), frozenset()),
    "unarchive": (frozenset(ticket.Status), frozenset()),
}  # fmt: skip

#: what makes a move legal that is not
REMEDY = {
    "block": "tickety reopen {id}",
    "unblock": "tickety reopen {id}",
    "archive": "tickety close {id}",
}

NEEDS_ALL_OVER = (ticket.Resolution.FIXED, ticket.Resolution.DONE)
"""The resolutions that open blockers and open children forbid."""


def block(subject: ticket.Ticket, blocker: str) -> list[events.Draft]:
    """Say that nothing goes on, and why. Saying the same again does nothing."""
    if not _is_legal(subject, "block") or subject.blocker == blocker:
        return []
    return [events.Draft("ticket.blocked", {"blocker": blocker})]


def unblock(subject: ticket.Ticket) -> list[events.Draft]:
    """What stood in the way is gone."""
    return [events.Draft("ticket.unblocked")] if _is_legal(subject, "unblock") else []


def close(
    subject: ticket.Ticket, resolution: ticket.Resolution | None, unfinished: Sequence[str] = ()
) -> list[events.Draft]:
    """End the ticket; without a ``resolution`` as its type usually ends. ``unfinished`` are the ids it waits for.

    Closing again with the same resolution, or with none, does nothing; with another it is refused.
    """
    if subject.is_closed:
        return _closed_already(subject, resolution)
    chosen = resolution or default_resolution(subject)
    if unfinished and chosen in NEEDS_ALL_OVER:
        named = " ".join(unfinished)
        raise errors.Refused(
            f"{subject.id} cannot be closed as {chosen} while {_listed(unfinished)} still open",
            f"close all of them (tickety close {named} {subject.id}), or end it otherwise (--resolution cancelled)",
        )
    return [events.Draft("ticket.closed", {"resolution": chosen.value})]


def reopen(subject: ticket.Ticket) -> list[events.Draft]:
    """Work on a closed ticket again, an archived one too."""
    return [events.Draft("ticket.reopened")] if _is_legal(subject, "reopen") else []


def archive(subject: ticket.Ticket) -> list[events.Draft]:
    """Put a closed ticket out of sight."""
    return [events.Draft("ticket.archived")] if _is_legal(subject, "archive") and not subject.archived else []


def unarchive(subject: ticket.Ticket) -> list[events.Draft]:
    """Bring an archived ticket back into the lists."""
    return [events.Draft("ticket.unarchived")] if subject.archived else []


def require_changeable(subject: ticket.Ticket) -> None:
    """Refuses a ticket that was put away: what is archived is not edited."""
    if subject.archived:
        raise errors.Refused(f"{subject.id} is archived", f"tickety unarchive {subject.id}")


def resolution_of(name: str) -> ticket.Resolution:
    """The resolution of that name, ``wont-fix`` and ``wont_fix`` alike; Usage when there is none."""
    typed = name.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return ticket.Resolution(typed)
    except ValueError:
        near, known = nearest.asked(typed, ticket.Resolution), ", ".join(ticket.Resolution)
        raise errors.Usage(f"there is no resolution {name[:60]!r}", f"{near}the resolutions are: {known}") from None


def default_resolution(subject: ticket.Ticket) -> ticket.Resolution:
    """How a person's plain ``close`` ends a ticket: a fault is fixed, everything else is done."""
    is_fault = recipes.needs_red(subject.type, subject.metadata)
    return ticket.Resolution.FIXED if is_fault else ticket.Resolution.DONE


def _is_legal(subject: ticket.Ticket, move: str) -> bool:
    """Whether there is something to do; Refused when the move is not legal where the ticket stands."""
    legal, idle = LEGAL[move]
    if subject.status in idle:
        return False
    if subject.status not in legal:
        remedy = REMEDY[move].format(id=subject.id)
        raise errors.Refused(f"{subject.id} is {subject.status}: it cannot be {_PAST[move]}", remedy)
    return True


def _closed_already(subject: ticket.Ticket, resolution: ticket.Resolution | None) -> list[events.Draft]:
    if resolution not in {None, subject.resolution}:
        raise errors.Refused(
            f"{subject.id} is closed already, as {subject.resolution}", f"tickety reopen {subject.id}, then close it"
        )
    return []


def _listed(ids: Sequence[str]) -> str:
    return f"{', '.join(ids)} {'is' if len(ids) == 1 else 'are'}"


_PAST = {"block": "blocked", "unblock": "unblocked", "close": "closed", "reopen": "reopened", "archive": "archived"}
