"""What a person, or a script, sees while tickets are worked on: events as they happen, each told once."""

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import printed, render
from tickety.core import events, text, times
from tickety.desk import dispatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

    from tickety.desk import ports


class Stream:
    """Events and notices as NDJSON, for scripts."""

    def event(self, event: events.Event) -> None:
        """One event, one line."""
        self._line(event.as_json())

    def notice(self, notice: "ports.Notice") -> None:
        """Something that is being done, and kept by nobody."""
        self._line({"type": "notice", "ticket": notice.ticket_id, "step": notice.step, "text": notice.text})

    def opened(self, lines: "Iterator[str]") -> None:
        """A script reads the event, not the words."""

    def result(self, exit_code: int, ticket: dict[str, Any] | None) -> None:
        """The last line."""
        self._line({"type": "result", "exit_code": exit_code, "ticket": ticket})

    @contextmanager
    def following(self) -> "Iterator[None]":
        """Nothing has to be prepared for lines."""
        yield

    def idle(self) -> None:
        """Nothing was ready."""
        self.result(0, None)

    def _line(self, data: dict[str, Any]) -> None:
        printed.line(data)
        sys.stdout.flush()


class Story:
    """The same for people: who works, since when, on what, and what came out. A terminal shows a running clock."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._began: dict[tuple[str, str], float] = {}
        self._doing = ""

    def opened(self, lines: "Iterator[str]") -> None:
        """What the PM has to say about the new ticket."""
        for line in lines:
            click.echo(line)

    def idle(self) -> None:
        """Nothing was ready."""
        click.echo("nothing is ready to be worked on; see what needs you: tickety", err=True)

    def event(self, event: events.Event) -> None:
        """Tell what happened, if it is of interest while watching."""
        if tell := _TELL.get(event.type):
            tell(self, event)

    def notice(self, notice: "ports.Notice") -> None:
        """Tell what is being done."""
        self._say(f"    {notice.text}")
        self._show(notice.text)

    @contextmanager
    def following(self) -> "Iterator[None]":
        """Show a line with a running clock, when a person looks at a terminal."""
        click.echo("\nStarting multi-agent coordination now…\n")
        if not sys.stdout.isatty():
            yield
            return
        from rich import progress

        columns = (
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}", markup=False),
            progress.TimeElapsedColumn(),
        )
        with progress.Progress(*columns, transient=True) as self._progress:
            self._progress.add_task("starting")
            yield
        self._progress = None

    def started(self, event: events.Event) -> None:
        """An agent begins."""
        self._began[event.ticket_uid, event.data["step"]] = time.monotonic()
        self._doing = f"{event.data['step']}: {event.data['agent']}"
        clock = event.at[11:19]
        mark = click.style("▸", fg="cyan")
        works = "has nobody to work on it" if event.data["agent"] == dispatch.NOBODY else f"works since {clock} UTC"
        self._say(f"{mark} {self._doing} {works}, attempt {event.attempt}")
        self._show("at work", afresh=True)

    def reported(self, event: events.Event) -> None:
        """An agent's report, with how long it took."""
        update = event.data["update"]
        took = time.monotonic() - self._began.get((event.ticket_uid, event.data["step"]), time.monotonic())
        lines = [line for line in update["details"].splitlines() if line.strip()]
        self._say(f"  {update['agent']}: {render.coloured(update['result'])} after {times.in_words(took)}")
        for line in lines[:12]:
            self._say(f"    {text.harmless(line)[:160]}")
        if len(lines) > 12:  # noqa: PLR2004 - as many as were shown
            self._say(f"    … {text.plural(len(lines) - 12, 'more line')}: tickety show")

    def released(self, event: events.Event) -> None:
        """An attempt that ended without a result."""
        self._say(f"  {event.data['step']}: given back, {text.one_line(event.data['reason'])}")

    def _say(self, line: str) -> None:
        if self._progress:
            from rich.text import Text

            self._progress.console.print(Text.from_ansi(line), soft_wrap=True)
        else:
            click.echo(line)
            sys.stdout.flush()

    def _show(self, doing: str, *, afresh: bool = False) -> None:
        if self._progress:
            task = self._progress.task_ids[0]
            if afresh:
                self._progress.reset(task)
            self._progress.update(task, description=f"{self._doing} · {text.one_line(doing, 80)}")


_TELL = {"step.started": Story.started, "step.reported": Story.reported, "step.released": Story.released}
