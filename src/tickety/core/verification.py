"""How a project is verified: the command its own files ask for, and what its manifests say.

The rules stand in a table and the first that fits wins. The second half of this file reads manifests without
running anything of them; setting up and finding the project's programs start from the same readings.
"""

import ast
import configparser
import contextlib
import json
import re
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tickety.core import tree


@dataclass(frozen=True, slots=True)
class Verification:
    """A command that verifies the project.

    ``source`` says in a few words where it was found. ``definition`` is the text that changes what the command
    runs when it is changed: it belongs into the digest that a person trusts.
    """

    argv: tuple[str, ...]
    source: str
    definition: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the project says it needs: ``kind`` is package, extra, group or file, ``name`` which of them."""

    kind: str
    name: str
    place: str
    lines: tuple[str, ...]


Project = dict[str, dict[str, object]]
"""The manifests by path, each as nested dictionaries; empty where one is absent or cannot be read."""


def find(files: tree.Tree) -> Verification | None:
    """The command that verifies these files; None when nothing says how."""
    project = read(files)
    found = (rule(files, project) for rule in _RULES)
    return next((verification for verification in found if verification), None)


def _pytest(files: tree.Tree, project: Project) -> Verification | None:
    source = (
        _pytest_settings(files, project)
        or _conftest(files)
        or _names_pytest(files, project)
        or _importing(files, "pytest")
    )
    return Verification(("python3", "-m", "pytest", "-q"), source, "") if source else None


def _pytest_settings(files: tree.Tree, project: Project) -> str:
    own_files = [name for name in _PYTEST_FILES if name in files.paths]
    sections = [
        f"{path}: [{'.'.join(keys)}]" for path, *keys in _PYTEST_SECTIONS if at(project, path, *keys) is not None
    ]
    return next(iter(own_files + sections), "")


def _conftest(files: tree.Tree) -> str:
    return min((path for path in files.paths if path.split("/")[-1] == "conftest.py" and is_own(path)), default="")


def _names_pytest(files: tree.Tree, project: Project) -> str:
    # Named, but with no test for it to find, pytest would only report that it ran nothing.
    if not test_modules(files):
        return ""
    return next((needed.place for needed in requirements(files, project) if names(needed.lines, "pytest")), "")


def _importing(files: tree.Tree, module: str) -> str:
    pattern = re.compile(rf"^[ \t]*(?:import|from)[ \t]+{module}\b", re.MULTILINE)
    return next((path for path in test_modules(files)[:_READ_AT_MOST] if pattern.search(files.text(path) or "")), "")


def _tox(files: tree.Tree, project: Project) -> Verification | None:
    for path, *keys in _TOX_PLACES:
        if (settings := at(project, path, *keys)) is not None:
            # Much of a pyproject.toml has nothing to do with tox; the other files are there for little else.
            definition = json.dumps(settings, default=str) if path == "pyproject.toml" else files.text(path) or ""
            return Verification(TOX, f"{path}: [{'.'.join(keys)}]", definition)
    return None


def _node(files: tree.Tree, project: Project) -> Verification | None:
    scripts = table(project, "package.json", "scripts")
    test = scripts.get("test")
    if not isinstance(test, str) or not test.strip() or "no test specified" in test:
        return None
    run = {name: scripts[name] for name in ("pretest", "test", "posttest") if name in scripts}
    return Verification((node_manager(files), "test"), "package.json: scripts.test", json.dumps(run, sort_keys=True))


def _cargo(files: tree.Tree, _project: Project) -> Verification | None:
    return Verification(("cargo", "test"), "Cargo.toml", "") if "Cargo.toml" in files.paths else None


def _make(files: tree.Tree, _project: Project) -> Verification | None:
    path = next((name for name in MAKEFILES if name in files.paths), "")
    text = files.text(path) or ""
    has_target = any("test" in targets[1].split() for targets in _MAKE_TARGETS.finditer(text))
    return Verification(("make", "test"), f"{path}: target test", text) if has_target else None


def _unittest(files: tree.Tree, _project: Project) -> Verification | None:
    if not (source := _importing(files, "unittest")):
        return None
    starts = Counter(_discovery(files, path) for path in test_modules(files))
    (start, top), _ = starts.most_common(1)[0]
    where = ("-s", start, "-t", top) if top != start else ("-s", start) if start != "." else ()
    return Verification(("python3", "-m", "unittest", "discover", *where), source, "")


def _discovery(files: tree.Tree, path: str) -> tuple[str, str]:
    """Where unittest starts to find a test module, and from where it imports: the outermost package, and its parent."""
    start = top = path.rpartition("/")[0]
    while top and f"{top}/__init__.py" in files.paths:
        start, top = top, top.rpartition("/")[0]
    return start or ".", top or "."


TOX = ("python3", "-m", "tox", "--skip-missing-interpreters", "true")
MAKEFILES = ("GNUmakefile", "makefile", "Makefile")  # in the order in which make looks for them

_RULES: tuple[Callable[[tree.Tree, Project], Verification | None], ...] = (
    _pytest,
    _tox,
    _node,
    _cargo,
    _make,
    _unittest,
)

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


# What the manifests say.


def read(files: tree.Tree) -> Project:
    """Every manifest at the root of the project, by its path."""
    return {path: parse(files.text(path) or "") for path, parse in _MANIFESTS.items()}


def at(document: object, *keys: str) -> object:
    """What stands under a path of keys; None where the path ends early."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def table(document: object, *keys: str) -> dict[str, object]:
    """The table under a path of keys; empty where there is none."""
    found = at(document, *keys)
    return found if isinstance(found, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """The texts of a list, or the lines of a text: stripped, without empty ones and comments."""
    items = value.splitlines() if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    texts = (item.split(" #")[0].strip() for item in items if isinstance(item, str))
    return tuple(text for text in texts if text and not text.startswith("#"))


def requirements(files: tree.Tree, project: Project) -> tuple[Requirements, ...]:
    """Everything the project says it needs from elsewhere to run, to be developed or to be tested."""
    declared = (needed for kind, name, keys in _REQUIREMENTS for needed in _declared(project, kind, name, keys))
    paths = (path for path in sorted(files.paths) if _REQUIREMENT_FILE.fullmatch(path))
    listed = (Requirements("file", path, path, strings(files.text(path))) for path in paths)
    return tuple(needed for needed in (*declared, *listed) if needed.lines)


def names(lines: tuple[str, ...], package: str) -> bool:
    """Whether requirement lines name a package or, as pytest-cov for pytest, one of its plugins."""
    found = (re.sub(r"[-_.]+", "-", match[0]).lower() for line in lines if (match := _NAME.match(line)))
    return any(name == package or name.startswith(f"{package}-") for name in found)


def is_own(path: str) -> bool:
    """Whether a file is the project's own work: not vendored, generated, hidden, nor an example or document."""
    return not any(part in _NOT_OWN or part.startswith(".") for part in path.split("/"))


def test_modules(files: tree.Tree) -> tuple[str, ...]:
    """The Python files that pytest or unittest would take for tests by their names, sorted."""
    return tuple(sorted(path for path in files.paths if _TEST_MODULE.fullmatch(path) and is_own(path)))


def node_manager(files: tree.Tree) -> str:
    """The package manager whose lock file the project keeps; npm without one."""
    locks = (("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"))
    return next((manager for lock, manager in locks if lock in files.paths), "npm")


def ini(text: str) -> dict[str, object]:
    """The sections of an ini file; what comes before a fault in it counts."""
    parser = _Ini(strict=False)
    with contextlib.suppress(configparser.Error):
        parser.read_string(text.removeprefix("\ufeff"))
    return {section: {key: str(value) for key, value in parser.items(section)} for section in parser.sections()}


class _Ini(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        """Names of programs and extras keep their case."""
        return optionstr


def toml(text: str) -> dict[str, object]:
    """A TOML document; empty when it cannot be read."""
    try:
        return {} if _is_bomb(text) else _if_shallow(tomllib.loads(text.removeprefix("\ufeff")))
    except (ValueError, RecursionError):
        return {}


def _is_bomb(text: str) -> bool:
    """Whether a key has so many parts that tomllib, which keeps every beginning of it, would fill the memory."""
    pieces = max(piece.count(".") for piece in re.split(r"[\n,={}\[\]]", text))
    quoted = max(len(_QUOTED_PART.findall(line)) for line in text.split("\n"))
    return max(pieces, quoted) > _KEY_PARTS_AT_MOST


def _json(text: str) -> dict[str, object]:
    try:
        return _if_shallow(table(json.loads(text.removeprefix("\ufeff") or "{}")))
    except (ValueError, RecursionError):
        return {}


def _if_shallow(document: dict[str, object]) -> dict[str, object]:
    """The document, unless it is nested so deep that it was made to exhaust whoever walks it."""
    level: list[object] = [document]
    for _ in range(_DEPTH_AT_MOST):
        inside = (node.values() if isinstance(node, dict) else node for node in level if isinstance(node, dict | list))
        level = [child for children in inside for child in children]
    return {} if level else document


def _setup_py(text: str) -> dict[str, object]:
    """The arguments of ``setup(…)``, read without running it; None for one that is not a literal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about somebody else's escape sequences
            module = ast.parse(text if len(text) < _SETUP_AT_MOST else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        keyword.arg: _literal(keyword.value, constants)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and _is_setup(node.func)
        for keyword in node.keywords
        if keyword.arg
    }


def _is_setup(function: ast.expr) -> bool:
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    return name == "setup"


def _literal(node: ast.expr, constants: dict[str, ast.expr]) -> object:
    value = constants.get(node.id, node) if isinstance(node, ast.Name) else node
    try:
        found: object = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return found


def _declared(project: Project, kind: str, name: str, keys: tuple[str, ...]) -> Iterator[Requirements]:
    """The requirements under a path of keys, in which ``*`` stands for any name."""
    before, star, after = _around_star(keys)
    for group in table(project, *before) if star else (name,):
        path = (*before, group, *after) if star else keys
        yield Requirements(kind, group, _place(path), _lines(project, at(project, *path)))


def _place(path: tuple[str, ...]) -> str:
    section = f"[{'.'.join(path[1:-1])}] " if path[1:-1] else ""
    return f"{path[0]}: {section}{path[-1]}"


def _around_star(keys: tuple[str, ...]) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    where = keys.index("*") if "*" in keys else len(keys)
    return keys[:where], where < len(keys), keys[where + 1 :]


def _lines(project: Project, value: object) -> tuple[str, ...]:
    if isinstance(value, dict):
        released = {
            name: at(wanted, "version") if isinstance(wanted, dict) else wanted for name, wanted in value.items()
        }
        return tuple(
            f"{name}{_pinned(text)}" for name, text in released.items() if isinstance(text, str) and name != "python"
        )
    return tuple(dict.fromkeys((*strings(value), *_included(project, value))))


def _included(project: Project, value: object) -> Iterator[str]:
    """The requirements of the groups that a dependency group includes (PEP 735), however deep, each group once."""
    groups, seen, waiting = table(project, "pyproject.toml", "dependency-groups"), set[str](), [value]
    while waiting:
        items = waiting.pop()
        for item in items if isinstance(items, list) else ():
            name = at(item, "include-group")
            if isinstance(name, str) and name not in seen:
                seen.add(name)
                waiting.append(groups.get(name))
                yield from strings(groups.get(name))


def _pinned(text: str) -> str:
    """A version in Poetry's spelling as pip spells it: ``^1.2`` is >=1.2,<2 and ``~1.2`` is >=1.2,<1.3."""
    match = _POETRY_VERSION.fullmatch(text.strip())
    if not match:
        return text.strip() if text.strip()[:1] in set("<>=!") else ""
    parts = [int(part) for part in match[2].split(".")]
    return f">={match[2]},<{_next(parts, match[1])}" if match[1] else f"=={match[2]}"


def _next(parts: list[int], sign: str) -> str:
    """The first version that is too new: the first part that is not 0 counts up for ``^``, the second one for ``~``."""
    leading = next((place for place, part in enumerate(parts) if part), len(parts) - 1)
    place = leading if sign == "^" else min(1, len(parts) - 1)
    return ".".join(str(part) for part in (*parts[:place], parts[place] + 1))


_MANIFESTS: dict[str, Callable[[str], dict[str, object]]] = {
    "pyproject.toml": toml,
    "tox.toml": toml,
    "Cargo.toml": toml,
    "setup.cfg": ini,
    "tox.ini": ini,
    "pytest.ini": ini,
    "setup.py": _setup_py,
    "package.json": _json,
}
_REQUIREMENTS = (
    # what it is, its name where it has none of its own, where it stands
    ("package", "", ("pyproject.toml", "project", "dependencies")),
    ("package", "", ("pyproject.toml", "tool", "poetry", "dependencies")),
    ("package", "", ("setup.cfg", "options", "install_requires")),
    ("package", "", ("setup.py", "install_requires")),
    ("extra", "", ("pyproject.toml", "project", "optional-dependencies", "*")),
    ("extra", "", ("pyproject.toml", "tool", "poetry", "extras", "*")),
    ("extra", "", ("setup.cfg", "options.extras_require", "*")),
    ("extra", "", ("setup.py", "extras_require", "*")),
    ("group", "", ("pyproject.toml", "dependency-groups", "*")),
    ("group", "", ("pyproject.toml", "tool", "poetry", "group", "*", "dependencies")),
    ("group", "dev", ("pyproject.toml", "tool", "poetry", "dev-dependencies")),
    ("group", "", ("pyproject.toml", "tool", "pdm", "dev-dependencies", "*")),
    ("group", "", ("pyproject.toml", "tool", "hatch", "envs", "*", "dependencies")),
    ("group", "", ("pyproject.toml", "tool", "hatch", "envs", "*", "extra-dependencies")),
    ("group", "dev", ("pyproject.toml", "tool", "uv", "dev-dependencies")),
    ("group", "test", ("setup.cfg", "options", "tests_require")),
    ("group", "test", ("setup.py", "tests_require")),
    ("group", "test", ("tox.ini", "testenv", "deps")),
)
_REQUIREMENT_FILE = re.compile(
    r"(?:\w[\w.-]*)?requirements[\w.-]*\.txt|requirements/\w[\w.-]*\.txt|tests?/[\w.-]*requirements[\w.-]*\.txt"
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_POETRY_VERSION = re.compile(r"([~^]?)(\d{1,9}(?:\.\d{1,9}){0,4})")
_TEST_MODULE = re.compile(r"(?:\w[\w.-]*/)*(?:test\w*|\w+_test)\.py")
_NOT_OWN = frozenset(
    (
        "build",
        "dist",
        "doc",
        "docs",
        "examples",
        "node_modules",
        "site-packages",
        "target",
        "third_party",
        "vendor",
        "_vendor",
    )
)
_QUOTED_PART = re.compile(r"[\"'][ \t]*+\.")
_KEY_PARTS_AT_MOST = 200
_DEPTH_AT_MOST = 40  # tables and lists within each other
_SETUP_AT_MOST = 200_000  # characters
