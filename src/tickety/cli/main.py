"""The ``tickety`` command: verbs are loaded when they are used; anything with a space in it is a request."""

import gc
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from tickety import __version__
from tickety.core import errors

SENTENCE = "sentence"
HOME = "home"
VERBS = {
    "new": "new", "list": "listing", "show": "show", "log": "log", "search": "search", "next": "upcoming", "why":
    "why", "vote": "vote", "edit": "edit", "comment": "comment", "close": "close", "reopen": "reopen", "block":
    "block", "unblock": "unblock", "assign": "assign", "tag": "tag", "link": "link", "unlink": "unlink", "archive":
    "archive", "unarchive": "unarchive", "undo": "undo", "redo": "redo", "run": "run", "retry": "retry", "diff":
    "diff", "epic": "epic", "template": "template", "trust": "trust", "import": "importing", "export": "exporting",
    "hygiene": "hygiene", "doctor": "doctor", "init": "init", "stats": "stats", "completion": "completion",
    SENTENCE: "sentence", HOME: "home",
}  # fmt: skip
_HIDDEN = frozenset({SENTENCE, HOME})
_CLOSE = 0.6


class Verbs(click.Group):
    """The verbs, each in a module of its own that is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of a ticket's life."""
        del ctx
        return [name for name in VERBS if name not in _HIDDEN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb."""
        del ctx
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"tickety.cli.{VERBS[cmd_name]}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Send a request to the command that takes requests, and nothing at all to the overview."""
        # A shell that completes the line asks for verbs: what is typed so far means nothing yet.
        return super().parse_args(ctx, args if ctx.resilient_parsing else routed(args))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command meant; one word that is no verb is a mistake, never a ticket."""
        if args[0] not in VERBS and not ctx.resilient_parsing:
            raise errors.Usage(f"there is no verb {args[0]!r}", _did_you_mean(args[0]))
        return super().resolve_command(ctx, args)


def routed(args: list[str]) -> list[str]:
    """The arguments with the verb that they mean in front."""
    if not args:
        return [HOME]
    first = args[0]
    if first in {"--help", "-h", "--version"} or (first and not first.startswith("-") and not _is_request(first)):
        return args
    is_request = first in {"", "-"} or any(_is_request(word) for word in args)
    return [SENTENCE if is_request else HOME, *args]


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar='"WORDS" | VERB [ARGUMENTS]',
)
@click.version_option(__version__, prog_name="tickety")
def cli() -> None:
    """A project manager for your coding agents.

    \b
    Examples:
      tickety "The --version command is throwing an ImportError"
                                   open a ticket, plan a crew, run it, close it on evidence
      tickety "…" --plan-only      only open and plan
      tickety                      what needs you now
      tickety list                 the tickets that are not closed
      tickety show BUG-2026-001    one ticket, with every report and receipt
      tickety run                  go on with everything that is ready
    """


def main() -> NoReturn:
    """Run the command line, and end the process with the contract's exit code."""
    try:
        code = cli.main(standalone_mode=False) or 0
    except errors.TicketyError as error:
        code = _complain(error.kind, error.message, error.hint, error.exit_code)
    except click.ClickException as error:
        code = _complain("usage", error.format_message(), "tickety --help", errors.Usage.exit_code)
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = _complain("interrupted", "interrupted", "tickety run goes on from the last recorded step", 130)
    except BrokenPipeError:
        code = _let_go_of_the_pipe()
    except OSError as error:
        code = _complain(
            "failed", f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), _os_hint(error), 1
        )
    gc.freeze()  # what is left dies with the process: nothing of it is looked through once more
    sys.exit(code)


def _is_request(word: str) -> bool:
    return word == "-" or any(letter.isspace() for letter in word)


def _complain(kind: str, message: str, hint: str, exit_code: int) -> int:
    """One sentence on the cause, one on the remedy; under ``--json`` one object."""
    if "--json" in sys.argv:
        import json

        error: dict[str, Any] = {"kind": kind, "message": message, "hint": hint, "exit_code": exit_code}
        click.echo(json.dumps({"schema": 1, "error": error}), err=True)
    else:
        from tickety.core import text

        click.echo(f"tickety: {text.harmless(message)}", err=True)
        if hint:
            click.echo(f"  try: {text.harmless(hint)}", err=True)
    return exit_code


def _os_hint(error: OSError) -> str:
    import errno

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "free some space, then tickety run; everything acknowledged earlier is kept"
    return "see that the folder is yours and can be written, then tickety run"


def _let_go_of_the_pipe() -> int:
    """The reader of our output has gone: that is its right. Nothing more may be flushed to it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _did_you_mean(word: str) -> str:
    from difflib import get_close_matches

    if word[-1:].isdigit():
        return f"tickety show {word}"
    near = get_close_matches(word, [name for name in VERBS if name not in _HIDDEN], n=1, cutoff=_CLOSE)
    asked = f"did you mean `tickety {near[0]}`? " if near else ""
    return f'{asked}a request has several words: tickety "{word} …"'
