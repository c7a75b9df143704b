"""Options that several verbs share."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def complete_id(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The ids that an unfinished one may become, for the shell."""
    from tickety.cli import completion

    del ctx, param
    return completion.ids(incomplete)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
yes = click.option("--yes", "-y", is_flag=True, help="Answer every question with yes: trust, for one.")
dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be.")
acting_as = click.option("--as", "acting_as", metavar="PRINCIPAL", help="Who acts: user:NAME or agent:ROLE.")
reproduction = click.option(
    "--repro", metavar="COMMAND", help="A command that shows the fault: it fails now, and must pass in the end."
)
verification = click.option(
    "--verify", metavar="COMMAND", help="The command that verifies the project, when none is found."
)
ticket_id = click.argument("typed", metavar="ID", shell_complete=complete_id)
