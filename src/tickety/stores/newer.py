"""What a newer release wrote: it is kept, read as far as it can be, and nothing is changed on top of it."""

import sqlite3

from tickety import store
from tickety.core import errors
from tickety.stores import statements

_UPGRADE = "upgrade tickety (uv tool upgrade tickety, or pip install -U tickety)"


def refuse_events(connection: sqlite3.Connection) -> None:
    """Refuses a change on top of events that this release cannot fold: it would be made on a wrong ticket."""
    from tickety.core import events

    kinds = connection.execute(statements.sql("select_event_kinds"))
    unknown = [f"{kind} (version {version})" for kind, version in kinds if not events.is_known(kind, version)]
    if unknown:
        raise errors.Refused(
            f"the store can only be read: it holds events of a newer Tickety, {', '.join(unknown)}", _UPGRADE
        )


def refuse_schema(version: int, path: str) -> None:
    """Refuses tables of a newer release."""
    if version > store.SCHEMA:
        raise errors.Refused(
            f"{path} was written by a newer Tickety (schema {version}, this one knows {store.SCHEMA})", _UPGRADE
        )


def refuse_event(kind: str, version: int) -> None:
    """Refuses to take over an event that this release cannot fold."""
    from tickety.core import events

    if not events.is_known(kind, version):
        raise errors.Refused(f"{kind} (version {version}) is an event of a newer Tickety", _UPGRADE)
