"""``tickety trust``."""

import click

from tickety.cli import ask, options, printed, session
from tickety.core import trusted
from tickety.desk import trusting


@click.command("trust", short_help="Trust the commands of this repository.")
@options.yes
@options.dry_run
@options.acting_as
@options.as_json
def command(yes: bool, dry_run: bool, acting_as: str | None, as_json: bool) -> None:
    """Show which commands of this repository would be run, and trust them.

    It is asked again when one of them changes, or a file behind one.

    \b
    Examples:
      tickety trust
      tickety trust --dry-run --json
    """
    desk = session.desk(acting_as)
    stake = trusted.stake(desk.settings_at(desk.workspaces.head().commit))
    is_new = not trusting.is_trusted(desk, stake)
    if is_new and not dry_run:
        ask.for_trust(desk, stake, yes=yes)
    elif not as_json:
        ask.show(stake)
    is_trusted = trusting.is_trusted(desk, stake)
    if as_json:
        printed.answer({"trusted": is_trusted, "digest": stake.digest, "commands": stake.lines})
    else:
        click.echo("trusted" if is_trusted else "not trusted")
