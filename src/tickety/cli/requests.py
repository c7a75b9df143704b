"""A request as the command line takes it: words, and the options that go with them."""

import sys
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import options as shared
from tickety.cli import session
from tickety.core import errors, text
from tickety.desk import intake

if TYPE_CHECKING:
    from tickety.desk import memory

_OPTIONS = (
    click.option(
        "--type", "type", metavar="TYPE", help="bug, feature, doc, qa, security, performance, task, epic, or your own."
    ),
    click.option("--priority", metavar="PRIORITY", help="critical, high, medium, low."),
    click.option("--title", help="Another title than the first sentence."),
    click.option("--tag", "tags", multiple=True, help="A tag; may be given several times."),
    click.option("--template", metavar="NAME", help="What the ticket starts with: see tickety template list."),
    click.option("--parent", metavar="ID", help="The ticket that this one is a part of."),
    click.option("--blocked-by", multiple=True, metavar="ID", help="A ticket that must be closed first."),
    click.option("--starts-with", multiple=True, metavar="ID", help="A ticket that must have started first."),
    click.option("--assignee", metavar="WHO", help="user:NAME, agent:ROLE, me or none; by default agent:PM."),
    click.option("--due", metavar="WHEN", help="A date, or a length of time: 2026-12-01, 3 days."),
    click.option("--estimate", metavar="HOURS", help="How many hours of work it is."),
    shared.reproduction,
    shared.verification,
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a request, for a command that passes them on to ``read``."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def read(
    desk: "memory.Memory",
    words: str,
    *,
    repro: str | None = None,
    verify: str | None = None,
    **given: Any,  # noqa: ANN401 - fields of a request, as click gives them
) -> intake.Request:
    """The request that arguments mean. Piped words are somebody else's: they are read, and never run."""
    origin = session.origin(desk.principal)
    reproduction, verification = commands(origin, repro, verify)
    if words == "-":
        words, origin = _standard_input(origin)
    return intake.Request(words, desk.principal, origin, reproduction=reproduction, verification=verification, **given)


def commands(origin: str, repro: str | None, verify: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The commands that a person typed to be run; Refused from an agent: what it writes is never run."""
    if not (repro or verify):
        return (), ()
    if origin != "user":
        raise errors.Refused(
            "a command to be run must be given by a person", "leave --repro and --verify to the person you work for"
        )
    from tickety import config

    return (
        config.argv(repro, "--repro") if repro else (),
        config.argv(verify, "--verify") if verify else (),
    )


def completed(request: intake.Request) -> intake.Request:
    """The request with what a person answers about the parts that its words do not tell."""
    from dataclasses import replace

    from tickety.core import description

    if not session.is_terminal() or session.agent_here():
        raise errors.Usage("--ask needs a person at a terminal", "say it in the words themselves")
    words = text.clean(request.words)
    known = {"title": request.title, "description": words, "due_at": request.due}
    answers = {
        part: click.prompt(f"It does not say {part} (Enter leaves it out)", default="", show_default=False, err=True)
        for part in description.missing(known)
    }
    return replace(request, words=description.added(words, answers))


def _standard_input(origin: str) -> tuple[str, str]:
    if sys.stdin.isatty():
        click.echo("Describe what is wrong or wanted; end with Ctrl-D.", err=True)
    content = sys.stdin.buffer.read(text.LIMIT * 4 + 1)
    try:
        words = content.decode()
    except UnicodeDecodeError:
        raise errors.Usage(
            "standard input is binary, not text", "describe in plain words what is wrong or wanted"
        ) from None
    return words, origin if sys.stdin.isatty() else "import:stdin"
