"""Messages for tests: a plain one, and hostile ones."""

from tickety.core import outbox

PLAIN = outbox.Message(
    "uid/7",
    "blocked",
    "BUG-2026-001",
    "BUG-2026-001 is blocked: The --version command fails",
    "QA reported: it fails\ntickety show BUG-2026-001",
    "2026-11-22T09:00:00Z",
)

HOSTILE = (
    "--help", "-u critical", "`id`", "$(id)", "; rm -rf ~", "a\nb", "\\x41\\n", '" & (do shell script "id") & "',
    "<b>bold</b> <a href='https://evil.example'>x</a> &amp;", "@everyone <!channel> <@U1>", ":smile: \\u0041",
    "%s {0} {{x}}", "\x1b]0;title\x07\x1b[31m", "\u202ereversed", "x" * 100_000, "",
)  # fmt: skip


def of(title: str, body: str = "", kind: str = "blocked") -> outbox.Message:
    """A message that says this."""
    return outbox.Message("uid/8", kind, "BUG-2026-001", title, body, "2026-11-22T09:00:00Z")
