"""Notes in a JSON file: read whole, written whole."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path


class NotesError(Exception):
    """Something the user can put right; the message says what."""


@dataclass(frozen=True)
class Note:
    number: int
    text: str
    tag: str | None = None
    done: bool = False
    created_at: str = ""


class Store:
    """The notes of one file. A file that does not exist has no notes."""

    def __init__(self, path):
        self.path = Path(path)

    def add(self, text, tag=None):
        """Keep a new note; its number is never given twice, also after notes are done."""
        text = text.strip()
        if not text:
            raise NotesError("a note needs some text")
        notes = self.all()
        number = max((note.number for note in notes), default=0) + 1
        note = Note(number, text, tag, created_at=_now())
        self._write([*notes, note])
        return note

    def finish(self, number):
        """Mark a note as done. Doing it again changes nothing."""
        notes = {note.number: note for note in self.all()}
        if number not in notes:
            raise NotesError(f"there is no note {number}")
        notes[number] = replace(notes[number], done=True)
        self._write(list(notes.values()))
        return notes[number]

    def search(self, word):
        """The notes whose text or tag contains the word, whatever its case."""
        word = word.casefold()
        return [note for note in self.all() if word in f"{note.text} {note.tag or ''}".casefold()]

    def all(self):
        """Every note, in the order in which they were added."""
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        except json.JSONDecodeError as error:
            raise NotesError(f"{self.path} is no file of notes: {error}") from error
        return [Note(**row) for row in rows]

    def _write(self, notes):
        text = json.dumps([asdict(note) for note in notes], indent=2, ensure_ascii=False)
        beside = self.path.with_suffix(".new")
        beside.write_text(text + "\n", encoding="utf-8")
        os.replace(beside, self.path)


def _now():
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
