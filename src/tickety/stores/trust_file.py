"""Trust in a JSON file of the user's state folder, one file a repository."""

import json
from typing import Any

from tickety.stores import private


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
        private.write(self._path, json.dumps(record, indent=1))

    def _read(self) -> dict[str, Any]:
        """What was trusted; nothing, when the file is missing or cannot be read as what we wrote."""
        try:
            with open(self._path, encoding="utf-8") as file:
                record = json.load(file)
        except (OSError, ValueError):
            record = {}
        trusted = record.get("trusted") if isinstance(record, dict) else None
        return {"repository": self._repository, "trusted": trusted if isinstance(trusted, dict) else {}}
