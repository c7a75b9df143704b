"""``tickety help``."""

import click

from tickety.cli import options, printed
from tickety.core import errors


@click.command("help", short_help="Explain a verb.")
@click.argument("words", nargs=-1, metavar="[VERB]...", shell_complete=options.completes("verb"))
@options.as_json
def command(words: tuple[str, ...], as_json: bool) -> None:
    """Explain a verb, as its --help does; without one, all of them.

    \b
    Examples:
      tickety help
      tickety help list
      tickety help epic new
    """
    context = click.get_current_context().find_root()
    for word in words:
        context = click.Context(_verb(context, word), info_name=word, parent=context)
    explained = context.get_help()
    if as_json:
        printed.answer({"verb": " ".join(words), "help": explained})
    else:
        click.echo(explained)


def _verb(context: click.Context, word: str) -> click.Command:
    group = context.command
    known = group.list_commands(context) if isinstance(group, click.Group) else []
    found = group.get_command(context, word) if isinstance(group, click.Group) and word in known else None
    if found is None:
        from tickety.core import nearest

        hint = f"{nearest.asked(word, known)}{context.command_path} --help"
        raise errors.Usage(f"{context.command_path} has no verb {word!r}", hint)
    return found
