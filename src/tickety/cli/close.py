"""``tickety close``."""

import click

from tickety.cli import changing, fence, named, options, session, words
from tickety.core import moves, ticket
from tickety.desk import changing as commands
from tickety.desk import closing, commenting, memory


@click.command("close", short_help="End tickets.")
@changing.ticket_ids
@click.option(
    "--resolution",
    "-r",
    shell_complete=options.completes("resolution"),
    metavar="NAME",
    help="fixed, done, wont_fix, duplicate, cannot_reproduce, cancelled.",
)
@click.option(
    "--of",
    "original",
    shell_complete=options.completes("id"),
    metavar="ID",
    help="Close it as a duplicate of that ticket.",
)
@click.option("--comment", metavar="TEXT", help="Say something about it; `-` reads standard input.")
@changing.shared
def command(
    typed: tuple[str, ...],
    resolution: str | None,
    original: str | None,
    comment: str | None,
    dry_run: bool,
    acting_as: str | None,
    as_json: bool,
) -> None:
    """Close tickets: faults as fixed, everything else as done, unless you say otherwise.

    \b
    Examples:
      tickety close 12 13 14
      tickety close BUG-2026-001 --resolution wont_fix --comment "It is meant to be so."
      tickety close 15 --of 12
    """
    chosen = moves.resolution_of(resolution) if resolution else None
    desk, uids = changing.open_memory(acting_as, typed)
    doubled = named.find(desk.store, original, desk.clock.now()) if original else None
    ending = closing.Ending(chosen, doubled, _words(desk, comment))
    fence.require_person(f"Close {', '.join(typed)}?", dry_run=dry_run)
    changed = closing.close_many(desk, uids, ending, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)
    if chosen is ticket.Resolution.DUPLICATE and not original and not as_json:
        click.echo(f"say of which one it is a duplicate: tickety link {typed[0]} duplicate_of ID", err=True)


def _words(desk: memory.Memory, comment: str | None) -> commenting.Words | None:
    return commenting.Words(*words.read(comment, session.origin(desk.principal))) if comment else None


def _sentence(one: commands.Changed) -> str:
    if one.before.is_closed:
        return f"{one.after.id} was closed already"
    return f"{one.after.id} is closed, {one.after.resolution}"
