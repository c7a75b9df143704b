"""Trust in a JSON file of the user's state folder, one file a repository."""

import json
import os
from contextlib import suppress
from typing import Any


class TrustFile:
    """The digests that this user trusted in one repository. ``path`` need not exist."""

    def __init__(self, path: str, repository: str) -> None:
        self._path = path
        self._repository = repository

    def is_trusted(self, digest: str) -> bool:
        return digest in self._read()["trusted"]

    def trust(self, digest: str, by: str, at: str) -> None:
        record = self._read()
        record["trusted"][digest] = {"by": by, "at": at}
        self._write(record)

    def _read(self) -> dict[str, Any]:
        """What was trusted; nothing, when the file is missing or cannot be read as what we wrote."""
        try:
            with open(self._path, encoding="utf-8") as file:
                record = json.load(file)
        except (OSError, ValueError):
            record = {}
        trusted = record.get("trusted") if isinstance(record, dict) else None
        return {"repository": self._repository, "trusted": trusted if isinstance(trusted, dict) else {}}

    def _write(self, record: dict[str, Any]) -> None:
        _make_private(os.path.dirname(self._path))
        fresh = f"{self._path}.{os.getpid()}"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)


def _make_private(folder: str) -> None:
    """Make the folder and those above it; ``os.makedirs`` would leave those above to the umask."""
    if not os.path.isdir(folder):
        _make_private(os.path.dirname(folder))
        with suppress(FileExistsError):
            os.mkdir(folder, mode=0o700)
