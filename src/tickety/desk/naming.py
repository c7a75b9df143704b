"""Names of tickets as they are typed: those that an unfinished id may become."""

from tickety import store
from tickety.core import query

_LAST = "\U0010ffff"


def tags(kept: store.Store, limit: int) -> tuple[str, ...]:
    """The tags of the tickets that were changed last, the newest first."""
    latest = kept.page(query.Query((query.Term("has", "has", ("tags",)),), sort="updated"), limit, None, whole=True)
    return tuple(dict.fromkeys(tag for document in latest.documents for tag in document["tags"]))


def closed(kept: store.Store, typed: str, limit: int) -> tuple[store.Row, ...]:
    """The closed tickets whose id begins so, the newest first."""
    return kept.page(_named(typed).where("is", "is", "closed"), limit, None, whole=False).rows


def beginning(kept: store.Store, typed: str, limit: int) -> tuple[store.Row, ...]:
    """The tickets whose id begins so, the newest first of those that are not closed, then the others."""
    unfinished = kept.page(_named(typed).where("is", "is", "unfinished"), limit, None, whole=False).rows
    left = limit - len(unfinished)
    return unfinished + (closed(kept, typed, left) if left else ())


def _named(typed: str) -> query.Query:
    start = typed.strip().upper()
    return query.Query((query.Term("id", ">=", (start,)), query.Term("id", "<", (start + _LAST,))), sort="created")
