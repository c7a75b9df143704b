"""Looking tickets up by their words, and showing where the words are."""

from typing import Any

from tickety.core import record, snippet
from tickety.desk import memory, search


@record.record(frozen=True, slots=True)
class Hit:
    """A ticket that was found, as its JSON, and where its texts have the words looked for."""

    document: dict[str, Any]
    snippet: snippet.Snippet


@record.record(frozen=True, slots=True)
class Hits:
    """What was found, the best first. ``cursor`` goes on where no words give another order; None at the end."""

    found: tuple[Hit, ...]
    cursor: str | None

    def as_json(self) -> dict[str, Any]:
        """A list of tickets, and beside it where the words were found in each."""
        places = {hit.document["id"]: {"text": hit.snippet.text, "marks": hit.snippet.marks} for hit in self.found}
        documents = [hit.document for hit in self.found]
        return {"tickets": documents, "next": self.cursor, "snippets": places}


def look_up(desk: memory.Memory, asked: str, limit: int, me: str | None = None) -> Hits:
    """Every ticket that fits, closed and archived ones too; Usage when the query cannot be understood."""
    wanted = search.asked(desk, asked, me, sort="relevance")
    page = desk.store.page(wanted, limit, None, whole=True)
    return Hits(tuple(Hit(found, snippet.of(found, wanted.words)) for found in page.documents), page.cursor)
