"""A notice on the desktop: ``notify-send`` where there is one, else ``osascript``, which every macOS has."""

import html
import shutil
import subprocess
from collections.abc import Callable

from tickety import notifier

_LIMIT = 10.0  # seconds
SCRIPT = "display notification (item 3 of argv) with title (item 1 of argv) subtitle (item 2 of argv)"
_PROGRAMS = ("notify-send", "osascript")


class Desktop:
    """The desktop of whoever runs this. ``find`` gives a program's path, or None."""

    name = "desktop"

    def __init__(self, find: Callable[[str], str | None] = shutil.which, limit: float = _LIMIT) -> None:
        self._find = find
        self._limit = limit

    def is_here(self) -> bool:
        """There is a program that shows notices."""
        return any(self._find(program) for program in _PROGRAMS)

    def send(self, message: notifier.Message) -> None:
        argv = self._argv(message)
        try:
            ended = subprocess.run(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=self._limit,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise notifier.Undelivered(f"the desktop did not answer within {self._limit:g} s") from error
        except OSError as error:
            raise notifier.Undelivered(f"the desktop cannot be told: {error.strerror}") from error
        if ended.returncode:
            raise notifier.Undelivered(f"the desktop did not take it ({argv[0]} ended with {ended.returncode})")

    def _argv(self, message: notifier.Message) -> list[str]:
        if program := self._find("notify-send"):
            urgency = "critical" if message.kind == "escalation" else "normal"
            return [program, "--app-name=Tickety", f"--urgency={urgency}", "--", message.title, markup(message.body)]
        if program := self._find("osascript"):
            # Options end at the first argument that is none: the first one is ours.
            lines = ("on run argv", SCRIPT, "end run")
            return [program, *(word for line in lines for word in ("-e", line)), "Tickety", message.title, message.body]
        raise notifier.Undelivered("neither notify-send nor osascript is on PATH", is_final=True)


def markup(words: str) -> str:
    """The words as ``notify-send`` takes a body: it has markup, and a backslash begins an escape."""
    return html.escape(words.replace("\\", "\\\\"), quote=False)
