"""What is going on, on a terminal: a table that is drawn anew in its place, and the newest messages below it."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from rich import box, live, progress_bar, table
from rich import text as rich_text
from rich.console import Console, Group, RenderableType

from tickety.core import text, times

_BAR = 20
_LEAST_MESSAGES = 3
_MESSAGES = 40  # kept; how many are shown is up to the terminal
_COLOURS = {"critical": "red", "high": "yellow"}
_STATES = {"blocked": "red", "closed": "green"}


class Scene:
    """Draws only when it is told to: a screen on which nothing happens costs nothing."""

    def __init__(self) -> None:
        self._console = Console()
        self._live = live.Live(console=self._console, auto_refresh=False, transient=True)
        self._messages: deque[str] = deque(maxlen=_MESSAGES)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """One more message."""
        self._messages.append(line)

    def draw(self, documents: Sequence[dict[str, Any]], now: datetime) -> None:
        """Show tickets as they stand."""
        self._live.update(Group(*self._parts(documents, now)), refresh=True)

    def _parts(self, documents: Sequence[dict[str, Any]], now: datetime) -> list[RenderableType]:
        drawn = going_on(documents, now) if documents else rich_text.Text("nothing is being worked on", style="dim")
        taken = len(self._console.render_lines(drawn, pad=False)) + 3
        room = max(self._console.height - taken, _LEAST_MESSAGES)
        newest = [_line(message) for message in list(self._messages)[-room:]]
        return [drawn, rich_text.Text(""), *newest, rich_text.Text("Ctrl-C ends watching, not the work", style="dim")]


def going_on(documents: Sequence[dict[str, Any]], now: datetime) -> table.Table:
    """One row a ticket: how far it is, who works on it since when, what it is about."""
    drawn = table.Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    drawn.add_column("ticket", no_wrap=True)
    drawn.add_column("done", width=_BAR, no_wrap=True)
    drawn.add_column("", justify="right", no_wrap=True)
    drawn.add_column("now", ratio=3, overflow="ellipsis", no_wrap=True)
    drawn.add_column("about", ratio=2, overflow="ellipsis", no_wrap=True)
    for document in documents:
        drawn.add_row(*_row(document, now))
    return drawn


def is_moving(documents: Sequence[dict[str, Any]]) -> bool:
    """Somebody works, and a clock runs."""
    return any(step["state"] == "running" for one in documents for step in one["orchestration"]["steps"])


def _row(document: dict[str, Any], now: datetime) -> tuple[RenderableType, ...]:
    done, total = document["progress"]["done"], document["progress"]["total"]
    bar = progress_bar.ProgressBar(total=max(total, 1), completed=done, width=_BAR)
    name = rich_text.Text(document["id"], style=_COLOURS.get(document["priority"], ""))
    lines = _now(document, now)
    return name, bar, f"{done}/{total}", rich_text.Text("\n").join(lines), text.one_line(document["title"], 60)


def _now(document: dict[str, Any], now: datetime) -> list[rich_text.Text]:
    """Who works on what since when; where nobody does, what it waits for."""
    running = [step for step in document["orchestration"]["steps"] if step["state"] == "running"]
    if running:
        return [_at_work(step, now) for step in running]
    if document["waiting_for"]:
        return [rich_text.Text(f"waits: {text.one_line(document['waiting_for'], 120)}", style="yellow")]
    status = document["status"]
    ended = document["resolution"] or document["blocker"] or ""
    words = f"{status.replace('_', ' ')}{ended and ': ' + text.one_line(ended, 120)}"
    return [rich_text.Text(words, style=_STATES.get(status, ""))]


def _at_work(step: dict[str, Any], now: datetime) -> rich_text.Text:
    seconds = max((now - times.as_moment(step["started_at"])).total_seconds(), 0)
    clock = f"{int(seconds) // 60}:{int(seconds) % 60:02}"
    return rich_text.Text.assemble((clock, "cyan"), f" {step['agent']} · {step['name']}")


def _line(message: str) -> rich_text.Text:
    line = rich_text.Text.from_ansi(message)
    line.no_wrap, line.overflow = True, "ellipsis"
    return line
