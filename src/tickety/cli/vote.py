"""``tickety vote``."""

import click

from tickety.cli import changing
from tickety.core import text
from tickety.desk import changing as commands
from tickety.desk import voting


@click.command("vote", short_help="Say that somebody wants it.")
@changing.ticket_ids
@click.option("--count", type=click.IntRange(1, 1_000_000), default=1, show_default=True, help="How many votes.")
@changing.shared
def command(typed: tuple[str, ...], count: int, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Add a vote, or several, to tickets.

    \b
    Examples:
      tickety vote FEAT-2026-002
      tickety vote 12 --count 5
    """
    desk, uids = changing.open_memory(acting_as, typed)
    changed = voting.vote_many(desk, uids, count, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id} has {text.plural(one.after.metadata['user_votes'], 'vote')}"
