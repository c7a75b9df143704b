"""The folder of the mirror in the main checkout. No link is followed to it, and nothing is written beside it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tickety.core import ids
from tickety.papers import writing

_ENDING = ".json"


class MirrorFolder:
    """``folder`` is relative to ``checkout``; ``record`` is a file beside the store that tells how far it follows."""

    def __init__(self, checkout: str, folder: str, record: str) -> None:
        self._checkout = checkout
        self._folder = folder
        self._record = record
        self._open = -1

    @contextmanager
    def alone(self) -> Iterator[None]:
        lock = os.open(self._record + ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._is_new, self._open = self._opened()
            yield
        finally:
            if self._open >= 0:
                os.close(self._open)
            self._open = -1
            os.close(lock)

    def cursor(self) -> int:
        known = {} if self._is_new else self._known()
        return int(known["seq"]) if isinstance(known.get("seq"), int) else 0

    def move_cursor(self, seq: int) -> None:
        known = {"folder": self._folder, "seq": seq, "changed": self._changed()}
        writing.write(self._record, [json.dumps(known)])

    def held(self) -> frozenset[str] | None:
        # A file that is made or removed changes the folder's own time: it need not be listed each time.
        if self._known().get("changed") == self._changed():
            return None
        return frozenset(name.removesuffix(_ENDING) for name in os.listdir(self._open) if name.endswith(_ENDING))

    def write(self, ticket_id: str, text: str) -> None:
        ids.parse_id(ticket_id)
        writing.write_at(self._open, ticket_id + _ENDING, [text])

    def _known(self) -> dict[str, Any]:
        with suppress(OSError, ValueError), open(self._record, encoding="utf-8") as file:
            known = json.load(file)
            if isinstance(known, dict) and known.get("folder") == self._folder:
                return known
        return {}

    def _changed(self) -> int:
        return os.fstat(self._open).st_mtime_ns

    def _opened(self) -> tuple[bool, int]:
        """Whether the folder was made just now, and the folder: found step by step, without following a link."""
        here = os.open(self._checkout, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        is_new = False
        for name in self._folder.split("/"):
            above = here
            try:
                is_new = _make(name, above)
                here = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
            finally:
                os.close(above)
        return is_new, here


def _make(name: str, above: int) -> bool:
    try:
        os.mkdir(name, dir_fd=above)
    except FileExistsError:
        return False
    return True
