"""``tickety comment``."""

import click

from tickety.cli import changing, options, session, words
from tickety.core import errors, text
from tickety.desk import changing as commands
from tickety.desk import commenting


@click.command("comment", short_help="Say something about tickets.")
@click.argument("given", metavar="ID... TEXT", nargs=-1, required=True, shell_complete=options.complete_id)
@changing.shared
def command(given: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Say something about tickets. `-` reads the words from standard input.

    \b
    Examples:
      tickety comment BUG-2026-001 "It happens on Windows only."
      tickety comment 12 13 "See the log of last night."
      git log -1 --format=%B | tickety comment 12 -
    """
    *typed, said = given
    _require_words(given[0], said if typed else "")
    desk, uids = changing.open_memory(acting_as, typed)
    spoken = commenting.Words(*words.read(said, session.origin(desk.principal)))
    _require_words(given[0], spoken.text)
    changed = commenting.comment_many(desk, uids, spoken, dry_run=dry_run)
    changing.tell(desk, changed, _sentence, as_json=as_json, dry_run=dry_run)


def _require_words(typed: str, said: str) -> None:
    if not text.harmless(said).strip():
        raise errors.Usage(
            "it is not said what the comment is", f'tickety comment {typed} "It happens on Windows only."'
        )


def _sentence(one: commands.Changed) -> str:
    return f"{one.after.id} has {text.plural(len(one.after.comments), 'comment')}"
