"""Sending what people are to be told, here and now: what the sender and the timer do."""

import os
from collections.abc import Mapping
from pathlib import Path

from tickety import config, places, store
from tickety.bootstrap import outbox as boxes
from tickety.core import errors, settings, trusted
from tickety.desk import memory, outbox, rules
from tickety.stores import trust_file
from tickety.workspaces import worktrees


def deliver(found: places.Places, desk: memory.Memory, since: int, limit: int = 20) -> outbox.Delivery:
    """Send what is to be sent, here and now. What a channel never takes is told with its ticket.

    A channel that nobody knew is told from the event ``since`` on.
    """
    said, is_trusted = _project(found)
    channels = boxes.channels(said, os.environ, is_trusted=is_trusted)
    for one in channels:
        if desk.store.cursor(one.notifier.name) is None:
            desk.store.save_cursor(store.Cursor(one.notifier.name, since - 1), None)
    done = outbox.deliver(desk.store, channels, desk.clock, limit)
    for lost in done.given_up:
        rules.lost(desk, lost.channel, lost.message)
    return done


def complaint(environ: Mapping[str, str]) -> str | None:
    """What is wrong with what the user says of messages; None when nothing is."""
    try:
        boxes.channels(settings.Notify(), environ, is_trusted=False)
    except errors.TicketyError as error:
        return f"{error.message}: {error.hint}"
    return None


def _project(found: places.Places) -> tuple[settings.Notify, bool]:
    """What the project says of messages at its HEAD, and whether a person trusts that; nothing outside of git."""
    checkout = Path(found.checkout) if found.checkout else None
    repository = worktrees.GitWorkspaces(Path(found.common), checkout, Path(found.worktrees))
    try:
        chosen = config.read(repository.tree_at(repository.head().commit)) if found.is_git else settings.EMPTY
    except errors.TicketyError:  # no commit yet, or settings that cannot be read: the user's own file counts still
        chosen = settings.EMPTY
    return chosen.notify, trust_file.TrustFile(found.trust, found.common).is_trusted(trusted.stake(chosen).digest)
