"""Where a user's tools keep what they need: found once, so that they work under a private home."""

from collections.abc import Mapping
from pathlib import Path

# The variable that names a tool's folder, and where it is by default below the user's home.
_HOMES = {
    "ASDF_DATA_DIR": (".asdf",),
    "CARGO_HOME": (".cargo",),
    "COREPACK_HOME": (".cache/node/corepack",),
    "FNM_DIR": (".local/share/fnm",),
    "GOCACHE": (".cache/go-build", "Library/Caches/go-build"),
    "GOPATH": ("go",),
    "GRADLE_USER_HOME": (".gradle",),
    "MISE_CONFIG_DIR": (".config/mise",),
    "MISE_DATA_DIR": (".local/share/mise",),
    "NVM_DIR": (".nvm",),
    "PIP_CACHE_DIR": (".cache/pip", "Library/Caches/pip"),
    "PNPM_HOME": (".local/share/pnpm", "Library/pnpm"),
    "POETRY_CACHE_DIR": (".cache/pypoetry", "Library/Caches/pypoetry"),
    "PYENV_ROOT": (".pyenv",),
    "RBENV_ROOT": (".rbenv",),
    "RUSTUP_HOME": (".rustup",),
    "SDKMAN_DIR": (".sdkman",),
    "UV_CACHE_DIR": (".cache/uv",),
    "UV_PYTHON_INSTALL_DIR": (".local/share/uv/python",),
    "VOLTA_HOME": (".volta",),
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
    """The folders of version managers, toolchains and download caches: as set by the user, else where they exist."""
    return _present(_HOMES, home, outer)


def package_settings(home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The settings files of package clients, for set-up commands."""
    return _present(_SETTINGS, home, outer)


def _present(places: Mapping[str, tuple[str, ...]], home: Path, outer: Mapping[str, str]) -> dict[str, str]:
    found = {name: outer.get(name) or _first(home, below) for name, below in places.items()}
    return {name: path for name, path in found.items() if path}


def _first(home: Path, below: tuple[str, ...]) -> str | None:
    return next((str(home / path) for path in below if (home / path).exists()), None)
