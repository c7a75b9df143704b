"""Handing tickets out: as JSON, as lines, as a table, as Markdown, or as the log they are made of. Read in pages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from tickety.core import errors, query
from tickety.core.exchange import markdown, table
from tickety.desk import memory, search

FORMATS = ("json", "ndjson", "md", "csv")
LEFT_OUT = {
    "csv": f"a table holds no {', '.join(table.LEFT_OUT)}: json carries everything",
    "md": "Markdown is for reading, and cannot be imported again: json carries everything",
}
"""What a format does not carry."""
_PAGE = 500


def export(desk: memory.Memory, wanted: query.Query, form: str) -> Iterator[str]:
    """The text, piece by piece; the same store gives the same text. In the query's order, by id unless it says one.

    The store is read before there is a first piece: where that fails nothing was handed out.
    """
    found = _begun(search.documents(desk.store, wanted))
    if form == "json":
        return _envelope(found)
    if form == "ndjson":
        return (_line(document) for document in found)
    return table.written(found) if form == "csv" else markdown.written(found)


def export_log(desk: memory.Memory, wanted: query.Query | None) -> Iterator[str]:
    """Every event, in the order it was stored; ``wanted`` narrows it to the logs of some tickets."""
    uids = {document["uid"] for document in search.documents(desk.store, wanted)} if wanted else None
    seq = 0
    while page := desk.store.since(seq, _PAGE):
        for event in page:
            if uids is None or event.ticket_uid in uids:
                yield _line({"schema": 1, **event.as_json()})
        seq = page[-1].seq


def ordered(wanted: query.Query, asked: str) -> query.Query:
    """The query in an order that can be paged and is the same tomorrow."""
    if wanted.sort == "relevance":
        raise errors.Usage("an export has no order by relevance", "take sort:id, or another one")
    return wanted if "sort:" in asked else replace(wanted, sort="id")


def _begun(found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same with the first one read."""
    return chain(list(islice(found, 1)), found)


def _envelope(documents: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield '{"schema": 1, "tickets": ['
    between = "\n"
    for document in documents:
        yield between + _line(document).rstrip("\n")
        between = ",\n"
    yield '\n], "next": null}\n'


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
