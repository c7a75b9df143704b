"""Finding tickets: by what a person typed, and as pages of a list."""

from typing import TYPE_CHECKING

from tickety import store
from tickety.core import errors

if TYPE_CHECKING:
    from datetime import datetime

NOT_CLOSED = ("open", "in_progress", "blocked")
EVERY = (*NOT_CLOSED, "closed")


def find(kept: store.Store, typed: str, now: "datetime") -> str:
    """The uid of the ticket that a person typed; NotFound, or Usage naming them when it can mean several."""
    from tickety.core import ids

    found = kept.find(ids.parse_reference(typed), now.year)
    if not found:
        raise errors.NotFound(f"there is no ticket {typed}", "tickety list --all")
    if len(found) > 1:
        named = ", ".join(ticket_id for _, ticket_id in found)
        raise errors.Usage(f"{typed} can mean {named}", "give the whole id")
    return found[0][0]
