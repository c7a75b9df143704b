"""``tickety link``."""

import click

from tickety.cli import changing, named, ties
from tickety.core import dependency
from tickety.desk import linking


@click.command("link", short_help="Tie tickets to another one.")
@changing.tied_ids
@click.argument("relationship", metavar="RELATIONSHIP")
@click.argument("other", metavar="ID")
@changing.shared
def command(
    typed: tuple[str, ...], relationship: str, other: str, dry_run: bool, acting_as: str | None, as_json: bool
) -> None:
    """Tie tickets to another one: blocks, blocked_by, starts_with, related_to, duplicate_of.

    What is blocked_by another may start when that is closed, what starts_with another when that has started.

    \b
    Examples:
      tickety link DOC-2026-004 blocked_by FEAT-2026-006
      tickety link 12 13 related_to 14
    """
    meant = dependency.relationship_of(relationship)
    desk, uids = changing.open_memory(acting_as, typed)
    towards = named.find(desk.store, other, desk.clock.now())
    changed = linking.link_many(desk, uids, meant, towards, dry_run=dry_run)
    changing.tell(desk, changed, ties.told, as_json=as_json, dry_run=dry_run)
