"""What attempts used and reserved, counted a second time, by step, ticket, epic and day."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tickety.core import budget, events

RESOURCES = ("runs", "seconds", "tokens", "cost_usd")

Key = tuple[str, ...]
"""What a limit is on: ``("step", uid, name)``, ``("ticket", uid)``, ``("epic", id)``, ``("day", "2026-11-22")``."""


class Purse:
    """An attempt counts as its reservation until it ends, then as what it used; what it does not say, in full."""

    def __init__(self, limits: budget.Budget) -> None:
        self._limits = limits
        self._is_idle = limits == budget.NONE
        self._used: dict[Key, dict[str, float]] = defaultdict(lambda: dict.fromkeys(RESOURCES, 0.0))
        self._running: dict[tuple[str, str], tuple[dict[str, Any], list[Key]]] = {}
        self._said: dict[tuple[str, str], dict[str, Any]] = {}
        self._asked: dict[tuple[str, str], Key] = {}
        self._grants: dict[Key, int] = defaultdict(int)
        self._parents: dict[str, str | None] = {}
        self._ids: dict[str, str] = {}

    def opened(self, event: events.Event) -> None:
        """A ticket is there."""
        self._ids[event.ticket_uid] = event.data["id"]
        self._parents[event.data["id"]] = event.data.get("parent")

    def asked(self, event: events.Event) -> None:
        """A person is asked whether a budget may be spent once more: for a ticket, or one step of it."""
        if event.data["id"].startswith("budget-"):
            scope = event.data["id"].split("-")[1]
            self._asked[event.ticket_uid, event.data["id"]] = _granted_to(event.ticket_uid, scope, event.data["step"])

    def answered(self, event: events.Event) -> None:
        """The person may have said yes."""
        key = self._asked.pop((event.ticket_uid, event.data["id"]), None)
        if key and event.data["answer"] == "approved":
            self._grants[key] += 1

    def reserve(self, event: events.Event) -> str:
        """An attempt begins; which budget it overspends, nothing when none."""
        if self._is_idle:
            return ""
        keys = list(self._keys(event))
        reserved = event.data["reserved"] or {}
        self._running[event.ticket_uid, event.data["step"]] = reserved, keys
        self._add(keys, reserved, 1)
        return "; ".join(self._overspent(event, keys, reserved))

    def used(self, event: events.Event) -> None:
        """An attempt says what it used."""
        self._said[event.ticket_uid, event.data["step"]] = event.data["update"]["usage"]

    def settle(self, event: events.Event) -> None:
        """An attempt ended."""
        known = self._running.pop((event.ticket_uid, event.data["step"]), None)
        said = self._said.pop((event.ticket_uid, event.data["step"]), {})
        if known:
            reserved, keys = known
            self._add(keys, reserved, -1)
            left = {name: said[name] if said.get(name) is not None else reserved.get(name, 0) for name in RESOURCES}
            self._add(keys, left, 1)

    def _keys(self, event: events.Event) -> Iterator[Key]:
        yield ("step", event.ticket_uid, event.data["step"])
        yield ("ticket", event.ticket_uid)
        yield ("day", event.at[:10])
        epic = self._parents[self._ids[event.ticket_uid]]
        while epic:
            yield ("epic", epic)
            epic = self._parents[epic]

    def _add(self, keys: list[Key], amount: dict[str, Any], sign: int) -> None:
        for key in keys:
            kept = self._used[key]
            for name in RESOURCES:
                kept[name] += sign * amount.get(name, 0)

    def _overspent(self, event: events.Event, keys: list[Key], wanted: dict[str, Any]) -> Iterator[str]:
        for key in keys:
            limits: budget.Limits = getattr(self._limits, key[0])
            granted = self._grants[_granted_to(event.ticket_uid, key[0], event.data["step"])]
            for name in RESOURCES:
                limit, spent = getattr(limits, name), self._used[key][name]
                if limit is not None and wanted.get(name, 0) > 0 and spent > limit * (1 + granted):
                    yield f"{' '.join(key)} {name}: {spent} of {limit}"


def _granted_to(uid: str, scope: str, step: str) -> Key:
    return (uid, scope, step) if scope == "step" else (uid, scope)
