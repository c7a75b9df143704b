"""The files that ``tickety init`` writes: what was found in the project, and what else can be said."""

import json

from tickety.core import outbox, settings

_TOML = """\
# How Tickety works on this project. It is read from the commit that a ticket starts from: commit your changes.

[verification]
# Judges every change; a ticket is closed on what this command shows.
{verification}
# timeout = "30 minutes"

[workspace]
# Run once in every worktree, before anything else.
{setup}
# copy = [".env"]           # copied from your checkout, never committed
# share = ["data"]          # linked from your checkout, never committed
# env = ["DATABASE_URL"]    # variables of yours that programs in a worktree may see

# Who fills a role: a command (it gets the prompt on standard input), or a built-in agent.
# [roster.Engineer]
# agent = {{command = ["my-agent", "--some-option"]}}
# timeout = "30 minutes"

# Types of tickets of your own, each like a built-in one.
# [types.incident]
# prefix = "INC"
# like = "bug"

# Whom people are told by, and of what. A secret belongs into each user's own ~/.config/tickety/notify.toml.
# [notify]
# on = {kinds}
# desktop = true
# webhook = "https://hooks.example.org/tickety"

# Every ticket as a file of the checkout that people can read and search; Tickety only writes it.
# [mirror]
# folder = "tickets"
"""

_README = """\
# .tickety

What Tickety knows of this project besides `tickety.toml`. Whoever clones the repository is asked once whether
these files are trusted, and again when they change. Tickets are not kept here: they live in the git folder.

`templates/NAME.toml` is what tickets of that kind start with: `tickety template new NAME` writes one, and
`tickety new "…" --template NAME` opens a ticket of it.
"""


def files(chosen: settings.Settings) -> dict[str, str]:
    """The files by path, filled with what these settings know."""
    return {
        "tickety.toml": _TOML.format(
            verification=_verification(chosen), setup=_setup(chosen), kinds=json.dumps(outbox.DEFAULT)
        ),
        ".tickety/README.md": _README,
    }


def _verification(chosen: settings.Settings) -> str:
    if chosen.verification is None:
        return '# command = ["pytest", "-q"]     # nothing was found: name the command'
    argv = json.dumps(list(chosen.verification.argv), ensure_ascii=False)
    return f"command = {argv}     # found: {chosen.verification.source}"


def _setup(chosen: settings.Settings) -> str:
    commands = json.dumps([list(command) for command in chosen.setup.commands], ensure_ascii=False)
    return f"setup = {commands}" if chosen.setup.commands else "setup = []"
