"""A mirror of the tickets in a folder, one JSON file each, for whoever reads files: off unless a project asks for it.

A file says what the ticket's own log adds up to; what follows from other tickets is in ``tickety show``.
"""

import json
from contextlib import AbstractContextManager
from typing import Protocol

from tickety import store
from tickety.core import document, query
from tickety.desk import search

_PAGE = 500


class Folder(Protocol):
    """Where the mirror is written, and how far it follows."""

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else writes the mirror meanwhile."""

    def cursor(self) -> int:
        """The last event that the mirror shows; 0 when there is none, or another folder."""

    def move_cursor(self, seq: int) -> None:
        """The mirror shows everything up to this event."""

    def held(self) -> frozenset[str] | None:
        """The ids that have a file; None when nobody has made or removed one since the mirror was written last."""

    def write(self, ticket_id: str, text: str) -> None:
        """Put a ticket's file in place, whole or not at all."""


def follow(kept: store.Store, folder: Folder) -> int:
    """Write every ticket that changed since the mirror last followed, by whomever; the last event that it shows.

    A file that somebody removed is written again.
    """
    with folder.alone():
        seq = folder.cursor()
        if seq and (held := folder.held()) is not None:
            _restore(kept, folder, held)
        while page := kept.since(seq, _PAGE):
            for uid in dict.fromkeys(event.ticket_uid for event in page):
                _write(kept, folder, uid)
            seq = page[-1].seq
            folder.move_cursor(seq)
        return seq


def _restore(kept: store.Store, folder: Folder, held: frozenset[str]) -> None:
    for known in search.documents(kept, query.Query(sort="id")):
        if known["id"] not in held:
            _write(kept, folder, known["uid"])


def _write(kept: store.Store, folder: Folder, uid: str) -> None:
    written = document.from_ticket(kept.load(uid))
    folder.write(written["id"], json.dumps(written, ensure_ascii=False, indent=2) + "\n")
