"""``tickety completion``, and how ids are completed."""

from typing import TYPE_CHECKING

import click

from tickety.core import errors

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SHELLS = ("bash", "zsh", "fish")
_MANY = 200  # more than anybody reads in a shell


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script that completes verbs, options and tickets' ids in a shell.

    \b
    Examples:
      eval "$(tickety completion bash)"                               in ~/.bashrc
      eval "$(tickety completion zsh)"                                in ~/.zshrc
      tickety completion fish > ~/.config/fish/completions/tickety.fish
    """
    from click import shell_completion

    kinds: dict[str, type[shell_completion.ShellComplete]] = {
        "bash": shell_completion.BashComplete,
        "zsh": shell_completion.ZshComplete,
        "fish": shell_completion.FishComplete,
    }
    # What click's own source() adds for bash is a look at the version of a bash that need not be the user's.
    script = kinds[shell](click.get_current_context().find_root().command, {}, "tickety", "_TICKETY_COMPLETE")
    click.echo(script.source_template % script.source_vars())


def ids(typed: str) -> "list[CompletionItem]":
    """The ids that begin so, each with its title. A shell is never told about errors: then there are none."""
    from click.shell_completion import CompletionItem

    from tickety.cli import session
    from tickety.core import text
    from tickety.desk import naming

    try:
        kept = session.store(session.here())
        rows = naming.beginning(kept, typed, _MANY)
        kept.close()
    except (errors.TicketyError, OSError):
        return []
    return [CompletionItem(row.id, help=text.one_line(row.title, 60)) for row in rows]
