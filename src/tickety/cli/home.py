"""``tickety`` alone: what needs you."""

import json

import click

from tickety.cli import options, render, session
from tickety.desk import overview


@click.command("home", hidden=True)
@options.as_json
def command(as_json: bool) -> None:
    """Show what needs you: questions, blocked tickets, and what is being worked on."""
    kept = session.store(session.here())
    seen = overview.look(kept)
    kept.close()
    if as_json:
        click.echo(json.dumps({"schema": 1, **seen.as_json()}, ensure_ascii=False))
        return
    for heading, rows in seen.sections():
        click.echo(click.style(heading, bold=True))
        for row in rows:
            click.echo("  " + render.row(row).replace("\n", "\n  "))
    click.echo(seen.sentence(), err=True)
