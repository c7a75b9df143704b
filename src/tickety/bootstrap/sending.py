"""Letting people be told: messages leave by a process of their own, so that no verb and no worker waits for a network.

The sender is ``tickety run --rules-only``, which is what the machine's timer starts, too. It is started when something
happened that somebody may want to hear of; most projects have nobody who does, and then nothing is loaded.
"""

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tickety import catalogue_files, places

if TYPE_CHECKING:
    import subprocess

    from tickety.core import events

_ARGV = ("-P", "-m", "tickety", "run", "--rules-only")  # -P: nothing of the project is imported
_AGAIN = 600.0  # seconds: what a channel did not take is tried again by a process that stays
_LIMIT = 64 * 1024

SINCE = "TICKETY_SINCE"
"""Tells the sender from which event on a channel is to be told that nobody knew before."""


class Sender:
    """Hears what happens in a project, and starts the sender for it."""

    def __init__(self, found: places.Places) -> None:
        self._found = found
        self._happened: set[str] = set()
        self._since = 0
        self._last = time.monotonic()
        self._started: list[subprocess.Popen[bytes]] = []

    def note(self, event: "events.Event") -> None:
        """Something happened."""
        self._since = self._since or event.seq
        self._happened.add(event.type)

    @property
    def has_heard(self) -> bool:
        """Something happened that nobody was started for yet."""
        return bool(self._happened)

    def __call__(self) -> None:
        """Start the sender, if something happened that somebody may want to hear of, or it is time to try again."""
        is_time = time.monotonic() - self._last > _AGAIN
        if not self._happened and not is_time:
            return
        texts = self._texts()
        if texts and (is_time or self._happened & _wanted(texts)):
            self._start()
        self._happened.clear()
        self._since = 0
        self._last = time.monotonic()

    def _texts(self) -> str:
        """What is said of messages, by the user and by the project; empty when nothing is."""
        said = (_text(places.own_notify(os.environ)), catalogue_files.settings_of(self._found.checkout))
        return "\n".join(words for words in said if "notify" in words)

    def _start(self) -> None:
        import subprocess

        environment = {name: value for name, value in os.environ.items() if name != "TICKETY_TOKEN"}
        environment |= {places.STORE: self._found.store} | ({SINCE: str(self._since)} if self._since else {})
        quiet = subprocess.DEVNULL
        # One that is on its way looks again before it ends: two do not send the same.
        self._started = [one for one in self._started if one.poll() is None]
        with suppress(OSError):
            started = subprocess.Popen(
                [sys.executable, *_ARGV],
                stdin=quiet,
                stdout=quiet,
                stderr=quiet,
                cwd=self._found.home,
                env=environment,
                start_new_session=True,
            )
            self._started.append(started)


def _wanted(texts: str) -> set[str]:
    """The events that may be wanted: those told by default, and those whose kind is named."""
    from tickety.core import outbox

    return {event for kind, event in outbox.KINDS.items() if kind in outbox.DEFAULT or kind in texts}


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(_LIMIT)
    except (OSError, UnicodeDecodeError):
        return ""
