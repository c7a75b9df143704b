"""A store and a repository that end their process at a chosen moment, as a power cut would.

The moments are before and after each commit of the store, and before and after each move of a ref.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from tickety import store as stores
from tickety import workspace
from tickety.core import events

T = TypeVar("T")
DIED = 9
"""The exit code of a process that met its end."""


@dataclass
class Fate:
    """How many such moments are left, the last one included; 0: as many as there are."""

    lives: int

    def meet(self) -> None:
        """Such a moment."""
        if self.lives == 1:
            os._exit(DIED)
        self.lives -= bool(self.lives)


def store(kept: stores.Store, fate: Fate) -> stores.Store:
    """The store, mortal."""
    return cast("stores.Store", _Store(kept, fate))


def workspaces(spaces: workspace.Workspaces, fate: Fate) -> workspace.Workspaces:
    """The repository, mortal."""
    return cast("workspace.Workspaces", _Spaces(spaces, fate))


class _Store:
    def __init__(self, kept: stores.Store, fate: Fate) -> None:
        self._kept = kept
        self._fate = fate

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a store has
        return getattr(self._kept, name)

    def change(self, author: events.Author, work: Callable[[stores.Transaction], T]) -> T:
        def to_the_end(transaction: stores.Transaction) -> T:
            answer = work(transaction)
            self._fate.meet()
            return answer

        answer = self._kept.change(author, to_the_end)
        self._fate.meet()
        return answer


class _Spaces:
    def __init__(self, spaces: workspace.Workspaces, fate: Fate) -> None:
        self._spaces = spaces
        self._fate = fate

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a repository has
        known = getattr(self._spaces, name)
        return self._mortal(known) if name in _MOVES else known

    def _mortal(self, move: Callable[..., Any]) -> Callable[..., Any]:
        def moved(*words: str) -> Any:  # noqa: ANN401 - as the move has it
            self._fate.meet()
            answer = move(*words)
            self._fate.meet()
            return answer

        return moved


_MOVES = frozenset({"create_branch", "move_branch", "keep"})
