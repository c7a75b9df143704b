"""The environment of a program that Tickety starts: what it needs of the user's, a home of its own, no secrets."""

import re
from collections.abc import Mapping, Sequence

_PASSED = {
    "ALL_PROXY", "CURL_CA_BUNDLE", "DEVELOPER_DIR", "FTP_PROXY", "GIT_SSL_CAINFO", "GOROOT", "HTTPS_PROXY",
    "HTTP_PROXY", "JAVA_HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOCALE_ARCHIVE", "LOGNAME", "NIX_PATH",
    "NIX_SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "NO_PROXY", "PIP_CERT", "PKG_CONFIG_PATH", "REQUESTS_CA_BUNDLE",
    "SDKROOT", "SSL_CERT_DIR", "SSL_CERT_FILE", "TERM", "TZ", "USER",
}  # fmt: skip
_PASSED_BEGINNINGS = ("LC_",)
_PACKAGE_CLIENTS = (
    "BUNDLE_", "CARGO_", "COREPACK_", "GOFLAGS", "GOPROXY", "GOSUMDB", "NPM_CONFIG_", "PDM_", "PIP_", "PNPM_",
    "POETRY_", "RUSTUP_", "UV_", "YARN_",
)  # fmt: skip
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASSW|AUTH|CREDENTIAL|^AWS_", re.IGNORECASE)
_STANDARD_PATH = "/usr/local/bin:/usr/bin:/bin"
_QUIET = {
    # Bytecode left in a worktree could outlive the source it was made from.
    "PYTHONDONTWRITEBYTECODE": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "PAGER": "cat",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
}


def build(  # noqa: PLR0913  # each is a decision of its own, and none has a default that would be safe
    outer: Mapping[str, str],
    *,
    home: str,
    tmp: str,
    path_prefix: Sequence[str],
    extra: Sequence[str],
    tool_homes: Mapping[str, str],
) -> dict[str, str]:
    """The whole environment of a program.

    ``outer`` is the user's; of it go through what is on the list here and, by their exact names, those in ``extra``
    (which somebody asked for: an API key of an agent). ``home`` and ``tmp`` are folders of the program's own;
    ``tool_homes`` says where tools look instead that live in the user's home.
    """
    passed = {name: value for name, value in outer.items() if name in extra or _is_passed(name)}
    folders = {"HOME": home, "TMPDIR": tmp, "TMP": tmp, "TEMP": tmp}
    # An entry that is not absolute would find programs in the worktree.
    users = [entry for entry in outer.get("PATH", "").split(":") if entry.startswith("/")]
    path = ":".join([*path_prefix, *(users or [_STANDARD_PATH])])
    # A program that asks for no language says what it has to say in UTF-8.
    return {"LANG": "C.UTF-8"} | _QUIET | passed | dict(tool_homes) | folders | {"PATH": path}


def package_settings(outer: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the user's settings for package clients, for set-up commands; none that looks secret."""
    return tuple(name for name in outer if name.upper().startswith(_PACKAGE_CLIENTS) and not _SECRET.search(name))


def _is_passed(name: str) -> bool:
    is_listed = name.upper() in _PASSED or name.startswith(_PASSED_BEGINNINGS)
    return is_listed and not _SECRET.search(name)
