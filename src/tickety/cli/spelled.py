"""A workflow as the command line takes it: in words, as a file, or from standard input (``-``)."""

import os

from tickety.cli import words

_MARKS = ("->", "→", "\n", "=")
_ENDINGS = (".toml", ".json")


def read(typed: str, origin: str) -> tuple[str, str]:
    """The workflow as it is written, and whose words it is; NotFound when it names a file that is not there.

    A file that somebody names counts as that person's words; what is piped never does.
    """
    if typed == "-":
        return words.read(typed, origin)
    if is_written_out(typed) or not (_is_path(typed) or os.path.isfile(typed)):
        return typed, origin
    from tickety.papers import workflow_file

    return workflow_file.read(typed), origin


def is_written_out(typed: str) -> bool:
    """The argument is the workflow itself."""
    return typed.lstrip()[:1] in {"{", "["} or any(mark in typed for mark in _MARKS)


def _is_path(typed: str) -> bool:
    return os.sep in typed or typed.endswith(_ENDINGS)
