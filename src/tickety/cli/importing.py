"""``tickety import``."""

from collections.abc import Sequence
from dataclasses import replace

import click

from tickety.cli import fence, options, printed, session
from tickety.core import text
from tickety.core.exchange import dialects, paper
from tickety.desk import importing, memory, taking
from tickety.papers import frontmatter, reading

_REFUSED = 1


@click.command("import", short_help="Take in tickets from files.")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--from", "dialect", type=click.Choice(dialects.NAMES), default=dialects.AUTO, help="Who wrote them.")
@options.dry_run
@options.acting_as
@options.as_json
def command(sources: tuple[str, ...], dialect: str, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Take in tickets from files, folders, or standard input (-). Importing twice changes nothing.

    \b
    Examples:
      tickety import tickets/ --dry-run
      tickety import .beads/issues.jsonl
      gh issue list --state all --json number,title,body,labels,state,url,createdAt | tickety import -
      tickety export --events | tickety import -         (in an empty store: the same log)

    What is not understood stays with the ticket, under metadata.imported. What is refused is named; the rest is
    imported, and the exit code is 1. A command that came with it is never run.

    \b
    Lines (JSONL) and rows (CSV) stand for themselves: the good ones are imported, each bad one is named.
    A document (JSON, a Markdown file) and a log of events are taken whole or not at all.

    Where an agent is typing, new tickets may come; changing those that are here needs a person's yes.
    """
    desk = session.memory(acting_as)
    papers = [one for source in sources for one in reading.read(source)]
    way = importing.Way(dialect, frontmatter.parse)
    if session.agent_here() and not dry_run:
        way = _fenced(desk, papers, way)
    outcome = importing.import_many(desk, papers, way, dry_run=dry_run)
    if as_json:
        printed.answer(taking.as_json(outcome, dry_run=dry_run))
    else:
        _tell(outcome, dry_run=dry_run)
    if outcome.faults:
        raise click.exceptions.Exit(_REFUSED)


def _fenced(desk: memory.Memory, papers: Sequence[paper.Paper], way: importing.Way) -> importing.Way:
    """The way, but that only new tickets come unless a person says yes to those that would be changed."""
    changed = importing.import_many(desk, papers, way, dry_run=True).of(taking.UPDATED)
    if changed:
        fence.require_person(f"Change {', '.join(one.id for one in changed)}?", dry_run=False)
    return replace(way, with_updates=bool(changed))


def _tell(outcome: taking.Outcome, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    for one in outcome.taken:
        was = f", which was {text.one_line(one.was, 60)}" if one.was else ""
        notes = "".join(f"\n    {text.one_line(note, 200)}" for note in one.notes)
        click.echo(f"{one.id} {would}{one.result}{was}: {text.one_line(one.title, 80)}{notes}")
    for fault in outcome.faults:
        _tell_fault(fault)
    count = len(outcome.of(taking.IMPORTED))
    rest = f"{len(outcome.of(taking.UPDATED))} updated, {len(outcome.of(taking.SKIPPED))} skipped"
    left_out = sum(fault.left_out for fault in outcome.faults)
    with_them = f", {left_out} left out with them" if left_out else ""
    told = f"{text.plural(count, 'ticket')} {would}imported, {rest}, {len(outcome.faults)} refused{with_them}"
    click.echo(told, err=True)


def _tell_fault(fault: dialects.Fault) -> None:
    click.echo(f"refused: {text.one_line(fault.place, 200)}: {text.one_line(fault.reason, 300)}", err=True)
    if fault.left_out:
        click.echo(f"  it is taken whole or not at all: {fault.left_out} more in it are left out", err=True)
    if fault.hint:
        click.echo(f"  try: {text.one_line(fault.hint, 200)}", err=True)
