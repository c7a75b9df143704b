"""``tickety unlink``."""

import click

from tickety.cli import changing, named, options, ties
from tickety.core import dependency, errors, ids, ticket
from tickety.desk import changing as commands
from tickety.desk import linking


@click.command("unlink", short_help="Untie tickets from another one.")
@click.argument(
    "words",
    metavar="ID... [RELATIONSHIP] ID",
    nargs=-1,
    required=True,
    shell_complete=options.completes("id", "relationship"),
)
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
    towards = named.find(desk.store, other, desk.clock.now())
    changed = linking.unlink_many(desk, uids, relationship, towards, dry_run=dry_run)
    told = changed if as_json else [one for one in changed if not one.is_same or one.after.uid in uids]
    changing.tell(desk, told, _sentence, as_json=as_json, dry_run=dry_run)


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id} has no such link" if one.is_same else ties.told(one)


def _parted(words: tuple[str, ...]) -> tuple[tuple[str, ...], ticket.Relationship | None, str]:
    """The tickets, the relationship if one is named, and the other ticket: the last."""
    *typed, other = words
    relationship = dependency.relationship_of(typed.pop()) if typed and not ids.is_reference(typed[-1]) else None
    if not typed:
        raise errors.Usage("two tickets have to be named", "tickety unlink 12 blocked_by 14")
    return tuple(typed), relationship, other
