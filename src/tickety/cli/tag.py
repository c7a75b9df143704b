"""``tickety tag``."""

import click

from tickety.cli import changing, options
from tickety.core import editing as rules
from tickety.core import errors, ids
from tickety.desk import changing as commands
from tickety.desk import editing


@click.command("tag", short_help="Put tags on tickets, or take them off.")
@click.argument(
    "words", metavar="ID... [TAG]...", nargs=-1, required=True, shell_complete=options.completes("id", "tag")
)
@click.option(
    "--remove",
    shell_complete=options.completes("tag"),
    multiple=True,
    metavar="TAG",
    help="Take this tag off; may be given several times.",
)
@changing.shared
def command(
    words: tuple[str, ...], remove: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool
) -> None:
    """Put tags on tickets, and take some off. A tag that looks like a ticket's id is written +v2-1.

    \b
    Examples:
      tickety tag BUG-2026-001 auth ui
      tickety tag 12 13 auth --remove ui
    """
    typed, added = _parted(words)
    if not added and not remove:
        raise errors.Usage("no tag was named", f"tickety tag {words[0]} auth")
    desk, uids = changing.open_memory(acting_as, typed)
    off, on = ([rules.tag(word) for word in several] for several in (remove, added))
    changed = editing.tag_many(desk, uids, on, off, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _parted(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tickets, and the tags: what comes after the last word that can be an id."""
    end = next((index for index, word in enumerate(words) if index and not ids.is_reference(word)), len(words))
    return words[:end], words[end:]


def _sentence(one: commands.Changed) -> str:
    tags = ", ".join(one.after.tags)
    already = " already" if one.is_same else ""
    return f"{one.after.id} is{already} tagged {tags}" if tags else f"{one.after.id} has no tags"
