"""Finding tickets: by what a person typed, and as pages of a list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tickety import store
from tickety.core import errors

if TYPE_CHECKING:
    from datetime import datetime

    from tickety.core import query
    from tickety.desk import memory

_PAGE = 500
_TYPED = re.compile(r"\btype:(\S+)")


def find(kept: store.Store, typed: str, now: "datetime") -> str:
    """The uid of the ticket that a person typed; NotFound, or Usage naming them when it can mean several."""
    found = meant(kept, typed, now)
    if len(found) > 1:
        named = ", ".join(ticket_id for _, ticket_id in found)
        raise errors.Usage(f"{typed} can mean {named}", "give the whole id")
    return found[0][0]


def meant(kept: store.Store, typed: str, now: "datetime") -> tuple[tuple[str, str], ...]:
    """The uid and id of every ticket that what a person typed can mean; NotFound when it can mean none."""
    from tickety.core import ids

    found = kept.find(ids.parse_reference(typed), now.year)
    if not found:
        raise errors.NotFound(f"there is no ticket {typed}", "tickety list --all")
    return found


def find_many(kept: store.Store, typed: Sequence[str], now: "datetime") -> tuple[str, ...]:
    """The uids of several tickets, each once, in the order typed; nothing is found unless all are."""
    return tuple(dict.fromkeys(find(kept, one, now) for one in typed))


def asked(desk: "memory.Memory", words: str, me: str | None = None, sort: str = "priority") -> "query.Query":
    """The query that words mean here, ``me`` being who acts unless it is said; Usage when they mean none.

    Types that the project has no more are known as long as there are tickets of them, and tickets are named as
    everywhere: a number that several have means all of them, for a query may find several.
    """
    from tickety.core import query

    now = desk.clock.now()
    who = me or desk.principal
    try:
        wanted = query.parse(words, now, lambda: desk.catalogue().types, who, sort)
    except errors.Usage:  # whether there are tickets of a type that is gone is asked only for one that is not known
        wanted = query.parse(words, now, lambda: _types(desk, words), who, sort)
    terms = tuple(_with_whole_ids(desk.store, term, now) for term in wanted.terms)
    return replace(wanted, terms=terms)


def documents(kept: store.Store, wanted: "query.Query") -> Iterator[dict[str, Any]]:
    """The tickets of a query as their JSON, read page by page."""
    cursor = None
    while True:
        page = kept.page(wanted, _PAGE, cursor, whole=True)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return


def narrowed(wanted: "query.Query", *, every: bool) -> "query.Query":
    """Closed tickets are left out unless they are asked for, and archived ones unless everything is."""
    if every or wanted.names_a_status:
        return wanted
    return wanted.where("is", "is", "unfinished")


def ready(wanted: "query.Query") -> "query.Query":
    """Of what is asked for that which can be worked on now."""
    return wanted.where("is", "is", "ready")


def _types(desk: "memory.Memory", words: str) -> tuple[str, ...]:
    """The project's types, and those in some words that there are tickets of."""
    from tickety.core import query

    typed = (name for values in _TYPED.findall(words.lower()) for name in values.strip('"').split(","))
    gone = (name for name in typed if desk.store.count(query.EVERYTHING.where("type", "in", name)))
    return tuple(dict.fromkeys((*desk.catalogue().types, *gone)))


def _with_whole_ids(kept: store.Store, term: "query.Term", now: "datetime") -> "query.Term":
    """The term with ids instead of ``FEAT-1`` and ``1``. A whole id stays: what it names may be in another store."""
    if term.field not in {"id", "parent"}:
        return term
    named = (_whole_ids(kept, value, now) for value in term.values)
    return replace(term, values=tuple(dict.fromkeys(one for several in named for one in several)))


def _whole_ids(kept: store.Store, typed: str, now: "datetime") -> tuple[str, ...]:
    from tickety.core import ids

    if typed == "none" or ids.parse_reference(typed).year:
        return (typed,)
    return tuple(ticket_id for _, ticket_id in meant(kept, typed, now))
