"""``tickety ack``."""

import click

from tickety.cli import changing, options
from tickety.core import errors, ids, text
from tickety.desk import answering
from tickety.desk import changing as commands


@click.command("ack", short_help="Say that you have seen escalations.")
@click.argument(
    "words",
    metavar="ID... [ESCALATION]",
    nargs=-1,
    required=True,
    shell_complete=options.completes("escalated", "escalation"),
)
@changing.shared
def command(words: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Say that you have seen the escalations of tickets: all that they have, or one by its rule or its whole name.

    \b
    Examples:
      tickety ack BUG-2026-001
      tickety ack 12 13
      tickety ack 12 critical_open
    """
    typed, name = _parted(words)
    desk, uids = changing.open_memory(acting_as, typed)
    seen = answering.acknowledge_many(desk, uids, name, dry_run=dry_run)
    changing.tell(desk, seen, _sentence, as_json=as_json, dry_run=dry_run)


def _parted(words: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The tickets and the escalation: only the last of the words can be one, and then names no ticket."""
    if ids.is_reference(words[-1]):
        return words, None
    if len(words) == 1:
        raise errors.Usage(f"{words[0]!r} is no ticket", "tickety escalations shows what there is")
    return words[:-1], words[-1]


def _sentence(one: commands.Changed) -> str:
    before = {seen.id for seen in one.before.escalations if seen.acknowledged_by}
    now = [seen for seen in one.after.escalations if seen.acknowledged_by and seen.id not in before]
    if now:
        return f"{one.after.id}: you have {', '.join(seen.rule for seen in now)} in your hands"
    left = "was seen already" if before else "has no escalation"
    return text.one_line(f"{one.after.id} {left}")
