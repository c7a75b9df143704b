"""The PM's memory on a repository's store. Loads nothing that works on tickets: the command line's fast path."""

import os
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from tickety import clock, places, store
from tickety.desk import memory
from tickety.stores import sqlite

if TYPE_CHECKING:
    from tickety.core import catalogue, events, policy


def open_memory(found: places.Places, principal: str, time: clock.Clock | None = None) -> memory.Memory:
    """The memory of a project: its tickets, and the types of tickets that it has."""
    kept = sqlite.SqliteStore(found.store)
    kept.subscribe(_Mirror(found, kept))
    kept.subscribe(_Noting(found))
    return memory.Memory(
        store=kept,
        clock=time or clock.SystemClock(),
        chance=os.urandom,
        principal=principal,
        catalogue=cache(partial(_catalogue, found.checkout)),
        policy=cache(partial(_policy, found.checkout)),
    )


class _Mirror:
    """Hears of every change; whether there is a mirror that has to follow is asked at the first one."""

    def __init__(self, found: places.Places, kept: store.Store) -> None:
        self._found = found
        self._kept = kept
        self._follow: Callable[[int], None] | None = None

    def __call__(self, event: "events.Event") -> None:
        if self._follow is None:
            from tickety.bootstrap import mirror

            self._follow = mirror.follower(self._found, self._kept)
        self._follow(event.seq)


def _policy(checkout: str | None) -> "policy.Policy":
    from tickety import catalogue_files

    words = catalogue_files.settings_of(checkout)
    if not catalogue_files.says_rules(words):
        from tickety.core import policy

        return policy.usual()
    from tickety import config

    return config.rules(words)


class _Noting:
    """Remembers with the first change that this user keeps tickets here."""

    def __init__(self, found: places.Places) -> None:
        self._found = found
        self._is_noted = False

    def __call__(self, event: "events.Event") -> None:
        del event
        if not self._is_noted:
            from tickety.stores import projects_file

            self._is_noted = True
            project = projects_file.Project(self._found.home, self._found.store)
            projects_file.ProjectsFile(self._found.projects).note(project)


def _catalogue(checkout: str | None) -> "catalogue.Catalogue":
    from tickety import catalogue_files

    return catalogue_files.read(checkout)
