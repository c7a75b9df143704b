"""The project's own programs: what may be run because it is the project itself.

Entry points, packages and modules, scripts, binaries and test modules, as the manifests and the names of the
files tell them. Nothing is imported or run to find them, and a name that is not plain is left out: it would end
up in an argument list. The second half says which of them a list of words calls.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from tickety.core import manifests, record, tree


class Kind(StrEnum):
    """How a program is called by its name."""

    ENTRY_POINT = "entry point"  # notes
    BINARY = "binary"  # notes, cargo run --bin notes
    PACKAGE = "package"  # notes, python -m notes
    MODULE = "module"  # python -m notes.cli
    SCRIPT = "script"  # bin/notes, python notes.py
    PYTEST = "pytest"  # pytest tests/test_notes.py
    UNITTEST = "unittest"  # python -m unittest tests.test_notes


@record.record(frozen=True, slots=True)
class Program:
    """One program of the project.

    ``installed`` runs it where the set-up has been run, ``direct`` from the source tree alone (a src layout needs
    ``PYTHONPATH=src`` for that); its arguments follow. A test module is itself among the arguments of its program.
    ``target`` is what an entry point calls: two names for one target are one program.
    """

    name: str
    kind: Kind
    installed: tuple[str, ...]
    direct: tuple[str, ...]
    target: str = ""


def find(files: tree.Tree) -> tuple[Program, ...]:
    """Every program of these files, entry points first; of two with one name and kind the first found."""
    project = manifests.read(files)
    found: dict[tuple[Kind, str], Program] = {}
    for search in _SEARCHES:
        for program in search(files, project):
            found.setdefault((program.kind, program.name), program)
    return tuple(found.values())


def _entry_points(_files: tree.Tree, project: manifests.Project) -> Iterator[Program]:
    for name, reference in _references(project):
        match = _REFERENCE.fullmatch(reference)
        if match and _NAME.fullmatch(name):
            module, attribute = match.groups()
            first = attribute.split(".")[0]
            # The name that the program would have as an installed one stands in its help and its version.
            code = f"import sys; from {module} import {first}; sys.argv[0] = {name!r}; sys.exit({attribute}())"
            yield Program(
                name, Kind.ENTRY_POINT, (f".venv/bin/{name}",), ("python3", "-c", code), f"{module}:{attribute}"
            )


def _references(project: manifests.Project) -> Iterator[tuple[str, str]]:
    for keys in _SCRIPT_TABLES:
        for name, value in manifests.table(project, *keys).items():
            yield name, str(manifests.at(value, "reference") or manifests.at(value, "callable") or value)
    for name in ("console_scripts", "gui_scripts"):
        yield from _pairs(manifests.at(project, "setup.cfg", "options.entry_points", name))
        entry_points = manifests.at(project, "setup.py", "entry_points")
        sections = manifests.ini(entry_points) if isinstance(entry_points, str) else entry_points
        found = manifests.at(sections, name)
        yield from found.items() if isinstance(found, dict) else _pairs(found)


def _pairs(lines: object) -> Iterator[tuple[str, str]]:
    for line in manifests.strings(lines):
        name, _, reference = line.partition("=")
        yield name.strip(), reference.strip()


def _node(_files: tree.Tree, project: manifests.Project) -> Iterator[Program]:
    package = manifests.table(project, "package.json")
    name, bins = str(package.get("name", "")).rpartition("/")[2], package.get("bin")
    for command, target in (bins if isinstance(bins, dict) else {name: bins}).items():
        path = str(target).removeprefix("./")
        if _NAME.fullmatch(command) and _PATH.fullmatch(path):
            yield Program(command, Kind.ENTRY_POINT, ("node", path), ("node", path))


def _cargo(files: tree.Tree, _project: manifests.Project) -> Iterator[Program]:
    found = (path for path in files.paths if path.rpartition("/")[2] == "Cargo.toml" and tree.is_own(path))
    for path in sorted(found)[:_MANIFESTS_AT_MOST]:
        for name in _binaries(
            files, path.removesuffix("Cargo.toml"), manifests.parse("Cargo.toml", files.text(path) or "")
        ):
            if _NAME.fullmatch(name):
                run = ("cargo", "run", "-q", "--bin", name, "--")
                yield Program(name, Kind.BINARY, run, run)


def _binaries(files: tree.Tree, folder: str, manifest: dict[str, object]) -> Iterator[str]:
    """The binaries that cargo builds of one manifest: the declared ones, then those it finds by their place."""
    declared = manifest.get("bin")
    yield from (str(manifests.at(each, "name")) for each in (declared if isinstance(declared, list) else ()))
    if f"{folder}src/main.rs" in files.paths:
        yield str(manifests.at(manifest, "package", "name"))
    place = re.compile(rf"{re.escape(folder)}src/bin/([\w-]+)(?:\.rs|/main\.rs)")
    yield from (match[1] for path in sorted(files.paths) if (match := place.fullmatch(path)))


def _modules(files: tree.Tree, _project: manifests.Project) -> Iterator[Program]:
    """What ``python -m`` can run: packages with a ``__main__`` first, then every single module."""
    own = sorted(path for path in files.paths if tree.is_own(path) and path not in _NO_SCRIPTS)
    modules = [match[1].replace("/", ".") for path in own if (match := _MODULE.fullmatch(path))]
    packages = [name.removesuffix(".__main__") for name in modules if name.endswith(".__main__")]
    yield from (_python(name, Kind.PACKAGE, "-m", name) for name in packages)
    yield from (_python(name, Kind.MODULE, "-m", name) for name in modules if not name.endswith(".__init__"))


def _tests(files: tree.Tree, _project: manifests.Project) -> Iterator[Program]:
    for path in tree.test_modules(files):
        if _PATH.fullmatch(path):
            yield _python(path, Kind.PYTEST, "-m", "pytest")
            yield _python(path.removesuffix(".py").replace("/", "."), Kind.UNITTEST, "-m", "unittest")


def _python(name: str, kind: Kind, *arguments: str) -> Program:
    return Program(name, kind, (".venv/bin/python", *arguments), ("python3", *arguments))


def _scripts(files: tree.Tree, _project: manifests.Project) -> Iterator[Program]:
    tests = set(tree.test_modules(files))
    for path in sorted(files.paths):
        if _SCRIPT.fullmatch(path) and path not in tests and path not in _NO_SCRIPTS:
            interpreter = _INTERPRETERS.get(path.rpartition(".")[2]) or _shebang(files, path)
            if interpreter == "python3":
                yield _python(path, Kind.SCRIPT, path)
            elif interpreter:
                yield Program(path, Kind.SCRIPT, (interpreter, path), (interpreter, path))


def _shebang(files: tree.Tree, path: str) -> str:
    """The interpreter that the first line of a file without a suffix asks for; empty for one that is not known."""
    if "." in path.rpartition("/")[2]:
        return ""
    match = _SHEBANG.match(files.text(path) or "")
    return {"python": "python3"}.get(match[1], match[1]) if match else ""


_SEARCHES: tuple[Callable[[tree.Tree, manifests.Project], Iterator[Program]], ...] = (
    _entry_points,
    _node,
    _cargo,
    _modules,
    _tests,
    _scripts,
)
_SCRIPT_TABLES = (
    ("pyproject.toml", "project", "scripts"),
    ("pyproject.toml", "project", "gui-scripts"),
    ("pyproject.toml", "tool", "poetry", "scripts"),
    ("pyproject.toml", "tool", "flit", "scripts"),
)
_INTERPRETERS = {"py": "python3", "sh": "sh", "bash": "bash", "js": "node", "mjs": "node", "cjs": "node"}
# Other programs read these files; they are not called by people.
_NO_SCRIPTS = frozenset({"setup.py", "conftest.py", "noxfile.py"})

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SCRIPT = re.compile(r"(?:bin/|scripts/)?[A-Za-z0-9_][A-Za-z0-9_.-]*")
_MODULE = re.compile(r"(?:src/)?((?:[A-Za-z_]\w*/)*[A-Za-z_]\w*)\.py", re.ASCII)
_REFERENCE = re.compile(
    r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*:\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\[.*\])?", re.ASCII
)
_SHEBANG = re.compile(r"#!.{0,80}?\b(python|node|bash|sh|ruby|perl)[\d.]*\b")
_MANIFESTS_AT_MOST = 100
