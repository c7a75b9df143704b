"""``tickety hygiene``."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from tickety.cli import changing, printed, session
from tickety.core import hygiene as rules
from tickety.core import text
from tickety.desk import changing as commands
from tickety.desk import hygiene

_HEADINGS = {
    "overdue": "Overdue",
    "blocker_gone": "Blocked by what is closed",
    "half_closed": "Closed before their parts",
    "finished_epic": "Epics with nothing left to do",
    "stale": "Forgotten",
    "unowned": "Without an owner",
    "archivable": "Old enough for the archive",
    "double": "Opened twice",
}
_SHOWN = 20  # findings under one heading


@click.command("hygiene", short_help="Find forgotten, late, doubled and half-closed tickets.")
@click.option("--fix", is_flag=True, help="Mend what is safe: archive what is old, unblock what is blocked no more.")
@changing.shared
def command(fix: bool, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Find what is untidy, each with the command that mends it: late, forgotten, doubled or half-closed tickets.

    \b
    Examples:
      tickety hygiene
      tickety hygiene --fix --dry-run
      tickety hygiene --fix          one command: one `tickety undo` takes it back
    """
    desk = session.memory(acting_as) if fix else session.memory_to_read()
    found = hygiene.survey(desk)
    mended = hygiene.mend(desk, found, dry_run=dry_run) if fix else ()
    if as_json:
        _print_json(found, mended)
    else:
        _print(_left(found, mended), mended, would="would be " if dry_run else "")


def _left(found: Sequence[rules.Finding], mended: Sequence[commands.Changed]) -> list[rules.Finding]:
    done = {one.after.uid for one in mended if not one.is_same}
    return [finding for finding in found if not (finding.mend and finding.uid in done)]


def _print_json(found: Sequence[rules.Finding], mended: Sequence[commands.Changed]) -> None:
    done = [one.after.id for one in mended if not one.is_same]
    findings = [asdict(finding) for finding in found]
    printed.answer({"findings": findings, "mended": done})


def _print(found: Sequence[rules.Finding], mended: Sequence[commands.Changed], would: str) -> None:
    for one in mended:
        if not one.is_same:
            click.echo(f"{one.after.id}  {would}{'archived' if one.after.archived else 'unblocked'}")
    for rule, heading in _HEADINGS.items():
        _print_rule(heading, [finding for finding in found if finding.rule == rule])
    safe = sum(finding.mend is not None for finding in found)
    if not found and not mended:
        click.echo("all is tidy", err=True)
    elif safe:
        click.echo(f"{text.plural(safe, 'finding')} can be mended at once: tickety hygiene --fix", err=True)


def _print_rule(heading: str, found: Sequence[rules.Finding]) -> None:
    if found:
        click.echo(click.style(f"{heading} ({len(found)})", bold=True))
    for finding in found[:_SHOWN]:
        click.echo(f"  {finding.id:<14} {text.one_line(finding.sentence)}\n  {'':<14} {finding.command}")
    if len(found) > _SHOWN:
        click.echo(f"  and {len(found) - _SHOWN} more: tickety hygiene --json")
