"""One call of the command line: where it is, who acts, and whether a person is there to ask."""

import os
import sys
from typing import TYPE_CHECKING

import click

from tickety import places
from tickety.core import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from tickety.desk import memory as desk_memory
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


def memory(acting_as: str | None, found: places.Places | None = None) -> "desk_memory.Memory":
    """The PM's memory of the current folder's repository: enough for every verb that runs nothing."""
    from tickety.bootstrap import memory

    found = found or here()
    opened = memory.open_memory(found, principal(found, acting_as))
    click.get_current_context().call_on_close(opened.store.close)
    return opened


def memory_to_read() -> "desk_memory.Memory":
    """The same for verbs that change nothing: who looks is not asked of git."""
    from tickety.bootstrap import memory

    opened = memory.open_memory(here(), "user:unknown")
    click.get_current_context().call_on_close(opened.store.close)
    return opened


def lazy_principal(asked: str) -> str:
    """Who ``me`` is; git is asked only where the query says so."""
    return principal(here(), None) if ":me" in asked else "user:unknown"


def desk(acting_as: str | None, tell: "Callable[[ports.Notice], None]" = lambda _: None) -> "ports.Ports":
    """The desk of the current folder's repository."""
    import shutil

    from tickety.bootstrap import desk, memory

    if shutil.which("git") is None:
        raise errors.Failed("git is not installed", "install git, then run it again")
    found = here()
    places.require_git(found)
    places.refuse_state_inside(found)
    opened = desk.open_desk(found, memory.open_memory(found, principal(found, acting_as)), tell)
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
    """The ``user.name`` that git knows. Started without ``subprocess``, whose import costs more than git itself."""
    reading, writing = os.pipe()
    argv = ["git", *((f"--git-dir={found.common}",) if found.is_git else ()), "config", "--get", "user.name"]
    streams = [(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    try:
        asked = os.posix_spawnp("git", argv, os.environ, file_actions=streams)
    except FileNotFoundError:
        asked = None
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as answer:
        name = " ".join(answer.read().split())
    if asked is not None:
        os.waitpid(asked, 0)
    return name
