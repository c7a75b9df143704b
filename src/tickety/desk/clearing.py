"""Clearing away what tickets that are over left: worktrees, and the programs of workers that died."""

from tickety.core import query, ticket
from tickety.desk import branches, dispatch, ports

_AT_ONCE = 500


def clear_away(desk: ports.Ports) -> None:
    """Remove what closed tickets left, but for the worktrees of workers that may still be in them."""
    if keys := desk.workspaces.keys():
        for subject in _closed(desk, keys[:_AT_ONCE]):
            _clear(desk, subject)


def _closed(desk: ports.Ports, keys: tuple[str, ...]) -> list[ticket.Ticket]:
    """The closed tickets that worktrees were made for."""
    ids = tuple(dict.fromkeys(key.rpartition("-")[0] for key in keys))
    over = query.Query((query.Term("status", "in", (ticket.Status.CLOSED,)), query.Term("id", "in", ids)), sort="id")
    found = (desk.store.load(one["uid"]) for one in desk.store.page(over, _AT_ONCE, None, whole=True).documents)
    return [subject for subject in found if branches.key(subject) in keys]


def _clear(desk: ports.Ports, subject: ticket.Ticket) -> None:
    key = branches.key(subject)
    workers = _workers(desk, subject)
    desk.runner.end_leftovers(desk.runs / subject.id)
    for holder in desk.workspaces.holders(key):
        if holder in workers and desk.engine.is_gone(workers[holder]):
            desk.workspaces.retire(key, holder)
    desk.workspaces.clear(key)


def _workers(desk: ports.Ports, subject: ticket.Ticket) -> dict[str, str]:
    """Who made each attempt, by the name under which it holds worktrees."""
    begun = (event for event in desk.store.log(subject.uid) if event.type == "step.started")
    return {dispatch.holder_name(event.data["step"], event.attempt or 0): event.data["worker"] for event in begun}
