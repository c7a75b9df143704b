"""A request as the command line takes it: words, and the options that go with them."""

import sys
from collections.abc import Callable
from functools import reduce
from typing import Any

import click

from tickety import config
from tickety.cli import options as shared
from tickety.cli import session
from tickety.core import errors, text
from tickety.desk import intake, ports

_OPTIONS = (
    click.option(
        "--type", "type_name", metavar="TYPE", help="bug, feature, doc, qa, security, performance, task, epic."
    ),
    click.option("--priority", metavar="PRIORITY", help="critical, high, medium, low."),
    click.option("--title", help="Another title than the first sentence."),
    click.option("--tag", "tags", multiple=True, help="A tag; may be given several times."),
    shared.reproduction,
    shared.verification,
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a request, for a command that passes them on to ``read``."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), command)


def read(
    desk: ports.Ports,
    words: str,
    type_name: str | None,
    priority: str | None,
    title: str | None,
    tags: tuple[str, ...],
    repro: str | None,
    verify: str | None,
) -> intake.Request:
    """The request that arguments mean. Piped words are somebody else's: they are read, and never run."""
    origin = session.origin(desk.principal)
    typed = commands(origin, repro, verify)
    if words == "-":
        words, origin = _standard_input(origin)
    return intake.Request(words, desk.principal, origin, type_name, priority, title, tags, *typed)


def commands(origin: str, repro: str | None, verify: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The commands that a person typed to be run; Refused from an agent: what it writes is never run."""
    if origin != "user" and (repro or verify):
        raise errors.Refused(
            "a command to be run must be given by a person", "leave --repro and --verify to the person you work for"
        )
    return (
        config.argv(repro, "--repro") if repro else (),
        config.argv(verify, "--verify") if verify else (),
    )


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
