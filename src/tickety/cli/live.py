"""What a person, or a script, sees while tickets are worked on: events as they happen, each told once."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import announce, printed, told
from tickety.core import events, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from tickety import store
    from tickety.desk import ports


class Stream:
    """Events and notices as NDJSON, for scripts."""

    def event(self, event: events.Event) -> None:
        """One event, one line."""
        self._line(event.as_json())

    def notice(self, notice: "ports.Notice") -> None:
        """Something that is being done, and kept by nobody."""
        self._line({"type": "notice", "ticket": notice.ticket_id, "step": notice.step, "text": notice.text})

    def knows(self, kept: "store.Store") -> None:
        """A script knows tickets by their uid."""

    def opened(self, lines: "Iterator[str]", starting: str = "") -> None:
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
    """The same for people: who works, since when, on what, and what came out. A terminal shows a running clock.

    Where several tickets are worked on side by side, each line begins with the ticket's id.
    """

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._clocks: dict[tuple[str, str], TaskID] = {}
        self._teller: told.Teller | None = None
        self._live: set[str] = set()
        self._starting = announce.STARTING
        self._heading = ""  # said once somebody really starts
        self._is_following = False

    def knows(self, kept: "store.Store") -> None:
        """Where it looks tickets up."""
        self._teller = told.Teller(kept.load)

    def opened(self, lines: "Iterator[str]", starting: str = announce.STARTING) -> None:
        """What the PM has to say about the new ticket, and with which sentence the work begins."""
        for line in lines:
            click.echo(line)
        self._starting = starting

    def idle(self) -> None:
        """Nothing was ready."""
        click.echo("nothing is ready to be worked on; see what needs you: tickety", err=True)

    def event(self, event: events.Event) -> None:
        """Tell what happened, if it is of interest while watching."""
        if not self._is_following or self._teller is None:
            return
        if event.type == "step.started":
            self._head()
            self._began(event)
        elif event.type in _ENDS:
            self._ended(event)
        is_told_at_the_end = event.type in _OUTCOMES and len(self._live) <= 1
        for line in () if is_told_at_the_end else self._teller.lines(event):
            self._say(f"{self._whose(event)}{line}")

    def notice(self, notice: "ports.Notice") -> None:
        """Tell what is being done."""
        whose = f"{notice.ticket_id} " if len(self._live) > 1 else ""
        self._say(f"{whose}    {notice.text}")
        if (step := (notice.ticket_id, notice.step)) in self._clocks:
            self._show(step, f"{whose}{notice.step}: {text.one_line(notice.text, 80)}")

    @contextmanager
    def following(self) -> "Iterator[None]":
        """Show a line with a running clock, when a person looks at a terminal."""
        self._heading, self._starting = self._starting, announce.STARTING
        self._is_following = True
        try:
            with self._clock():
                yield
        finally:
            self._is_following = False
            self._live.clear()

    @contextmanager
    def _clock(self) -> "Iterator[None]":
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
            self._clocks = {_STARTING: self._progress.add_task("starting")}
            yield
        self._progress = None

    def _head(self) -> None:
        if self._heading:
            self._say(f"\n{self._heading}\n")
            self._heading = ""

    def _began(self, event: events.Event) -> None:
        """An agent begins."""
        self._live.add(event.ticket_uid)
        self._hide(_STARTING)
        doing = f"{self._whose(event)}{event.data['step']}: {event.data['agent']}"
        self._show(self._clock_of(event), text.one_line(doing, 80))

    def _ended(self, event: events.Event) -> None:
        """Nobody works on a step any more."""
        self._hide(self._clock_of(event))

    def _clock_of(self, event: events.Event) -> tuple[str, str]:
        return (self._teller.name(event.ticket_uid) if self._teller else "", event.data["step"])

    def _whose(self, event: events.Event) -> str:
        is_plain = len(self._live) <= 1 or self._teller is None
        return "" if is_plain or self._teller is None else f"{self._teller.name(event.ticket_uid)} "

    def _say(self, line: str) -> None:
        if self._progress:
            from rich.text import Text

            self._progress.console.print(Text.from_ansi(line), soft_wrap=True)
        else:
            click.echo(line)
            sys.stdout.flush()

    def _show(self, step: tuple[str, str], doing: str) -> None:
        """What is being done in a step, with a clock of its own."""
        if self._progress is None:
            return
        if step in self._clocks:
            self._progress.update(self._clocks[step], description=doing)
        else:
            self._clocks[step] = self._progress.add_task(doing)

    def _hide(self, step: tuple[str, str]) -> None:
        clock = self._clocks.pop(step, None)
        if self._progress and clock is not None:
            self._progress.remove_task(clock)


_STARTING = ("", "")
_ENDS = frozenset({"step.passed", "step.failed", "step.waiting", "step.released", "step.cancelled"})
_OUTCOMES = frozenset({"ticket.closed", "ticket.blocked", "step.waiting"})
"""What is told at the end of the only ticket, with what to do next."""
