"""What of the user's environment a program gets, and what never."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickety.core import environment


def build(
    outer: Mapping[str, str], extra: Sequence[str] = (), tool_homes: Mapping[str, str] | None = None
) -> dict[str, str]:
    return environment.build(
        outer,
        home="/run/home",
        tmp="/run/tmp",
        path_prefix=["/place/.venv/bin"],
        extra=extra,
        tool_homes=tool_homes or {},
    )


def test_a_program_gets_a_home_a_temporary_folder_and_a_path_of_its_own() -> None:
    built = build({"HOME": "/home/ada", "TMPDIR": "/elsewhere", "PATH": "/usr/bin:/opt/bin"})
    assert (built["HOME"], built["TMPDIR"], built["TMP"]) == ("/run/home", "/run/tmp", "/run/tmp")
    assert built["PATH"] == "/place/.venv/bin:/usr/bin:/opt/bin"
    assert built["PYTHONDONTWRITEBYTECODE"] == "1"


def test_a_path_that_is_not_absolute_does_not_lead_into_the_worktree() -> None:
    assert build({"PATH": ".:/usr/bin::bin:"})["PATH"] == "/place/.venv/bin:/usr/bin"


def test_without_a_path_the_standard_one_is_taken() -> None:
    assert build({"PATH": ""})["PATH"] == "/place/.venv/bin:/usr/local/bin:/usr/bin:/bin"


@pytest.mark.parametrize(
    "name", ["LANG", "LC_ALL", "LC_TIME", "TZ", "TERM", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "USER"]
)
def test_what_a_program_needs_goes_through(name: str) -> None:
    assert build({name: "value"})[name] == "value"


@pytest.mark.parametrize(
    "name",
    [
        "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "GITHUB_TOKEN", "OPENAI_API_KEY", "LC_TOKEN", "SSH_AUTH_SOCK",
        "VIRTUAL_ENV", "PYTHONPATH", "PYTHONSTARTUP", "GIT_DIR", "NODE_OPTIONS", "LD_PRELOAD", "XDG_CONFIG_HOME",
        "PIP_INDEX_URL", "TICKETY_TOKEN", "CLAUDECODE", "DISPLAY", "BASH_ENV",
    ],
)  # fmt: skip
def test_everything_else_stays_outside(name: str) -> None:
    assert name not in build({name: "value"})


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][A-Z_]{0,12}(_TOKEN|_KEY|_SECRET|PASSWORD|_CREDENTIALS)", fullmatch=True), st.text()
    )
)
def test_no_name_that_looks_secret_goes_through_unasked(outer: dict[str, str]) -> None:
    assert build(outer) == build({})
    assert environment.package_settings({f"PIP_{name}": value for name, value in outer.items()}) == ()


def test_what_somebody_asked_for_by_name_goes_through_if_it_is_there() -> None:
    built = build({"OPENAI_API_KEY": "sk", "OTHER": "x"}, extra=["OPENAI_API_KEY", "ABSENT"])
    assert built["OPENAI_API_KEY"] == "sk"
    assert "OTHER" not in built
    assert "ABSENT" not in built


def test_nobody_can_ask_for_the_users_home() -> None:
    assert build({"HOME": "/home/ada", "PATH": "/bin"}, extra=["HOME"])["HOME"] == "/run/home"


def test_tools_look_where_they_are_told() -> None:
    assert build({}, tool_homes={"PYENV_ROOT": "/home/ada/.pyenv"})["PYENV_ROOT"] == "/home/ada/.pyenv"


@pytest.mark.parametrize("name", ["FTP_PROXY", "https_proxy", "ALL_PROXY", "Http_Proxy"])
@pytest.mark.parametrize(
    ("value", "passed"),
    [
        ("http://user:hunter2@proxy:1", "http://proxy:1"),
        ("http://user:hunter2@proxy:1/", "http://proxy:1/"),
        ("socks5h://hunter2@[::1]:1", "socks5h://[::1]:1"),
        ("user:hunter2@proxy:1", "proxy:1"),
        ("http://user:hunter2@x/y?z#@proxy:1", "http://proxy:1"),
        ("user:http://hunter2@proxy:1", "proxy:1"),
        ("http://proxy:1", "http://proxy:1"),
        ("proxy:1", "proxy:1"),
        ("", ""),
    ],
)
def test_a_proxy_goes_through_without_its_user(name: str, value: str, passed: str) -> None:
    assert build({name: value})[name] == passed


def test_a_user_in_any_url_that_goes_through_is_taken_out() -> None:
    outer = {
        "NIX_PATH": "a=https://ada:hunter2@one/x@2:b=https://hunter2@two",
        "JAVA_HOME": "/opt/openjdk@17",
        "LC_ALL": "de_DE@euro",
        "NO_PROXY": "a@b,localhost",
    }
    assert {**outer, "NIX_PATH": "a=https://one/x@2:b=https://two"}.items() <= build(outer).items()


@given(st.text())
def test_no_password_of_a_proxy_or_an_index_goes_through_unasked(password: str) -> None:
    names = ("FTP_PROXY", "http_proxy", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "GOPROXY", "npm_config_registry")
    outer = dict.fromkeys(names, f"http://ada:{password}hunter2@host:1")
    assert not any("hunter2" in value for value in build(outer).values())
    assert outer.items() <= build(outer, extra=environment.package_settings(outer)).items()


def test_package_clients_settings_are_named_without_secrets() -> None:
    outer = {
        "PIP_INDEX_URL": "u", "UV_INDEX": "u", "npm_config_registry": "u", "CARGO_NET_OFFLINE": "1",
        "https_proxy": "u", "NO_PROXY": "u", "PROXY_KEY": "t", "X_AUTH_PROXY": "t",
        "UV_PUBLISH_TOKEN": "t",
        "NPM_CONFIG__AUTH": "t", "CARGO_REGISTRIES_X_TOKEN": "t", "POETRY_HTTP_BASIC_X_PASSWORD": "t", "HOME": "h",
    }  # fmt: skip
    assert environment.package_settings(outer) == (
        "PIP_INDEX_URL",
        "UV_INDEX",
        "npm_config_registry",
        "CARGO_NET_OFFLINE",
        "https_proxy",
    )
