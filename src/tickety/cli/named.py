"""Tickets as people name them at the command line: at a terminal they are asked where a name can mean several."""

from collections.abc import Sequence
from datetime import datetime

from tickety import store
from tickety.cli import session
from tickety.desk import search


def find(kept: store.Store, typed: str, now: datetime) -> str:
    """The uid of the ticket that was typed; NotFound, or Usage where it can mean several and nobody is there to ask."""
    if not session.is_terminal() or session.agent_here():
        return search.find(kept, typed, now)
    found = search.meant(kept, typed, now)
    return found[0][0] if len(found) == 1 else _chosen(kept, typed, dict(found))


def find_many(kept: store.Store, typed: Sequence[str], now: datetime) -> tuple[str, ...]:
    """The uids of several tickets, each once, in the order typed; nothing is found unless all are."""
    return tuple(dict.fromkeys(find(kept, one, now) for one in typed))


def _chosen(kept: store.Store, typed: str, found: dict[str, str]) -> str:
    """The uid of the one that a person means. Its prefix says enough: no two of them share it."""
    import click

    from tickety.core import text

    click.echo(f"{typed} can mean:", err=True)
    for uid, ticket_id in found.items():
        click.echo(f"  {ticket_id:<14} {text.one_line(kept.load(uid).title)}", err=True)

    def uid_of(answer: str) -> str:
        meant = answer.strip().upper()
        for uid, ticket_id in found.items():
            if meant in {ticket_id, ticket_id.partition("-")[0]}:
                return uid
        raise click.BadParameter(f"answer with one of: {', '.join(found.values())}")

    answer: str = click.prompt("Which one do you mean?", value_proc=uid_of, err=True)
    return answer
