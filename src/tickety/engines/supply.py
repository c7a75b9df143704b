"""What there is to be done, of some tickets or of all, within the slots of the roles."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tickety import store
from tickety.core import roster

Source = store.Transaction | store.Store


def ready(source: Source, wanted: store.Wanted, uids: tuple[str, ...] | None) -> list[store.Work]:
    """Steps that can begin now, in their turn; ``wanted`` names no ticket."""
    if uids is None:
        return list(source.ready(wanted))
    found = [work for uid in uids for work in source.ready(replace(wanted, uid=uid))]
    return list(_within(wanted, sorted(found, key=lambda work: (work.turn, work.ticket_uid))))


def running(kept: store.Store, uids: tuple[str, ...] | None) -> list[store.Work]:
    """Steps that are running."""
    return [work for uid in _each(uids) for work in kept.running(uid)]


def next_moment(kept: store.Store, now: str, uids: tuple[str, ...] | None) -> str | None:
    """When the first step that waits for a moment may begin."""
    found = (kept.next_moment(now, uid) for uid in _each(uids))
    return min((moment for moment in found if moment), default=None)


def left(slots: Mapping[str, int], source: Source, is_free: Callable[[store.Work], bool]) -> dict[str, int]:
    """How many more of each role may run. Slots are named as people do: ``QA``; work by the whole name."""
    if not slots:
        return {}
    more = {roster.role(name).agent: number for name, number in slots.items()}
    for work in source.running(None):
        if work.role in more and not is_free(work):
            more[work.role] = max(more[work.role] - 1, 0)
    return more


def _each(uids: tuple[str, ...] | None) -> tuple[str | None, ...]:
    return (None,) if uids is None else uids


def _within(wanted: store.Wanted, works: list[store.Work]) -> Iterator[store.Work]:
    """The first few, of each role as many as its slots: several tickets share them."""
    taken: dict[str, int] = {}
    for work in works:
        taken[work.role] = taken.get(work.role, 0) + 1
        if sum(taken.values()) <= wanted.limit and taken[work.role] <= wanted.slots.get(work.role, wanted.limit):
            yield work
