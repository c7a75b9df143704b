"""``tickety unlink``."""

import click

from tickety.cli import changing, ties
from tickety.core import dependency, errors, ids, ticket
from tickety.desk import linking, search


@click.command("unlink", short_help="Untie tickets from another one.")
@click.argument("words", metavar="ID... [RELATIONSHIP] ID", nargs=-1, required=True)
@changing.shared
def command(words: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Untie tickets from another one: from every link between them, or from that of one relationship.

    \b
    Examples:
      tickety unlink DOC-2026-004 FEAT-2026-006
      tickety unlink 12 13 blocked_by 14
    """
    typed, relationship, other = _parted(words)
    desk, uids = changing.open_memory(acting_as, typed)
    towards = search.find(desk.store, other, desk.clock.now())
    changed = linking.unlink_many(desk, uids, relationship, towards, dry_run=dry_run)
    changing.tell(desk, changed, ties.told, as_json=as_json, dry_run=dry_run)


def _parted(words: tuple[str, ...]) -> tuple[tuple[str, ...], ticket.Relationship | None, str]:
    """The tickets, the relationship if one is named, and the other ticket: the last."""
    *typed, other = words
    relationship = dependency.relationship_of(typed.pop()) if typed and not _is_id(typed[-1]) else None
    if not typed:
        raise errors.Usage("two tickets have to be named", "tickety unlink 12 blocked_by 14")
    return tuple(typed), relationship, other


def _is_id(word: str) -> bool:
    try:
        ids.parse_reference(word)
    except errors.Usage:
        return False
    return True
