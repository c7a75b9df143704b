"""What verbs that change tickets have in common: the options, and how they say what they did."""

import json
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import click

from tickety.cli import options, session
from tickety.core import document, text
from tickety.desk import changing, memory, search

ticket_ids = click.argument("typed", metavar="ID...", nargs=-1, required=True, shell_complete=options.complete_id)

_SHARED = (options.dry_run, options.acting_as, options.as_json)


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every verb that changes tickets: ``--dry-run``, ``--as``, ``--json``."""
    return reduce(lambda decorated, option: option(decorated), reversed(_SHARED), command)


def open_memory(acting_as: str | None, typed: Sequence[str]) -> tuple[memory.Memory, tuple[str, ...]]:
    """The memory, and the uids of the tickets that were named."""
    desk = session.memory(acting_as)
    return desk, search.find_many(desk.store, typed, desk.clock.now())


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
    answer = documents[0] if len(documents) == 1 else {"schema": 1, "tickets": documents, "next": None}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
