"""``tickety completion``."""

import click

from tickety.cli import options, printed

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
@options.as_json
def command(shell: str, as_json: bool) -> None:
    """Print the script that completes verbs, options, tickets' ids and names of every kind in a shell.

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
    made = kinds[shell](click.get_current_context().find_root().command, {}, "tickety", "_TICKETY_COMPLETE")
    script = made.source_template % made.source_vars()
    if as_json:
        printed.answer({"shell": shell, "script": script})
    else:
        click.echo(script)
