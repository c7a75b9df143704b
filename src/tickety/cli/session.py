"""One call of the command line: where it is, who acts, and whether a person is there to ask."""

import os
import sys
from typing import TYPE_CHECKING

import click

from tickety import places
from tickety.core import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from tickety.core import events
    from tickety.desk import memory as desk_memory
    from tickety.desk import ports
    from tickety.stores import sqlite


_ATTEND = "tickety.attend"


class Call:
    """What one call of the command line did so far."""

    def __init__(self) -> None:
        self.has_changed = False

    def note(self, event: "events.Event") -> None:
        """Something was changed, and is kept."""
        del event
        self.has_changed = True


def here() -> places.Places:
    """The repository of the current folder."""
    return places.find(os.getcwd(), os.environ)


def store(found: places.Places) -> "sqlite.SqliteStore":
    """The tickets of a repository."""
    from tickety.stores import sqlite

    return sqlite.SqliteStore(found.store)


def memory(acting_as: str | None, found: places.Places | None = None) -> "desk_memory.Memory":
    """The PM's memory of the current folder's repository: enough for every verb that runs nothing."""
    from tickety.bootstrap import memory, sending

    found = found or here()
    opened = memory.open_memory(found, principal(found, acting_as))
    send = sending.Sender(found)
    opened.store.subscribe(send.note)
    _follow(opened, lambda: _look_after(found, opened, send))
    return opened


def memory_to_read() -> "desk_memory.Memory":
    """The same for verbs that change nothing: who looks is not asked of git."""
    from tickety.bootstrap import memory

    opened = memory.open_memory(here(), "user:unknown")
    click.get_current_context().call_on_close(opened.store.close)
    return opened


def tell_due(opened: "desk_memory.Memory", uid: str | None = None) -> None:
    """Whoever looks is told what the rules would tell now; nothing is written."""
    if not opened.store.due(opened.clock.now().timestamp(), 1):
        return
    from tickety.cli import dues

    dues.tell(opened, uid)


def lazy_principal(asked: str) -> str:
    """Who ``me`` is; git is asked only where the query says so."""
    return principal(here(), None) if ":me" in asked else "user:unknown"


def desk(
    acting_as: str | None, tell: "Callable[[ports.Notice], None] | None" = None, workers: int | None = None
) -> "ports.Ports":
    """The desk of the current folder's repository. Whoever hears ``tell`` runs it, and the rules with it.

    ``workers`` attempts run side by side, else as many as the project says.
    """
    import shutil

    from tickety.bootstrap import desk, memory

    if shutil.which("git") is None:
        raise errors.Failed("git is not installed", "install git, then run it again")
    found = here()
    places.require_git(found)
    places.refuse_state_inside(found)
    remembered = _with(memory.open_memory(found, principal(found, acting_as)), workers)
    opened = desk.open_desk(found, remembered, tell or (lambda _: None))
    _follow(opened, opened.send if tell else lambda: _look_after(found, opened, opened.send))
    return opened


def _with(remembered: "desk_memory.Memory", workers: int | None) -> "desk_memory.Memory":
    from dataclasses import replace

    if workers is None:
        return remembered
    rules = remembered.policy
    return replace(remembered, policy=lambda: replace(rules(), workers=workers))


def look_after() -> None:
    """Look after the rules now, in a call that goes on. What goes wrong is said, and stops nothing."""
    context = click.get_current_context()
    if attend := context.meta.get(_ATTEND):
        _safely(attend)


def _look_after(found: places.Places, opened: "desk_memory.Memory", send: "Callable[[], None]") -> None:
    """The rules that are due, and people who are to be told of what happened."""
    from tickety.bootstrap import attention

    attention.attend(found, opened)
    send()


def _safely(attend: "Callable[[], None]") -> None:
    try:
        attend()
    except (errors.TicketyError, OSError) as error:
        click.echo(f"tickety: the rules were not looked after: {error}", err=True)


def _follow(opened: "desk_memory.Memory", look_after: "Callable[[], None]") -> None:
    """The call knows what is changed; at its end it looks after the rules, and lets go of the store.

    What was asked for is done by then: what goes wrong here is said, and no more.
    """
    context = click.get_current_context()
    call = context.find_object(Call)

    def leave() -> None:
        try:
            if call and call.has_changed:
                _safely(look_after)
        finally:
            # Closing checkpoints the log, under the lock; left to the end of the process it would happen without.
            opened.store.close()

    context.call_on_close(leave)
    context.meta[_ATTEND] = look_after
    if call:
        opened.store.subscribe(call.note)


def principal(found: places.Places, acting_as: str | None) -> str:
    """Who acts: ``--as``, else the holder of TICKETY_TOKEN, else git's user."""
    from tickety.bootstrap import principal

    return principal.acting(found, os.environ, acting_as)


def origin(who: str) -> str:
    """Whose words the arguments are: the user's, unless an agent is typing."""
    from tickety.core import origin

    return origin.of_words(who, os.environ)


def agent_here() -> str | None:
    """The agent in whose environment we run; None when it is a person's."""
    from tickety.core import origin

    return origin.agent_in(os.environ)


def is_terminal() -> bool:
    """A person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
