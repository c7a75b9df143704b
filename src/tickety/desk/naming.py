"""Names of tickets as they are typed: those that an unfinished id may become."""

from tickety import store
from tickety.core import query

_LAST = "\U0010ffff"


def beginning(kept: store.Store, typed: str, limit: int) -> tuple[store.Row, ...]:
    """The tickets whose id begins so, the newest first of those that are not closed, then the others."""
    start = typed.strip().upper()
    named = query.Query((query.Term("id", ">=", (start,)), query.Term("id", "<", (start + _LAST,))), sort="created")
    unfinished = kept.page(named.where("is", "is", "unfinished"), limit, None, whole=False).rows
    left = limit - len(unfinished)
    closed = kept.page(named.where("is", "is", "closed"), left, None, whole=False).rows if left else ()
    return unfinished + closed
