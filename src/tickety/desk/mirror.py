"""A mirror of the tickets in a folder, one JSON file each, for whoever reads files: off unless a project asks for it.

A file says what the ticket's own log adds up to; what follows from other tickets is in ``tickety show``.
"""

import json
from contextlib import AbstractContextManager
from typing import Protocol

from tickety import store
from tickety.core import document

_PAGE = 500


class Folder(Protocol):
    """Where the mirror is written, and how far it follows."""

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else writes the mirror meanwhile."""

    def cursor(self) -> int:
        """The last event that the mirror shows; 0 when there is none, or another folder."""

    def move_cursor(self, seq: int) -> None:
        """The mirror shows everything up to this event."""

    def write(self, ticket_id: str, text: str) -> None:
        """Put a ticket's file in place, whole or not at all."""


def follow(kept: store.Store, folder: Folder) -> int:
    """Write every ticket that changed since the mirror last followed, by whomever; the last event that it shows."""
    with folder.alone():
        seq = folder.cursor()
        while page := kept.since(seq, _PAGE):
            for uid in dict.fromkeys(event.ticket_uid for event in page):
                written = document.from_ticket(kept.load(uid))
                folder.write(written["id"], json.dumps(written, ensure_ascii=False, indent=2) + "\n")
            seq = page[-1].seq
            folder.move_cursor(seq)
        return seq
