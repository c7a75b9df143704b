"""Tickets as Markdown to be read: nothing in their texts is taken for markup."""

import re
from collections.abc import Iterator
from typing import Any

from tickety.core import text

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&$:])")


def written(documents: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One section a ticket."""
    yield "# Tickets\n"
    for document in documents:
        yield from _section(document)


def escaped(words: str) -> str:
    """The words as Markdown that shows them as they are; an address is no link."""
    return _MARKUP.sub(r"\\\1", text.harmless(words))


def _section(document: dict[str, Any]) -> Iterator[str]:
    yield f"\n## {document['id']}: {escaped(' '.join(document['title'].split()))}\n\n"
    ended = f", {document['resolution']}" if document["resolution"] else ""
    yield f"- {escaped(document['type'])}, {document['priority']}, {escaped(document['status'] + ended)}\n"
    yield from (f"- {name}: {escaped(str(document[name]))}\n" for name in _SHOWN if document[name])
    if document["tags"]:
        yield f"- tags: {escaped(', '.join(document['tags']))}\n"
    for link in document["linked_tickets"]:
        yield f"- {escaped(link['relationship'])} {escaped(link['ticket_id'])}\n"
    yield "".join(f"\n{_paragraph(block)}\n" for block in document["description"].split("\n\n") if block.strip())
    for comment in document["comments"]:
        yield f"\n> {escaped(comment['by'])}, {comment['at']}: {_paragraph(comment['text'])}\n"


def _paragraph(block: str) -> str:
    return "\\\n".join(escaped(line.strip()) for line in block.splitlines() if line.strip())


_SHOWN = ("blocker", "assignee", "reporter", "parent", "sprint", "created_at", "updated_at", "due_at", "closed_at")
