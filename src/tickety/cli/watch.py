"""``tickety watch``."""

import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import live, named, options, render, session, told
from tickety.core import events, text
from tickety.desk import memory, watching

if TYPE_CHECKING:
    from tickety.cli import scene

_GLANCE = 0.5  # seconds between two looks at the log
_ATTENDS = 5.0  # seconds between two looks after the rules
_DRAWS = 1.0  # seconds between two drawings while a clock runs
_DETAILS = 2  # lines of a report
_BACK = 200  # events before now from which a terminal shows the newest messages


@click.command("watch", short_help="See what happens, live.")
@click.argument("typed", metavar="[ID]...", nargs=-1, shell_complete=options.complete_id)
@click.option("--until-idle", is_flag=True, help="End once nothing runs, is ready, or is tried again soon.")
@options.as_json
def command(typed: tuple[str, ...], until_idle: bool, as_json: bool) -> int:
    """Show what happens to tickets while it happens. It ends once all that were named are closed.

    It runs nothing itself. The exit code is that of a run: 1 when a ticket is blocked, 5 when one waits for a person.

    \b
    Examples:
      tickety watch
      tickety watch BUG-2026-001
      tickety watch --until-idle --json | jq -r .type
    """
    desk = session.memory(None)
    uids = named.find_many(desk.store, typed, desk.clock.now())
    watch = _Watch(desk, uids, until_idle=until_idle)
    if as_json:
        return _as_json(watch)
    return _on_a_terminal(watch) if sys.stdout.isatty() else _as_lines(watch)


class _Watch:
    """One watch over tickets, and how far it has read."""

    def __init__(self, desk: memory.Memory, uids: Sequence[str], *, until_idle: bool) -> None:
        self.desk = desk
        self.uids = uids
        self.cursor = watching.begin(desk)
        self._seen: dict[str, None] = dict.fromkeys(uids)
        self._until_idle = until_idle
        self._attends_at = 0.0

    def batches(self) -> Iterator[tuple[events.Event, ...]]:
        """What is new, again and again; nothing where there was nothing. It ends when there is no more to be seen."""
        while True:
            # Asked before the last look: what made it so is seen, too.
            is_over = self._is_over()
            news = self._look()
            yield news
            if is_over and not news:
                return
            if not news:
                time.sleep(_GLANCE)

    def before(self) -> tuple[events.Event, ...]:
        """What happened last, before this watch began."""
        past = watching.look(self.desk, self.uids, max(self.cursor - _BACK, 0)).events
        return tuple(event for event in past if event.seq <= self.cursor)

    def scene(self) -> list[dict[str, Any]]:
        """The tickets as they stand."""
        return watching.scene(self.desk, self.uids)

    def exit_code(self) -> int:
        """How it went for those that were named, or seen."""
        return watching.exit_code([self.desk.store.load(uid) for uid in self._seen])

    def standing(self) -> list[str]:
        """Where each that was named, or seen, stands: one line a ticket."""
        return [_standing(self.desk.store.document(uid)) for uid in self._seen]

    def _look(self) -> tuple[events.Event, ...]:
        """What is new. Now and then the rules are let run first: what they find is news, too."""
        self._attend()
        news = watching.look(self.desk, self.uids, self.cursor)
        self.cursor = news.cursor
        self._seen |= dict.fromkeys(event.ticket_uid for event in news.events)
        return news.events

    def _is_over(self) -> bool:
        if watching.is_over(self.desk, self.uids):
            return True
        return self._until_idle and watching.is_quiet(self.desk, self.uids)

    def _attend(self) -> None:
        now = self.desk.clock.monotonic()
        if now >= self._attends_at:
            self._attends_at = now + _ATTENDS
            session.look_after()  # a watch may be all that is there on a Saturday


def _as_json(watch: _Watch) -> int:
    stream = live.Stream()
    for event in chain.from_iterable(watch.batches()):
        stream.event(event)
    code = watch.exit_code()
    stream.result(code, watch.desk.store.document(watch.uids[0]) if len(watch.uids) == 1 else None)
    return code


def _as_lines(watch: _Watch) -> int:
    teller = told.Teller(watch.desk.store.load, _DETAILS)
    for document in watch.scene():
        click.echo(_standing(document))
    sys.stdout.flush()
    for event in chain.from_iterable(watch.batches()):
        for line in _lines(teller, event):
            click.echo(line)
        sys.stdout.flush()
    return watch.exit_code()


def _on_a_terminal(watch: _Watch) -> int:
    from tickety.cli import scene

    with scene.Scene() as drawn:
        _follow(watch, drawn)
    for line in watch.standing():
        click.echo(line)
    return watch.exit_code()


def _follow(watch: _Watch, drawn: "scene.Scene") -> None:
    """Draw when something happened, and each second while somebody works."""
    from tickety.cli import scene

    teller = told.Teller(watch.desk.store.load, _DETAILS)
    _tell(drawn, teller, watch.before())
    documents, draws_at = watch.scene(), 0.0
    for news in watch.batches():
        _tell(drawn, teller, news)
        now = watch.desk.clock.monotonic()
        documents = watch.scene() if news else documents
        if news or not draws_at or (scene.is_moving(documents) and now >= draws_at):
            drawn.draw(documents, watch.desk.clock.now())
            draws_at = now + _DRAWS


def _tell(drawn: "scene.Scene", teller: told.Teller, news: Sequence[events.Event]) -> None:
    for event in news:
        for line in _lines(teller, event):
            drawn.say(line)


def _lines(teller: told.Teller, event: events.Event) -> list[str]:
    """The lines of an event, each with its time and its ticket."""
    lines = teller.lines(event)
    head = f"{event.at[11:19]} {teller.name(event.ticket_uid)}" if lines else ""
    return [f"{head} {line}" for line in lines]


def _standing(document: dict[str, Any]) -> str:
    done = document["progress"]
    ended = document["resolution"] or document["blocker"] or document["waiting_for"]
    why = f", {text.one_line(ended, 120)}" if ended else ""
    status = render.coloured(document["status"])
    return f"{document['id']} {status} {done['done']}/{done['total']}{why}: {text.one_line(document['title'], 80)}"
