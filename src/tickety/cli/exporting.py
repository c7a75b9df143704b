"""``tickety export``."""

import click

from tickety.cli import options, printed, session
from tickety.core import errors
from tickety.desk import exporting, search


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

    \b
    json and ndjson carry everything, and import gives equal tickets.
    csv carries what fits into cells: no steps, and none of what agents reported or asked.
    md is for reading; it cannot be imported again.
    """
    _require_one_form(form, output, as_log=as_log, as_json=as_json)
    desk = session.memory_to_read()
    asked = " ".join(words)
    wanted = search.asked(desk, asked, session.lazy_principal(asked))
    if as_log:
        pieces = exporting.export_log(desk, wanted if asked.strip() else None)
    else:
        pieces = exporting.export(desk, exporting.ordered(wanted, asked), form or "json")
        if form in exporting.LEFT_OUT:
            click.echo(exporting.LEFT_OUT[form], err=True)
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    from tickety.papers import writing

    writing.write(output, pieces)
    if as_json:
        printed.answer({"written": output})
    else:
        click.echo(f"written: {output}", err=True)


def _require_one_form(form: str | None, output: str | None, *, as_log: bool, as_json: bool) -> None:
    """Refuses options that contradict each other."""
    if as_log and form not in {None, "ndjson"}:
        raise errors.Usage(f"a log is written as ndjson, not as {form}", "tickety export --events")
    if as_json and output is None and form in exporting.LEFT_OUT:
        raise errors.Usage(f"--json and --format {form} cannot both be printed", f"tickety export --format {form}")
