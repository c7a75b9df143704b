"""``tickety export``."""

import json
from datetime import UTC, datetime

import click

from tickety.cli import options, session
from tickety.core import errors, query
from tickety.desk import exporting


@click.command("export", short_help="Write tickets as JSON, CSV or Markdown.")
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.option("--format", "form", type=click.Choice(exporting.FORMATS), help="By default json.")
@click.option("--output", "-o", metavar="FILE", help="Write a file instead of standard output.")
@click.option("--events", "as_log", is_flag=True, help="The log that the tickets are made of, one event a line.")
@options.as_json
def command(words: tuple[str, ...], form: str | None, output: str | None, as_log: bool, as_json: bool) -> None:
    """Write tickets, closed ones too unless the query says otherwise (see `tickety search --help`).

    \b
    Examples:
      tickety export --output tickets.json
      tickety export type:bug is:unfinished --format csv > bugs.csv
      tickety export --events --output backup.ndjson
    """
    if as_log and form not in {None, "ndjson"}:
        raise errors.Usage(f"a log is written as ndjson, not as {form}", "tickety export --events")
    desk = session.memory_to_read()
    asked = " ".join(words)
    wanted = query.parse(asked, datetime.now(UTC), lambda: desk.catalogue().types, session.lazy_principal(asked))
    if as_log:
        pieces = exporting.export_log(desk, wanted if asked.strip() else None)
    else:
        pieces = exporting.export(desk, exporting.ordered(wanted, asked), form or "json")
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    from tickety.papers import writing

    writing.write(output, pieces)
    click.echo(json.dumps({"schema": 1, "written": output}) if as_json else f"written: {output}", err=not as_json)
