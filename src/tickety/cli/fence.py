"""What only a person may decide, where an agent may be typing."""

import click

from tickety.cli import session
from tickety.core import errors


def require_person(question: str, *, dry_run: bool) -> None:
    """In an agent's environment a person has to say yes at the terminal; Refused when none does."""
    agent = None if dry_run else session.agent_here()
    if agent is None or (session.is_terminal() and click.confirm(question, default=False, err=True)):
        return
    raise errors.Refused(
        f"an agent ({agent}) does not decide this: a person has to say yes",
        "ask the person you work for to run it on their own terminal; --dry-run shows what it would do",
    )
