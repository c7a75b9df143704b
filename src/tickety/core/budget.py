"""What attempts may use, and what they used: runs, hours, tokens, money. Reserved before an attempt begins.

An attempt that ends is charged what it used. What it does not say counts as its whole reservation, so that what is
spent is never less than what was used; an amount only grows.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from tickety.core import record

RESOURCES = ("runs", "seconds", "tokens", "cost_usd")
"""What is counted; ``seconds`` by the monotonic clock."""

Amount = dict[str, float]
"""Resource -> how much of it."""


@record.record(frozen=True, slots=True)
class Limits:
    """The most that a step, a ticket, an epic or a day (UTC) may use; None is no limit."""

    runs: int | None = None
    seconds: float | None = None
    tokens: int | None = None
    cost_usd: float | None = None

    def of(self, resource: str) -> float | None:
        """The limit on a resource."""
        limit: float | None = getattr(self, resource)
        return limit


@record.record(frozen=True, slots=True)
class Budget:
    """The limits of a project, by what they are on."""

    step: Limits = Limits()
    ticket: Limits = Limits()
    epic: Limits = Limits()
    day: Limits = Limits()


NONE = Budget()
"""Nothing is limited."""

RESERVED_TOKENS = 200_000
RESERVED_USD = 1.0
"""What an attempt of unknown appetite is reserved where tokens or money are limited, but not for a step."""


def reservation(limits: Budget, timeout: float, *, is_paid: bool) -> Amount | None:
    """What has to be left before an attempt may begin; None where nothing is limited.

    An attempt that runs to its time limit uses all the seconds that were reserved for it. One that costs nothing
    reserves neither tokens nor money.
    """
    if limits == NONE:
        return None
    tokens = limits.step.tokens or RESERVED_TOKENS if _limits(limits, "tokens") else 0
    cost = limits.step.cost_usd or RESERVED_USD if _limits(limits, "cost_usd") else 0.0
    paid = {"tokens": tokens, "cost_usd": cost} if is_paid else {"tokens": 0, "cost_usd": 0.0}
    return {"runs": 1, "seconds": timeout, **paid}


def used(reserved: Mapping[str, Any], usage: Mapping[str, Any]) -> Amount:
    """What an ended attempt is charged: what it used, and of what it does not say its whole reservation."""
    known = {name: usage.get(name) for name in RESOURCES}
    return {name: _charged(known[name], reserved.get(name, 0)) for name in RESOURCES}


def charged(spent: Mapping[str, Amount], day: str, amount: Amount) -> dict[str, Amount]:
    """What was spent, by day, with an amount more on one of them."""
    return {**spent, day: added(spent.get(day, {}), amount)}


def total(amounts: Iterable[Mapping[str, Any]]) -> Amount:
    """All of them together."""
    return reduce(added, amounts, dict.fromkeys(RESOURCES, 0))


def added(spent: Mapping[str, Any], amount: Mapping[str, Any]) -> Amount:
    """Both together."""
    return {name: spent.get(name, 0) + amount.get(name, 0) for name in RESOURCES}


def times(limits: Limits, factor: int) -> Limits:
    """The limits so many times over: what a person granted again."""
    scaled = {name: None if (limit := limits.of(name)) is None else limit * factor for name in RESOURCES}
    return Limits(**scaled)  # type: ignore[arg-type]  # a whole number of runs stays one


def exceeded(limits: Limits, spent: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """The first resource of which there is not enough left for what is wanted; None when there is enough of all."""
    together = added(spent, wanted)
    for name in RESOURCES:
        limit = limits.of(name)
        if limit is not None and wanted.get(name, 0) > 0 and together[name] > limit:
            return name
    return None


def _limits(limits: Budget, resource: str) -> bool:
    return any(each.of(resource) is not None for each in (limits.step, limits.ticket, limits.epic, limits.day))


def _charged(known: object, reserved: float) -> float:
    return known if isinstance(known, (int, float)) and not isinstance(known, bool) else reserved
