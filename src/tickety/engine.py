"""The engine port: delivers ready steps to a worker, one holder each. What follows from them it does not know."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from tickety import store

A = TypeVar("A", bound="Held")


class Held(Protocol):
    """An attempt that was begun, and the claim it is held under."""

    @property
    def claim(self) -> store.Claim:
        """The claim to be renewed while the attempt runs."""


class Engine(Protocol):
    """Gets work to workers."""

    async def drain(
        self, take: Callable[[store.Work], A | None], perform: Callable[[A], Awaitable[None]], uid: str | None
    ) -> int:
        """Deliver until nothing is ready, of one ticket or of all; how many attempts were performed.

        ``take`` begins an attempt under a claim (None: another worker was first), ``perform`` does it; its
        claim is renewed meanwhile, and the performance cancelled when the claim is lost.
        """

    def is_free(self, work: store.Work) -> bool:
        """Nobody holds the step: it has no claim, its lease ran out, or its worker is gone for certain."""
