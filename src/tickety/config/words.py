"""What people write into the tables: commands, lengths of time, roles, people. Usage, naming the place, else."""

import shlex

from tickety.config import tables
from tickety.core import errors, roster, times

_SHELL = frozenset(";|&<>$`\n")


def argv(words: tables.Words, place: str) -> tuple[str, ...]:
    """An argument list; a text is split as a shell would, but nothing in it may need a shell."""
    if isinstance(words, str) and _SHELL.intersection(words):
        raise errors.Usage(
            f"{place}: {words!r} needs a shell, and commands here run without one", 'give a list: ["sh", "-c", "…"]'
        )
    try:
        parts = tuple(shlex.split(words) if isinstance(words, str) else words)
    except ValueError as error:
        raise errors.Usage(f"{place}: {words!r} cannot be split: {error}", "check its quotes") from error
    if not parts or not parts[0]:
        raise errors.Usage(f"{place}: the command is empty", 'give its words: ["pytest", "-q"]')
    return parts


def seconds(text: str) -> float:
    """A length of time in seconds."""
    try:
        return times.length(text).total_seconds()
    except ValueError as error:
        raise errors.Usage(f"{tables.FILE}: {error}", times.example(text)) from error


def role(name: str, place: str) -> str:
    """The name of a role, however it is written."""
    try:
        return roster.role(name).name
    except errors.Usage as error:
        raise errors.Usage(f"{tables.FILE}: {place}: {error.message}", error.hint) from error


def principal(who: str, place: str) -> str:
    """A person or an agent."""
    kind, _, name = who.partition(":")
    if kind == "agent":
        return f"agent:{role(name, place)}"
    require(kind == "user" and bool(name.strip()) and name.isprintable(), place, "user:NAME or agent:ROLE")
    return who


def require(holds: bool, place: str, wanted: str) -> None:  # noqa: FBT001 - what must hold comes first
    """Refuses what does not hold."""
    if not holds:
        raise errors.Usage(f"{tables.FILE}: {place} is not {wanted}", tables.REMEDY)
