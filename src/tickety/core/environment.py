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
_PROXY = re.compile(r"(?!NO_).+_PROXY", re.IGNORECASE)
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASSW|AUTH|CREDENTIAL|^AWS_", re.IGNORECASE)
_USER_OF_URL = re.compile(r"(?<=://)[^\s/?#]*@")
# A proxy may be named without a scheme, and no path follows it: whatever is before the last @ is its user.
_USER_OF_PROXY = re.compile(r"(?:(?<=://)|^(?!\w+://)).*@", re.DOTALL)
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

    ``outer`` is the user's; of it go through what is on the list here, without the user and the password in a URL
    (of a proxy, say), and as they are, by their exact names, those in ``extra`` (which somebody asked for: an API key
    of an agent). ``home`` and ``tmp`` are folders of the program's own;
    ``tool_homes`` says where tools look instead that live in the user's home.
    """
    passed = {name: _anonymous(name, value) for name, value in outer.items() if _is_passed(name)}
    asked = {name: outer[name] for name in extra if name in outer}
    folders = {"HOME": home, "TMPDIR": tmp, "TMP": tmp, "TEMP": tmp}
    # An entry that is not absolute would find programs in the worktree.
    users = [entry for entry in outer.get("PATH", "").split(":") if entry.startswith("/")]
    path = ":".join([*path_prefix, *(users or [_STANDARD_PATH])])
    # A program that asks for no language says what it has to say in UTF-8.
    return {"LANG": "C.UTF-8"} | _QUIET | passed | asked | dict(tool_homes) | folders | {"PATH": path}


def package_settings(outer: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the user's settings for package clients, proxies among them; none that looks secret.

    As ``extra`` of ``build`` they keep a user and a password in a URL: a company's index or proxy may let nobody in
    without. So they are for set-up commands only, never for agents or the verification.
    """
    return tuple(name for name in outer if _is_for_packages(name) and not _SECRET.search(name))


def _is_for_packages(name: str) -> bool:
    return name.upper().startswith(_PACKAGE_CLIENTS) or _PROXY.fullmatch(name) is not None


def _is_passed(name: str) -> bool:
    is_listed = name.upper() in _PASSED or name.startswith(_PASSED_BEGINNINGS)
    return is_listed and not _SECRET.search(name)


def _anonymous(name: str, value: str) -> str:
    """The value without the user and the password in its URLs."""
    return (_USER_OF_PROXY if _PROXY.fullmatch(name) else _USER_OF_URL).sub("", value)
