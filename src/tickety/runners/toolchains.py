"""Where a user's tools keep what they need: found once, so that they work under a private home."""

from collections.abc import Mapping
from pathlib import Path

# The variable that names a tool's folder, and where it is by default below the user's home. Two of them are more than
# the tool: CARGO_HOME and GOPATH also hold the sources that set-up fetched, without which no test builds offline.
_HOMES = {
    "ASDF_DATA_DIR": (".asdf",),
    "CARGO_HOME": (".cargo",),
    "COREPACK_HOME": (".cache/node/corepack",),
    "FNM_DIR": (".local/share/fnm",),
    "GOPATH": ("go",),
    "MISE_CONFIG_DIR": (".config/mise",),
    "MISE_DATA_DIR": (".local/share/mise",),
    "NVM_DIR": (".nvm",),
    "PNPM_HOME": (".local/share/pnpm", "Library/pnpm"),
    "PYENV_ROOT": (".pyenv",),
    "RBENV_ROOT": (".rbenv",),
    "RUSTUP_HOME": (".rustup",),
    "SDKMAN_DIR": (".sdkman",),
    "UV_PYTHON_INSTALL_DIR": (".local/share/uv/python",),
    "VOLTA_HOME": (".volta",),
}
# What tools fetched or built before. Whoever can write there decides what the user installs next.
_CACHES = {
    "GOCACHE": (".cache/go-build", "Library/Caches/go-build"),
    "GRADLE_USER_HOME": (".gradle",),
    "PIP_CACHE_DIR": (".cache/pip", "Library/Caches/pip"),
    "POETRY_CACHE_DIR": (".cache/pypoetry", "Library/Caches/pypoetry"),
    "UV_CACHE_DIR": (".cache/uv", "Library/Caches/uv"),
    "YARN_CACHE_FOLDER": (".cache/yarn", "Library/Caches/Yarn"),
    "npm_config_cache": (".npm",),
}
# Where package clients are told of a company's own registry. They may hold passwords: for set-up commands only.
_SETTINGS = {
    "NPM_CONFIG_USERCONFIG": (".npmrc",),
    "PIP_CONFIG_FILE": (".config/pip/pip.conf", ".pip/pip.conf", "Library/Application Support/pip/pip.conf"),
    "UV_CONFIG_FILE": (".config/uv/uv.toml",),
}


def homes(home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The folders of version managers and toolchains, for every program: as set by the user, else where they exist.

    CARGO_HOME and GOPATH are among them, a known risk: an agent without a sandbox can write there, and so change
    sources that the user builds from, and ``credentials.toml`` in CARGO_HOME is a registry's token, which it can read.
    Who minds that keeps the token in a credential provider, or runs agents as another user.
    """
    return _present(_HOMES, home, outer)


def caches(home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The caches of package clients and build tools, for set-up commands only; found like ``homes``."""
    return _present(_CACHES, home, outer)


def package_settings(home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The settings files of package clients, for set-up commands."""
    return _present(_SETTINGS, home, outer)


def _present(places: Mapping[str, tuple[str, ...]], home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    found = {name: outer.get(name) or _first(home, below) for name, below in places.items()}
    return {name: path for name, path in found.items() if path}


def _first(home: Path, below: tuple[str, ...]) -> str | None:
    return next((str(home / path) for path in below if (home / path).exists()), None)
