"""``tickety escalations``."""

import click

from tickety.cli import inbox, options, printed, session
from tickety.desk import inbox as inboxes


@click.command("escalations", short_help="Show what needs more than its crew.")
@click.option("--all", "every", is_flag=True, help="Those that are over, too.")
@options.as_json
def command(every: bool, as_json: bool) -> None:
    """Show what the rules told: critical tickets that stay open, blocked ones, times that run out, late answers.

    What is due and was not told yet is marked; looking writes nothing.

    \b
    Examples:
      tickety escalations
      tickety escalations --all --json
    """
    found = inboxes.escalations(session.memory_to_read(), every=every)
    if as_json:
        printed.answer({"escalations": [item.as_json() for item in found]})
        return
    for item in found:
        for line in inbox.lines(item):
            click.echo(line)
    if not found:
        click.echo("nothing is escalated" + ("" if every else "; --all shows what was"), err=True)
