"""A user's tools are found where they are, so that they work under a private home."""

from pathlib import Path

from tickety.runners import toolchains


def test_folders_that_exist_in_the_home_are_named(tmp_path: Path) -> None:
    (tmp_path / ".pyenv").mkdir()
    (tmp_path / ".cache" / "uv").mkdir(parents=True)
    assert toolchains.homes(tmp_path, {}) == {"PYENV_ROOT": str(tmp_path / ".pyenv")}
    assert toolchains.caches(tmp_path, {}) == {"UV_CACHE_DIR": str(tmp_path / ".cache" / "uv")}


def test_what_the_user_set_counts_before_the_default(tmp_path: Path) -> None:
    (tmp_path / ".cargo").mkdir()
    assert toolchains.homes(tmp_path, {"CARGO_HOME": "/opt/cargo", "RUSTUP_HOME": ""}) == {"CARGO_HOME": "/opt/cargo"}


def test_a_cache_is_never_named_as_a_home(tmp_path: Path) -> None:
    """What an agent writes into a cache, the user installs later."""
    names = (
        "GOCACHE", "GRADLE_USER_HOME", "PIP_CACHE_DIR", "POETRY_CACHE_DIR", "UV_CACHE_DIR", "YARN_CACHE_FOLDER",
        "npm_config_cache",
    )  # fmt: skip
    outer = dict.fromkeys((*names, "NVM_DIR"), "/shared")
    assert toolchains.homes(tmp_path, outer) == {"NVM_DIR": "/shared"}
    assert toolchains.caches(tmp_path, outer) == dict.fromkeys(names, "/shared")


def test_what_set_up_fetched_is_found_by_the_tests(tmp_path: Path) -> None:
    """``cargo test --offline`` builds from the sources in CARGO_HOME, ``go test`` from those in GOPATH."""
    (tmp_path / ".cargo").mkdir()
    (tmp_path / "go").mkdir()
    assert toolchains.homes(tmp_path, {}).keys() == {"CARGO_HOME", "GOPATH"}


def test_settings_of_package_clients_are_named_apart(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").touch()
    (tmp_path / ".pip").mkdir()
    (tmp_path / ".pip" / "pip.conf").touch()
    assert toolchains.homes(tmp_path, {}) == {}
    assert toolchains.package_settings(tmp_path, {"UV_CONFIG_FILE": "/etc/uv.toml"}) == {
        "NPM_CONFIG_USERCONFIG": str(tmp_path / ".npmrc"),
        "PIP_CONFIG_FILE": str(tmp_path / ".pip" / "pip.conf"),
        "UV_CONFIG_FILE": "/etc/uv.toml",
    }
