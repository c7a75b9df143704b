"""Finding tickets: by what a person typed, and as pages of a list."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tickety import store
from tickety.core import errors

if TYPE_CHECKING:
    from datetime import datetime

    from tickety.core import query


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


def find_many(kept: store.Store, typed: Sequence[str], now: "datetime") -> tuple[str, ...]:
    """The uids of several tickets, each once, in the order typed; nothing is found unless all are."""
    return tuple(dict.fromkeys(find(kept, one, now) for one in typed))


def narrowed(wanted: "query.Query", *, every: bool) -> "query.Query":
    """Closed tickets are left out unless they are asked for, and archived ones unless everything is."""
    if every or wanted.names_a_status:
        return wanted
    return wanted.where("is", "is", "unfinished")


def ready(wanted: "query.Query") -> "query.Query":
    """Of what is asked for that which can be worked on now."""
    return wanted.where("is", "is", "ready")
