"""``tickety new``."""

import json
from typing import Any

import click

from tickety.cli import announce, options, requests, session
from tickety.desk import intake


@click.command("new", short_help="Open a ticket and plan it; run nothing.")
@click.argument("words")
@requests.options
@options.dry_run
@options.acting_as
@options.as_json
def command(words: str, acting_as: str | None, dry_run: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - see requests.options
    """Open a ticket and plan it; nothing is run. `-` reads the words from standard input.

    \b
    Examples:
      tickety new "The export forgets the last line"
      tickety new "Faster start" --type performance --repro "notes list"
      git log -1 --format=%B | tickety new -
    """
    desk = session.desk(acting_as)
    opening = intake.prepare(desk, requests.read(desk, words, **given))
    if dry_run:
        document = intake.as_it_would_be(desk, opening)
    else:
        document = desk.store.document(intake.open_ticket(desk, opening).uid)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in announce.opening(opening, document, desk):
        click.echo(line)
    if not dry_run:
        click.echo(f"\nNothing was run. Go on with: tickety run {document['id']}")
