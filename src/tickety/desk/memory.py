"""What every use case on tickets needs: the store, the clock, and who acts. Light: the command line's fast path."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tickety.core import record

if TYPE_CHECKING:
    from tickety import clock, store
    from tickety.core import catalogue, events, policy


@record.record(frozen=True, slots=True)
class Memory:
    """The PM's memory. ``principal`` is who acts (``user:ada``); ``chance`` gives so many random bytes.

    ``catalogue`` reads which types and templates the project has, ``policy`` how it lets its crew work.
    """

    store: store.Store
    clock: clock.Clock
    chance: Callable[[int], bytes]
    principal: str
    catalogue: Callable[[], catalogue.Catalogue]
    policy: Callable[[], policy.Policy]

    def author(
        self, command_id: str | None = None, by: str | None = None, causation: str | None = None
    ) -> events.Author:
        """Who changes something now; each call is a command of its own unless its id is given."""
        from tickety.core import events, times

        at = times.as_text(self.clock.now())
        return events.Author(by or self.principal, at, command_id or self.new_uid(), causation)

    def new_uid(self) -> str:
        """A fresh UUIDv7."""
        from tickety.core import ids

        return ids.uuid7(int(self.clock.now().timestamp() * 1000), self.chance(10))
