"""``tickety answer``."""

import click

from tickety.cli import changing, decisions, fence, session, words
from tickety.core import errors, text
from tickety.desk import answering


@click.command("answer", short_help="Answer what an agent asks.")
@click.argument("given", metavar="ID [QUESTION] WORDS", nargs=-1, required=True, shell_complete=decisions.complete)
@changing.shared
def command(given: tuple[str, ...], dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Answer a question of a ticket: the step that asked goes on. `-` reads the answer from standard input.

    \b
    Examples:
      tickety answer BUG-2026-001 "Take the second one."
      tickety answer BUG-2026-001 diagnose-1 "Take the second one."
      git diff | tickety answer 12 -
    """
    if len(given) not in {2, 3}:
        raise errors.Usage("it is not said what the answer is", f'tickety answer {given[0]} "…"')
    typed, name, said = given[0], given[1] if len(given) > 2 else None, given[-1]  # noqa: PLR2004 - a question between
    desk, (uid,) = changing.open_memory(acting_as, (typed,))
    answer, _ = words.read(said, session.origin(desk.principal))
    if not text.harmless(answer).strip():
        raise errors.Usage("the answer is empty", f'tickety answer {typed} "…"')
    fence.require_person(f"Answer {typed}?", dry_run=dry_run)
    done = answering.answer(desk, uid, name, answer, dry_run=dry_run)
    decisions.tell(desk, done, "answered", as_json=as_json, dry_run=dry_run)
