"""What verbs that change tickets have in common: the options, and how they say what they did."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import click

from tickety.cli import named, options, printed, session
from tickety.core import document, text
from tickety.desk import changing, memory


def _named(*kinds: str) -> Callable[..., Any]:
    """Tickets as an argument; the shell offers these kinds of words (see ``offers.KINDS``)."""
    complete = options.completes(*kinds)
    return click.argument("typed", metavar="ID...", nargs=-1, required=True, shell_complete=complete)


ticket_ids = _named("id")
closed_ids = _named("closed")
tied_ids = _named("id", "relationship")

_SHARED = (options.dry_run, options.acting_as, options.as_json)


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every verb that changes tickets: ``--dry-run``, ``--as``, ``--json``."""
    return reduce(lambda decorated, option: option(decorated), reversed(_SHARED), command)


def open_memory(acting_as: str | None, typed: Sequence[str]) -> tuple[memory.Memory, tuple[str, ...]]:
    """The memory, and the uids of the tickets that were named."""
    desk = session.memory(acting_as)
    return desk, named.find_many(desk.store, typed, desk.clock.now())


def tell(
    desk: memory.Memory,
    changed: Sequence[changing.Changed],
    sentence: Callable[[changing.Changed], str],
    *,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Say what became of the tickets: one line each, or their JSON (one ticket itself, several as a list)."""
    if not as_json:
        for one in changed:
            would = "would be: " if dry_run and not one.is_same else ""
            click.echo(would + text.harmless(sentence(one)))
        return
    documents = [document.from_ticket(one.after) if dry_run else desk.store.document(one.after.uid) for one in changed]
    printed.whole(documents)
