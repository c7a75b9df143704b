"""Whose words something is: ``user``, ``agent:ROLE``, ``import:SOURCE``. Only a user's own are ever run."""

from collections.abc import Mapping

from tickety.core import errors

USER = "user"
UNKNOWN = "unknown"
PIPED = "import:stdin"

AGENT_MARKS = {
    "TICKETY_TICKET": "tickety", "CLAUDECODE": "claude", "CLAUDE_CODE_ENTRYPOINT": "claude", "GEMINI_CLI": "gemini",
    "CODEX_SANDBOX": "codex", "CODEX_THREAD_ID": "codex", "OPENCODE": "opencode", "CURSOR_AGENT": "cursor",
    "GOOSE_TERMINAL": "goose", "COPILOT_CLI": "copilot",
}  # fmt: skip


def agent_in(environ: Mapping[str, str]) -> str | None:
    """The agent that an environment belongs to; None when it is a person's."""
    return next((name for mark, name in AGENT_MARKS.items() if environ.get(mark)), None)


def of_words(who: str, environ: Mapping[str, str]) -> str:
    """Whose the words are that a principal gives: the user's, unless an agent is typing."""
    if agent := agent_in(environ):
        return f"agent:{agent}"
    return USER if who.startswith("user:") else who


def after_edit(origin: str, by: str, reporter: str) -> str:
    """Whose words a ticket's are that somebody rewrote: ``user`` are only those of the user who reported it."""
    return by if origin == USER and by != reporter else origin


def require_user(whose: str) -> None:
    """Refuses a command that is to be run from anybody but a person: what agents write is never run."""
    if whose != USER:
        raise errors.Refused(
            "a command to be run must be given by a person", "leave --repro and --verify to the person you work for"
        )
