"""Options that several verbs share."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


_TURNED = re.compile(r"-[^-].")


class Terms(click.Command):
    """A command whose arguments may be turned round: ``-tag:ui`` is a term, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A space in front keeps click from reading a term as options; the query does not see it."""
        return super().parse_args(ctx, [f" {word}" if _TURNED.match(word) else word for word in args])


Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def completes(*kinds: str) -> Complete:
    """What an unfinished word of some kinds (see ``offers.KINDS``) may become, for the shell."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        from tickety.cli import offers

        del param
        with ctx.scope():  # a shell that asks has nothing running yet
            return [item for kind in kinds for item in offers.KINDS[kind](incomplete)]

    return complete


complete_id = completes("id")

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
