"""How a project is verified: the command its own files ask for.

The rules stand in a table and the first that fits wins. What the manifests say is read, nothing of it is run.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from tickety.core import manifests, record, requirements, scripts, tree


@record.record(frozen=True, slots=True)
class Verification:
    """A command that verifies the project.

    ``source`` says in a few words where it was found. ``definition`` is the text that changes what the command
    runs when it is changed: it belongs into the digest that a person trusts. So do the texts of the ``scripts``.
    """

    argv: tuple[str, ...]
    source: str
    definition: str
    scripts: tuple[str, ...] = ()


def find(files: tree.Tree) -> Verification | None:
    """The command that verifies these files; None when nothing says how."""
    project = manifests.read(files)
    found = (rule(files, project) for rule in _RULES)
    first = next((verification for verification in found if verification), None)
    return first and replace(first, scripts=scripts.behind(first.argv, files))


def _pytest(files: tree.Tree, project: manifests.Project) -> Verification | None:
    source = (
        _pytest_settings(files, project)
        or _conftest(files)
        or _names_pytest(files, project)
        or _importing(files, "pytest")
    )
    return Verification(("python3", "-m", "pytest", "-q"), source, "") if source else None


def _pytest_settings(files: tree.Tree, project: manifests.Project) -> str:
    own_files = [name for name in _PYTEST_FILES if name in files.paths]
    sections = [
        f"{path}: [{'.'.join(keys)}]"
        for path, *keys in _PYTEST_SECTIONS
        if manifests.at(project, path, *keys) is not None
    ]
    return next(iter(own_files + sections), "")


def _conftest(files: tree.Tree) -> str:
    return min((path for path in files.paths if path.split("/")[-1] == "conftest.py" and tree.is_own(path)), default="")


def _names_pytest(files: tree.Tree, project: manifests.Project) -> str:
    # Named, but with no test for it to find, pytest would only report that it ran nothing.
    needed = requirements.find(files, project) if tree.test_modules(files) else ()
    return next((each.place for each in needed if requirements.names(each.lines, "pytest")), "")


def _importing(files: tree.Tree, module: str) -> str:
    pattern = re.compile(rf"^[ \t]*(?:import|from)[ \t]+{module}\b", re.MULTILINE)
    looked_into = tree.test_modules(files)[:_READ_AT_MOST]
    return next((path for path in looked_into if pattern.search(files.text(path) or "")), "")


def _tox(files: tree.Tree, project: manifests.Project) -> Verification | None:
    for path, *keys in _TOX_PLACES:
        if (settings := manifests.at(project, path, *keys)) is not None:
            # Much of a pyproject.toml has nothing to do with tox; the other files are there for little else.
            definition = json.dumps(settings, default=str) if path == "pyproject.toml" else files.text(path) or ""
            return Verification(TOX, f"{path}: [{'.'.join(keys)}]", definition)
    return None


def _node(files: tree.Tree, project: manifests.Project) -> Verification | None:
    told = manifests.table(project, "package.json", "scripts")
    test = told.get("test")
    if not isinstance(test, str) or not test.strip() or "no test specified" in test:
        return None
    run = {name: told[name] for name in ("pretest", "test", "posttest") if name in told}
    return Verification((_node_manager(files), "test"), "package.json: scripts.test", json.dumps(run, sort_keys=True))


def _node_manager(files: tree.Tree) -> str:
    """The package manager whose lock file the project keeps; npm without one."""
    locks = (("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"))
    return next((manager for lock, manager in locks if lock in files.paths), "npm")


def _cargo(files: tree.Tree, _project: manifests.Project) -> Verification | None:
    return Verification(("cargo", "test"), "Cargo.toml", "") if "Cargo.toml" in files.paths else None


def _make(files: tree.Tree, _project: manifests.Project) -> Verification | None:
    path = next((name for name in scripts.MAKEFILES if name in files.paths), "")
    text = files.text(path) or ""
    has_target = any("test" in targets[1].split() for targets in _MAKE_TARGETS.finditer(text))
    return Verification(("make", "test"), f"{path}: target test", text) if has_target else None


def _unittest(files: tree.Tree, _project: manifests.Project) -> Verification | None:
    if not (source := _importing(files, "unittest")):
        return None
    starts = Counter(_discovery(files, path) for path in tree.test_modules(files))
    (start, top), _ = starts.most_common(1)[0]
    where = ("-s", start, "-t", top) if top != start else ("-s", start) if start != "." else ()
    return Verification(("python3", "-m", "unittest", "discover", *where), source, "")


def _discovery(files: tree.Tree, path: str) -> tuple[str, str]:
    """Where unittest starts to find a test module, and from where it imports: the outermost package, and its parent."""
    start = top = path.rpartition("/")[0]
    while top and f"{top}/__init__.py" in files.paths:
        start, top = top, top.rpartition("/")[0]
    return start or ".", top or "."


_RULES: tuple[Callable[[tree.Tree, manifests.Project], Verification | None], ...] = (
    _pytest,
    _tox,
    _node,
    _cargo,
    _make,
    _unittest,
)

TOX = ("python3", "-m", "tox", "--skip-missing-interpreters", "true")
_PYTEST_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_PYTEST_SECTIONS = (
    ("pyproject.toml", "tool", "pytest", "ini_options"),
    ("pyproject.toml", "tool", "pytest"),
    ("setup.cfg", "tool:pytest"),
    ("setup.cfg", "pytest"),
    ("tox.ini", "pytest"),
    ("tox.ini", "tool:pytest"),
)
_TOX_PLACES = (
    ("tox.ini", "tox"),
    ("tox.ini", "testenv"),
    ("tox.toml", "env_run_base"),
    ("tox.toml", "env_list"),
    ("pyproject.toml", "tool", "tox"),
    ("setup.cfg", "tox:tox"),
)
_MAKE_TARGETS = re.compile(r"^(?![\t#.])([^:=#\n]*+)::?(?!=)", re.MULTILINE)
_READ_AT_MOST = 200  # test modules looked into: who uses a framework imports it early and often
