"""The projects that this user keeps tickets in, as a JSON file of the state folder: ``inbox --all`` looks over them.

Nothing depends on it: what is missing in it comes back with the next change in that project.
"""

import json
import os
from contextlib import suppress

from tickety.core import record
from tickety.stores import files, private

_LIMIT = 1000  # projects


@record.record(frozen=True, slots=True)
class Project:
    """A project: its folder, and its ticket database."""

    folder: str
    store: str


class ProjectsFile:
    """``path`` need not exist."""

    def __init__(self, path: str) -> None:
        self._path = path

    def note(self, project: Project) -> None:
        """Remember a project, as the newest. Nothing is written when it is known; failing is no reason to stop."""
        known = self._read()
        if known.get(project.store) == project.folder:
            return
        known.pop(project.store, None)
        there = {store: folder for store, folder in known.items() if _is_there(store)}
        kept = dict(list({**there, project.store: project.folder}.items())[-_LIMIT:])
        with suppress(OSError):
            private.write(self._path, json.dumps({"projects": kept}, indent=1))

    def known(self) -> tuple[Project, ...]:
        """The projects whose store is still there, in the order in which they were first noted."""
        return tuple(Project(folder, store) for store, folder in self._read().items() if _is_there(store))

    def _read(self) -> dict[str, str]:
        """What was noted; nothing, when the file is missing or cannot be read as what we wrote."""
        try:
            with open(self._path, encoding="utf-8") as file:
                found = json.load(file)["projects"].items()
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return {}
        return {store: folder for store, folder in found if isinstance(folder, str) and os.path.isabs(store)}


def _is_there(store: str) -> bool:
    """It can be looked at now. One whose disk is away is forgotten, too, and comes back with its next change."""
    with suppress(OSError, ValueError):
        return files.is_there(store)
    return False
