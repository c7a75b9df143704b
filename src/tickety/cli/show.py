"""``tickety show``."""

from datetime import UTC, datetime

import click

from tickety.cli import options, render, session
from tickety.desk import search


@click.command("show", short_help="Show a ticket with every report and receipt.")
@options.ticket_id
@options.as_json
def command(typed: str, as_json: bool) -> None:
    """Show a ticket: its plan, every report, every receipt, and what it waits for.

    \b
    Examples:
      tickety show BUG-2026-001
      tickety show 1 --json
    """
    kept = session.store(session.here())
    document = kept.document(search.find(kept, typed, datetime.now(UTC)))
    kept.close()
    if as_json:
        import json

        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in render.whole(document):
        click.echo(line)
