"""The ``tickety`` command: verbs are loaded when they are used; anything with a space in it is a request."""

import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from tickety import __version__
from tickety.cli import session
from tickety.core import errors

SENTENCE = "sentence"
HOME = "home"
VERBS = {
    "new": "new", "list": "listing", "show": "show", "log": "log", "search": "search", "next": "upcoming", "why":
    "why", "vote": "vote", "edit": "edit", "comment": "comment", "close": "close", "reopen": "reopen", "block":
    "block", "unblock": "unblock", "assign": "assign", "tag": "tag", "link": "link", "unlink": "unlink", "archive":
    "archive", "unarchive": "unarchive", "undo": "undo", "redo": "redo", "run": "run", "watch": "watch", "retry":
    "retry", "cancel": "cancel", "pause": "pause", "resume": "resume", "claim": "claim", "renew": "renew", "report":
    "report", "release": "release", "diff": "diff", "epic": "epic", "template": "template", "workflow": "workflow",
    "trust": "trust", "inbox": "inbox", "answer": "answer", "approve": "approve", "reject": "reject", "ack": "ack",
    "escalations": "escalations",
    "import": "importing", "export": "exporting", "hygiene": "hygiene", "doctor": "doctor", "init": "init", "stats":
    "stats", "completion": "completion", "help": "help",
    SENTENCE: "sentence", HOME: "home",
}  # fmt: skip
_HIDDEN = frozenset({SENTENCE, HOME})


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
    if first == "--json" and len(args) > 1 and not args[1].startswith("-") and not _is_request(args[1]):
        return [*args[1:], first] if "--" not in args else [args[1], first, *args[2:]]
    if first in {"--help", "-h", "--version"} or (first and not first.startswith("-") and not _is_request(first)):
        return args
    is_request = first in {"", "-"} or any(_is_request(word) for word in args)
    if is_request:
        return [SENTENCE, *args]
    return [HOME, *args] if {*args} == {"--json"} else args


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
    call = session.Call()
    try:
        code = cli.main(prog_name="tickety", standalone_mode=False, obj=call, color=_colour()) or 0
    except errors.TicketyError as error:
        code = _complain(error.kind, error.message, error.hint, error.exit_code)
    except click.ClickException as error:
        code = _complain("usage", _sentence(error), _help(error), errors.Usage.exit_code)
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = _complain("interrupted", "interrupted", _way_on(call), 130)
    except BrokenPipeError:
        code = _let_go_of_the_pipe()
    except OSError as error:
        code = _failed(error, call)
    gc.freeze()  # what is left dies with the process: nothing of it is looked through once more
    sys.exit(code)


def _is_request(word: str) -> bool:
    return word == "-" or any(letter.isspace() for letter in word)


def _complain(kind: str, message: str, hint: str, exit_code: int) -> int:
    """One sentence on the cause, one on the remedy; under ``--json`` one object."""
    if "--json" in sys.argv:
        from tickety.cli import printed

        printed.failure({"kind": kind, "message": message, "hint": hint, "exit_code": exit_code})
    else:
        from tickety.core import text

        click.echo(f"tickety: {text.harmless(message)}", err=True)
        if hint:
            click.echo(f"  try: {text.harmless(hint)}", err=True)
    return exit_code


def _colour() -> bool | None:
    """False where nobody wants colours; else it is decided by whether there is a terminal."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _sentence(error: click.ClickException) -> str:
    """What click says of a slip, on one line and as we say it."""
    said = " ".join(error.format_message().split())
    return said[:1].lower() + said[1:].removesuffix(".")


def _help(error: click.ClickException) -> str:
    """Where the options stand that the person wanted: in the help of the verb itself."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    is_verb = context is not None and context.info_name not in _HIDDEN
    return f"{context.command_path if context and is_verb else 'tickety'} --help"


def _way_on(call: session.Call) -> str:
    """How an interrupted verb goes on: what was run goes on where it was, everything else happened or did not."""
    has_begun = call.has_changed and routed(sys.argv[1:])[0] in {SENTENCE, "run", "retry"}
    return "tickety run goes on from the last recorded step" if has_begun else "run it again"


def _failed(error: OSError, call: session.Call) -> int:
    """What the machine refused. What is not written to standard output is not lost: a change may have been made."""
    if _is_of_the_output(error):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        done = "the change was made, but its output" if call.has_changed else "the output"
        hint = "tickety list shows what is there now" if call.has_changed else "write it elsewhere, and run it again"
        return _complain("failed", f"{done} could not be written: {error.strerror or error}", hint, 1)
    message = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
    return _complain("failed", message, _os_hint(error, call), 1)


def _is_of_the_output(error: OSError) -> bool:
    """It was raised while something was told, not while something was done."""
    from traceback import walk_tb

    return any(frame.f_code is click.echo.__code__ for frame, _ in walk_tb(error.__traceback__))


def _os_hint(error: OSError, call: session.Call) -> str:
    import errno

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"free some space; everything acknowledged earlier is kept; {_way_on(call)}"
    return f"see that the folder is yours and can be written; {_way_on(call)}"


def _let_go_of_the_pipe() -> int:
    """The reader of our output has gone: that is its right. Nothing more may be flushed to it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _did_you_mean(word: str) -> str:
    from tickety.core import nearest

    if word[-1:].isdigit():
        return f"tickety show {word}"
    near = nearest.asked(word, (name for name in VERBS if name not in _HIDDEN), "`tickety {}`")
    return f'{near}a request has several words: tickety "{word} …"'
