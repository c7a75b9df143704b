"""One call of the command line: where it is, who acts, and whether a person is there to ask."""

import os
import sys
from typing import TYPE_CHECKING

import click

from tickety import places
from tickety.core import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from tickety.desk import ports
    from tickety.stores import sqlite

AGENT_MARKS = {
    "TICKETY_TICKET": "tickety", "CLAUDECODE": "claude", "CLAUDE_CODE_ENTRYPOINT": "claude", "GEMINI_CLI": "gemini",
    "CODEX_SANDBOX": "codex", "CODEX_THREAD_ID": "codex", "OPENCODE": "opencode", "CURSOR_AGENT": "cursor",
    "GOOSE_TERMINAL": "goose", "COPILOT_CLI": "copilot",
}  # fmt: skip


def here() -> places.Places:
    """The repository of the current folder."""
    return places.find(os.getcwd(), os.environ)


def store(found: places.Places) -> "sqlite.SqliteStore":
    """The tickets of a repository."""
    from tickety.stores import sqlite

    return sqlite.SqliteStore(found.store)


def desk(acting_as: str | None, tell: "Callable[[ports.Notice], None]" = lambda _: None) -> "ports.Ports":
    """The desk of the current folder's repository."""
    import shutil

    from tickety import bootstrap

    if shutil.which("git") is None:
        raise errors.Failed("git is not installed", "install git, then run it again")
    found = here()
    places.refuse_state_inside(found)
    opened = bootstrap.open_desk(found, principal(found, acting_as), tell)
    # Closing checkpoints the log, under the lock; left to the end of the process it would happen without.
    click.get_current_context().call_on_close(opened.store.close)
    return opened


def principal(found: places.Places, acting_as: str | None) -> str:
    """Who acts: ``--as``, else the holder of TICKETY_TOKEN, else git's user."""
    if acting_as:
        return _checked(acting_as)
    if token := os.environ.get("TICKETY_TOKEN"):
        return _holder(found, token)
    return f"user:{_git_user(found) or os.environ.get('USER') or 'unknown'}"


def origin(who: str) -> str:
    """Whose words the arguments are: the user's, unless an agent is typing."""
    if agent := agent_here():
        return f"agent:{agent}"
    return "user" if who.startswith("user:") else who


def agent_here() -> str | None:
    """The agent in whose environment we run; None when it is a person's."""
    return next((name for mark, name in AGENT_MARKS.items() if os.environ.get(mark)), None)


def is_terminal() -> bool:
    """A person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _checked(acting_as: str) -> str:
    kind, _, name = acting_as.partition(":")
    if kind == "user" and name.strip():
        return acting_as
    if kind == "agent":
        from tickety.core import roster

        return f"agent:{roster.role(name).name}"
    raise errors.Usage(f"{acting_as!r} is nobody", "write user:NAME or agent:ROLE")


def _holder(found: places.Places, token: str) -> str:
    from hashlib import sha256

    kept = store(found)
    claim = kept.claim_of(sha256(token.encode()).hexdigest())
    if claim is None:
        raise errors.Refused(
            "TICKETY_TOKEN belongs to no running attempt", "unset TICKETY_TOKEN, or claim the step again"
        )
    return "agent:" + kept.load(claim.ticket_uid).orchestration.step(claim.step).agent.removesuffix(" Agent")


def _git_user(found: places.Places) -> str:
    import subprocess

    asked = subprocess.run(
        ["git", f"--git-dir={found.common}", "config", "--get", "user.name"],
        capture_output=True,
        text=True,
        check=False,
    )
    return " ".join(asked.stdout.split())
