"""What follows a change: the rules that are due, and the messages that are to leave."""

import os
import zlib

from tickety import catalogue_files, places, store
from tickety.core import settings
from tickety.desk import memory, outbox

_SETTINGS = "settings"
"""The cursor that tells of which ``tickety.toml`` the rules' delays are."""


def attend(found: places.Places, desk: memory.Memory) -> None:
    """After a change: what is due is told. Where nothing is, this is one indexed query."""
    words = catalogue_files.settings_of(found.checkout)
    mark = zlib.crc32(words.encode()) if "escalation" in words else 0
    known = desk.store.cursor(_SETTINGS)
    is_new = mark != (known.seq if known else 0)
    if not is_new and not desk.store.due(desk.clock.now().timestamp(), 1):
        return
    from tickety.desk import rules

    rules.attend(desk)
    if is_new:
        desk.store.save_cursor(store.Cursor(_SETTINGS, mark), known)


def deliver(found: places.Places, desk: memory.Memory, limit: int = 20) -> outbox.Delivery:
    """Send what is to be sent, here and now. What a channel never takes is told with its ticket."""
    from tickety.bootstrap import outbox as boxes
    from tickety.desk import rules

    said, is_trusted = _project(found)
    channels = boxes.channels(said, os.environ, is_trusted=is_trusted)
    done = outbox.deliver(desk.store, channels, desk.clock, limit)
    for lost in done.given_up:
        rules.lost(desk, lost.channel, lost.message)
    return done


def _project(found: places.Places) -> tuple[settings.Notify, bool]:
    """What the project says of messages at its HEAD, and whether a person trusts that; nothing outside of git."""
    if not found.is_git:
        return settings.Notify(), False
    from pathlib import Path

    from tickety import config
    from tickety.core import trusted
    from tickety.stores import trust_file
    from tickety.workspaces import worktrees

    checkout = Path(found.checkout) if found.checkout else None
    repository = worktrees.GitWorkspaces(Path(found.common), checkout, Path(found.worktrees))
    chosen = config.read(repository.tree_at(repository.head().commit))
    return chosen.notify, trust_file.TrustFile(found.trust, found.common).is_trusted(trusted.stake(chosen).digest)
