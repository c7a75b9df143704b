"""What keeps a repository's own settings from running anything.

Git runs programs that its configuration names: hooks, filters, a file system monitor, external diffs and more.
Whoever wrote a repository's ``.git/config`` could so run programs as whoever uses it. Here those settings are
overridden for each call; the user's own (global) settings, such as git-lfs, stay in force.
"""

import os
import re
from collections.abc import Iterator, Mapping

_SETTINGS = {
    "advice.objectNameWarning": "false",
    "color.ui": "false",
    "commit.gpgSign": "false",
    "core.checkStat": "default",
    "core.fsmonitor": "false",
    # What an event names must outlive a power loss; a plain commit syncs nothing.
    "core.fsync": "committed,loose-object,reference",
    "core.hooksPath": os.devnull,
    "core.ignoreStat": "false",
    "core.pager": "cat",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "core.safecrlf": "false",
    "core.splitIndex": "false",
    # The change time cannot be set by a program: it shows a file whose other times were put back.
    "core.trustctime": "true",
    "core.untrackedCache": "false",
    "gc.auto": "0",
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    # Joining commits comes to the same on every machine: a moved file is followed, a moved folder is asked about, and
    # no filter runs.
    "merge.default": "text",
    "merge.directoryRenames": "conflict",
    "merge.renames": "true",
    "merge.renormalize": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "worktree.useRelativePaths": "false",
}

# The user's own choice of configuration and of git itself, as PATH is.
_KEPT = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH"}
_ALWAYS = {
    # No protocol has this name: nothing is fetched, so no transport, helper or credential program starts.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Tickety",
    "GIT_AUTHOR_EMAIL": "tickety@localhost",
    "GIT_COMMITTER_NAME": "Tickety",
    "GIT_COMMITTER_EMAIL": "tickety@localhost",
    "LC_ALL": "C",
}
# Keys by the shape of their last word: a setting that a later git invents is caught too.
_RUNS = re.compile(
    r"""(?:alias|pager|lfs\.customtransfer)\..+
    | .+\.\w*(?:agent|askpass|clean|cmd|command|difffilter|driver|editor|external|fsmonitor|gitproxy|helper|hook
               |hookspath|pager|process|program|receivepack|required|smudge|textconv|uploadpack|vcs)
    | submodule\..+\.update""",
    re.VERBOSE | re.DOTALL,
)
# Where an empty value would not do: an empty hook or merge driver is an error or a silent success.
_NEUTRAL = (
    (re.compile(r"hook\..+\.command", re.DOTALL), ":"),
    (re.compile(r"merge\..+\.driver", re.DOTALL), "false"),
    (re.compile(r"submodule\..+\.update", re.DOTALL), "none"),
    (re.compile(r".+\.(?:required|fsmonitor)", re.DOTALL), "false"),
)
_OWN_SCOPES = {"system", "global"}


def environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what points git elsewhere, and with what keeps it quiet and offline."""
    clean = {name: value for name, value in outer.items() if not name.startswith("GIT_") or name in _KEPT}
    # An entry that is not absolute would find programs in the worktree.
    path = [entry for entry in outer.get("PATH", os.defpath).split(":") if entry.startswith("/")]
    return clean | _ALWAYS | {"PATH": ":".join(path)}


def overrides(listing: bytes) -> dict[str, str]:
    """Variables that silence the repository's settings; ``listing``: ``git config --list -z --show-scope``.

    Variables and not ``-c key=value``: a key may contain ``=`` itself, and ``-c`` would then set another one.
    """
    own: dict[str, str] = {}
    found: dict[str, str] = {}
    for scope, key, value in _entries(listing):
        if scope in _OWN_SCOPES and not key.startswith("hook."):
            own[key] = value
        elif _RUNS.fullmatch(key):
            found[key] = _neutral(key)
    return _as_variables({key: own.get(key, value) for key, value in found.items()} | _SETTINGS)


def _entries(listing: bytes) -> Iterator[tuple[str, str, str]]:
    fields = os.fsdecode(listing).split("\0")
    for scope, entry in zip(fields[::2], fields[1::2], strict=False):
        key, is_set, value = entry.partition("\n")
        # A key without a value is a yes.
        yield scope, key, value if is_set else "true"


def _neutral(key: str) -> str:
    for pattern, value in _NEUTRAL:
        if pattern.fullmatch(key):
            return value
    return ""


def _as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables
