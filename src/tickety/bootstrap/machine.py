"""What a check-up looks at: this machine, and where the store is. Nothing here judges, and nothing is changed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from tickety import places
from tickety.core import errors
from tickety.desk import checkup
from tickety.stores import files


def look() -> tuple[checkup.Machine, places.Places | None]:
    """The machine as it is, and the places of the current folder, if it has any."""
    try:
        found = places.find(str(Path.cwd()), os.environ)
    except errors.TicketyError as error:
        return checkup.Machine(*_versions(), place=None, fault=error.message, remedy=error.hint), None
    return _at(found), found


def _at(found: places.Places) -> checkup.Machine:
    folder = Path(found.store).parent
    has_store = files.is_there(found.store)
    return checkup.Machine(
        *_versions(),
        place=found.store,
        is_git=found.is_git,
        has_store=has_store,
        mount=_mount(str(folder)),
        is_writable=not has_store or all(os.access(path, os.W_OK) for path in (folder, found.store)),
        free=shutil.disk_usage(folder).free if has_store else None,
        backups=_backups(Path(found.store)) if has_store else (),
        worktrees=found.worktrees if Path(found.worktrees).is_dir() else None,
    )


def _versions() -> tuple[tuple[int, int, int], tuple[int, int, int], str | None]:
    one, two, three = (*sqlite3.sqlite_version_info, 0, 0)[:3]
    return sys.version_info[:3], (one, two, three), _git()


def _git() -> str | None:
    try:
        ended = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return ended.stdout


def _mount(folder: str) -> str | None:
    try:
        files.refuse_network_mount(folder, files.MOUNTS)
    except errors.Refused as refusal:
        return refusal.message
    return None


def _backups(path: Path) -> tuple[str, ...]:
    """The copies that a migration or a rebuilding left beside the store, whole or not."""
    marks = (f"{path.name}.schema-", f"{path.name}.before-rebuild")
    return tuple(str(entry) for entry in sorted(path.parent.iterdir()) if entry.name.startswith(marks))
