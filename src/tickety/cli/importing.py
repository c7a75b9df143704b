"""``tickety import``."""

import json

import click

from tickety.cli import options, session
from tickety.core import text
from tickety.core.exchange import dialects
from tickety.desk import importing
from tickety.papers import frontmatter, reading

_REFUSED = 1


@click.command("import", short_help="Take in tickets from files.")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--from", "dialect", type=click.Choice(dialects.NAMES), default=dialects.AUTO, help="Who wrote them.")
@options.yes
@options.dry_run
@options.acting_as
@options.as_json
def command(
    sources: tuple[str, ...], dialect: str, yes: bool, dry_run: bool, acting_as: str | None, as_json: bool
) -> None:
    """Take in tickets from files, folders, or standard input (-). Importing twice changes nothing.

    \b
    Examples:
      tickety import tickets/ --dry-run
      tickety import .beads/issues.jsonl
      gh issue list --state all --json number,title,body,labels,state,url,createdAt | tickety import -
      tickety export --events | tickety import -         (in an empty store: the same log)

    What is not understood stays with the ticket, under metadata.imported. What is refused is named; the rest is
    imported, and the exit code is 1. A command in an imported ticket is never run.
    """
    desk = session.memory(acting_as)
    papers = (paper for source in sources for paper in reading.read(source))
    way = importing.Way(dialect, frontmatter.parse, with_commands=yes and session.agent_here() is None)
    outcome = importing.import_many(desk, papers, way, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(importing.as_json(outcome, dry_run=dry_run), ensure_ascii=False, indent=2))
    else:
        _tell(outcome, dry_run=dry_run)
    if outcome.faults:
        raise click.exceptions.Exit(_REFUSED)


def _tell(outcome: importing.Outcome, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    for one in outcome.taken:
        was = f", which was {text.one_line(one.was, 60)}" if one.was else ""
        notes = "".join(f"\n    {text.one_line(note, 200)}" for note in one.notes)
        click.echo(f"{one.id} {would}{one.result}{was}: {text.one_line(one.title, 80)}{notes}")
    for fault in outcome.faults:
        click.echo(f"refused: {text.one_line(fault.place, 200)}: {text.one_line(fault.reason, 300)}", err=True)
        if fault.hint:
            click.echo(f"  try: {text.one_line(fault.hint, 200)}", err=True)
    count = len(outcome.of(importing.IMPORTED))
    rest = f"{len(outcome.of(importing.UPDATED))} updated, {len(outcome.of(importing.SKIPPED))} skipped"
    click.echo(f"{text.plural(count, 'ticket')} {would}imported, {rest}, {len(outcome.faults)} refused", err=True)
