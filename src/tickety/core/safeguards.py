"""The verification's own files: what decides which tests run, and how.

Most count as a whole; of a manifest only the parts that are about tests.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from tickety.core import change, manifests


def changed(
    changes: Sequence[change.Change], command: Sequence[str], source: str, scripts: Sequence[str]
) -> Iterator[str]:
    """One sentence for each of these files, and for each part of a manifest, that a change touches."""
    words = {part.removeprefix("./") for word in command for part in word.split("=")}
    for entry in changes:
        if entry.path.rpartition("/")[2] in _PARTS:
            yield from (f"{entry.path}: {part} was changed" for part in _differing(entry, words))
        elif (entry.path in scripts or _is_whole(entry.path, words, source)) and not _is_untouched(entry):
            yield f"{entry.path} {_DONE[entry.status]}"
        elif entry.status == "added" and _STAND_IN.fullmatch(entry.path):
            yield f"{entry.path} was added, and would stand in for the test runner"


def _differing(entry: change.Change, words: set[str]) -> list[str]:
    name = entry.path.rpartition("/")[2]
    old, new = (_PARTS[name](manifests.parse(name, side or ""), words) for side in (entry.old, entry.new))
    return sorted(part for part in old.keys() | new.keys() if old.get(part) != new.get(part))


def _is_whole(path: str, words: set[str], source: str) -> bool:
    definition = source.partition(":")[0]
    if _MAKEFILE.fullmatch(path) and (words & {"make", "gmake"} or _MAKEFILE.fullmatch(definition)):
        return True
    is_definition = path == definition and not path.endswith(_NOT_A_DEFINITION)
    return is_definition or _WHOLE.fullmatch(path) is not None


def _is_untouched(entry: change.Change) -> bool:
    return entry.old is not None and entry.old == entry.new


def _pyproject(document: dict[str, object], words: set[str]) -> dict[str, object]:
    tools = manifests.table(document, "tool")
    wanted = {"tox", "coverage", *({"hatch", "pdm", "poe", "poetry"} & words)}
    tables = {f"[tool.{name}]": part for name, part in tools.items() if name in wanted or name.startswith("pytest")}
    plugins = manifests.at(document, "project", "entry-points", "pytest11")
    return tables | ({'[project.entry-points."pytest11"]': plugins} if plugins else {})


def _setup_cfg(document: dict[str, object], _words: set[str]) -> dict[str, object]:
    wanted = re.compile(r"(?:tool:)?pytest|tox|testenv|coverage:")
    return {f"[{name}]": part for name, part in document.items() if wanted.match(name)}


def _package_json(document: dict[str, object], _words: set[str]) -> dict[str, object]:
    keys = ("scripts", "jest", "vitest", "mocha", "ava", "tap", "c8", "nyc")
    return {f'"{key}"': document[key] for key in keys if document.get(key) is not None}


def _cargo_toml(document: dict[str, object], _words: set[str]) -> dict[str, object]:
    paths = (("profile", "test"), ("package", "autotests"), ("lib", "test"), ("lib", "doctest"), ("lib", "harness"))
    parts = {".".join(path): manifests.at(document, *path) for path in (*paths, ("test",))}
    return {name: part for name, part in parts.items() if part is not None}


_PARTS: dict[str, Callable[[dict[str, object], set[str]], dict[str, object]]] = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "package.json": _package_json,
    "Cargo.toml": _cargo_toml,
}
_WHOLE = re.compile(
    r"""
    (?:.*/)?(?:
        conftest\.py | \.?pytest\.(?:ini|toml) | tox\.(?:ini|toml) | noxfile\.py | \.coveragerc
      | sitecustomize\.py | usercustomize\.py | [^/]+\.pth
      | (?:jest|vitest|vite)\.(?:config|setup|workspace)\.[^/]+ | \.mocharc[^/]* | \.taprc | \.npmrc
      | \.cargo/config(?:\.toml)? | \.config/nextest\.toml | rust-toolchain(?:\.toml)?
    )
    | (?:.*/)?node_modules/.*
    | tickety\.toml | \.tickety/.*
    """,
    re.VERBOSE,
)
_MAKEFILE = re.compile(r"(?:.*/)?(?:(?:GNU)?[Mm]akefile|[^/]+\.mk)")
_STAND_IN = re.compile(r"(?:src/)?(?:_?pytest|pluggy|unittest|tox|nox|coverage)(?:\.py|/.*)")
_NOT_A_DEFINITION = (".py", ".txt", ".in")  # test modules and requirements: where the runner was recognised
_DONE = {"added": "was added", "modified": "was changed", "deleted": "was deleted"}
