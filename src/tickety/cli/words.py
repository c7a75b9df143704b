"""Words that an argument gives, or standard input where it is ``-``."""

import sys

import click

from tickety.core import errors, text
from tickety.core import origin as origins


def read(given: str, origin: str) -> tuple[str, str]:
    """The words and whose they are. What is piped is somebody else's: ``import:stdin``."""
    return _standard_input(origin) if given == "-" else (given, origin)


def _standard_input(origin: str) -> tuple[str, str]:
    is_typed = sys.stdin.isatty()
    if is_typed:
        click.echo("Write, and end with Ctrl-D.", err=True)
    content = sys.stdin.buffer.read(text.LIMIT * 4 + 1)
    try:
        return content.decode(), origin if is_typed else origins.PIPED
    except UnicodeDecodeError:
        raise errors.Usage("standard input is binary, not text", "give it as UTF-8") from None
