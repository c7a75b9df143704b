"""``tickety block``."""

import click

from tickety.cli import changing
from tickety.core import errors, ids, text
from tickety.desk import blocking
from tickety.desk import changing as commands


@click.command("block", short_help="Say what stands in the way of tickets.")
@click.argument("words", metavar="ID... [REASON]", nargs=-1, required=True)
@click.option("--because", metavar="TEXT", help="What stands in the way.")
@changing.shared
def command(words: tuple[str, ...], because: str | None, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Say what stands in the way of tickets: nobody works on them until `tickety unblock`.

    \b
    Examples:
      tickety block 12 "the vendor has to answer"
      tickety block 12 13 --because "the vendor has to answer"
    """
    typed, reason = _parted(words, because)
    desk, uids = changing.open_memory(acting_as, typed)
    changed = blocking.block_many(desk, uids, reason, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _parted(words: tuple[str, ...], because: str | None) -> tuple[tuple[str, ...], str]:
    """The tickets and the reason: of the arguments only the last can be one, and then names no ticket."""
    typed, reason = words, because or ""
    if because is None and len(words) > 1 and not ids.is_reference(words[-1]):
        typed, reason = words[:-1], words[-1]
    if text.harmless(reason).strip():
        return typed, reason
    raise errors.Usage("it is not said what stands in the way", f'tickety block {words[0]} --because "…"')


def _sentence(one: commands.Changed) -> str:
    already = " already" if one.is_same else ""
    return f"{one.after.id} is blocked{already}: {one.after.blocker}"
