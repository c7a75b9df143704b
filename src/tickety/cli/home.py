"""``tickety`` alone: what needs you."""

import click

from tickety.cli import options, printed, render, session
from tickety.desk import overview

_SHOWN = 50  # of each part, to people


@click.command("home", hidden=True)
@options.as_json
def command(as_json: bool) -> None:
    """Show what needs you: questions, blocked tickets, and what is being worked on."""
    seen = overview.look(session.memory_to_read().store, *(() if as_json else (_SHOWN,)))
    if as_json:
        printed.answer(seen.as_json())
        return
    for section in seen.sections():
        click.echo(click.style(section.heading, bold=True))
        for row in section.rows:
            click.echo("  " + render.row(row).replace("\n", "\n  "))
        if section.left:
            click.echo(f"  and {section.left} more: {section.command}")
    click.echo(seen.sentence(), err=True)
