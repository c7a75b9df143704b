"""The project's own programs: what may be run because it is the project itself.

Entry points, packages and modules, scripts, binaries and test modules, as the manifests and the names of the
files tell them. Nothing is imported or run to find them, and a name that is not plain is left out: it would end
up in an argument list. The second half says which of them a list of words calls.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tickety.core import manifests, tree


class Kind(StrEnum):
    """How a program is called by its name."""

    ENTRY_POINT = "entry point"  # notes
    BINARY = "binary"  # notes, cargo run --bin notes
    PACKAGE = "package"  # notes, python -m notes
    MODULE = "module"  # python -m notes.cli
    SCRIPT = "script"  # bin/notes, python notes.py
    PYTEST = "pytest"  # pytest tests/test_notes.py
    UNITTEST = "unittest"  # python -m unittest tests.test_notes


@dataclass(frozen=True, slots=True)
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


Call = tuple[Program, tuple[str, ...]]
"""A program and the arguments it is called with."""


def find(files: tree.Tree) -> tuple[Program, ...]:
    """Every program of these files, entry points first; of two with one name and kind the first found."""
    project = manifests.read(files)
    found: dict[tuple[Kind, str], Program] = {}
    for search in _SEARCHES:
        for program in search(files, project):
            found.setdefault((program.kind, program.name), program)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Index:
    """The programs by kind and name, by the word that calls them, and those that are meant when none is named."""

    named: dict[tuple[Kind, str], Program]
    called: dict[str, Program]
    implied: tuple[Program, ...]

    def calls(self, word: str) -> Program | None:
        """The program that this word alone calls."""
        return self.called.get(word.removeprefix("./"))

    def starts(self, word: str) -> bool:
        """Whether words that begin with this one can call one of the programs."""
        return bool(self.calls(word) or word in _HEADS or is_python(word))


def index(known: Sequence[Program]) -> Index:
    """The programs in order, so that words can be looked up in them."""
    called: dict[str, Program] = {}
    implied: dict[str | tuple[str, ...], Program] = {}
    kinds = next((kinds for kinds in _IMPLIED if any(program.kind in kinds for program in known)), frozenset())
    for program in known:
        if program.kind in _CALLED:
            called.setdefault(program.name, program)
        if program.kind is Kind.ENTRY_POINT:
            called.setdefault(program.installed[-1], program)  # .venv/bin/notes, or the path that node runs
        if program.kind in kinds:
            implied.setdefault(program.target or program.direct, program)
    return Index({(program.kind, program.name): program for program in known}, called, tuple(implied.values()))


def called(words: tuple[str, ...], among: Index) -> Call | str:
    """The program that an argument list calls and the arguments it gets, or the reason why it calls none of them."""
    if not words:
        return "it names no program"
    if is_python(words[0]):
        return _by_python(words[1:], among)
    if program := among.calls(words[0]):
        return program, words[1:]
    for launcher, resolve in _LAUNCHERS:
        if words[: len(launcher)] == launcher:
            return resolve(words[len(launcher) :], among)
    return not_own(words[0])


def is_python(word: str) -> bool:
    """Whether a word calls the interpreter."""
    return bool(_PYTHON.fullmatch(word))


def not_own(word: str) -> str:
    """Why a program of somebody else's is not run."""
    return f"`{word[:_SHOWN_AT_MOST]}` is not one of this project's own programs: run it yourself."


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


# Which of them words call.


def _by_python(words: tuple[str, ...], among: Index) -> Call | str:
    match words:
        case ("-m", "pytest", *arguments):
            return _by_pytest(tuple(arguments), among)
        case ("-m", "unittest", *arguments):
            return _by_unittest(tuple(arguments), among)
        case ("-m", module, *arguments):
            program = among.named.get((Kind.PACKAGE, module)) or among.named.get((Kind.MODULE, module))
            return (program, tuple(arguments)) if program else not_own(module)
        case _:
            return _by_interpreter(words, among)


def _by_interpreter(words: tuple[str, ...], among: Index) -> Call | str:
    script = among.calls(words[0]) if words else None
    if script and script.direct[1:] == (words[0].removeprefix("./"),):
        return script, words[1:]
    return "of what an interpreter can run, only this project's own modules and scripts are run"


def _by_pytest(words: tuple[str, ...], among: Index) -> Call | str:
    return _tested(words, _PYTEST_OPTION, lambda word: among.named.get((Kind.PYTEST, _without_test(word))))


def _without_test(word: str) -> str:
    return word.partition("::")[0].removeprefix("./")


def _by_unittest(words: tuple[str, ...], among: Index) -> Call | str:
    return _tested(words, _UNITTEST_OPTION, lambda word: _unittest_module(word, among))


def _unittest_module(word: str, among: Index) -> Program | None:
    """A test module by its path or dotted name, to which the name of a class and of a test may be added."""
    parts = word.removesuffix(".py").replace("/", ".").split(".")
    names = (".".join(parts[:size]) for size in range(len(parts), max(0, len(parts) - 3), -1))
    return next((among.named[Kind.UNITTEST, name] for name in names if (Kind.UNITTEST, name) in among.named), None)


def _tested(words: tuple[str, ...], option: re.Pattern[str], module: Callable[[str], Program | None]) -> Call | str:
    """A run of the project's own test modules. A test runner's other options can write, delete and load anything."""
    first = None
    rest = iter(words)
    for word in rest:
        if word == "-k":
            next(rest, None)
        elif not option.fullmatch(word):
            if not (found := module(word)):
                return f"`{word[:_SHOWN_AT_MOST]}` is neither a test module of this project nor a harmless option"
            first = first or found
    return (first, words) if first else "it names no test module, and the verification runs them all"


def _by_cargo(words: tuple[str, ...], among: Index) -> Call | str:
    options = words[: words.index("--")] if "--" in words else words
    wanted = [option for option in options if option not in {"-q", "--quiet", "--bin"}]
    binaries = [program for (kind, _), program in among.named.items() if kind is Kind.BINARY]
    found = [program for program in binaries if not wanted or [program.name] == wanted]
    return (found[0], words[len(options) + 1 :]) if len(found) == 1 else "it names no single binary of this project"


_CALLED = frozenset({Kind.ENTRY_POINT, Kind.BINARY, Kind.PACKAGE, Kind.SCRIPT})
_IMPLIED = (
    # of these kinds the first that the project has at all
    frozenset({Kind.ENTRY_POINT, Kind.BINARY}),
    frozenset({Kind.PACKAGE}),
    frozenset({Kind.SCRIPT}),
)
_LAUNCHERS: tuple[tuple[tuple[str, ...], Callable[[tuple[str, ...], Index], Call | str]], ...] = (
    (("pytest",), _by_pytest),
    (("py.test",), _by_pytest),
    (("node",), _by_interpreter),
    (("sh",), _by_interpreter),
    (("bash",), _by_interpreter),
    (("cargo", "run"), _by_cargo),
    (("uv", "run"), called),
    (("poetry", "run"), called),
    (("pdm", "run"), called),
    (("pipenv", "run"), called),
    (("hatch", "run"), called),
    (("pnpm", "exec"), called),
    (("npx",), called),
)
_HEADS = frozenset(launcher[0] for launcher, _ in _LAUNCHERS)
_PYTHON = re.compile(r"(?:\.venv/bin/)?python(?:3(?:\.\d{1,2})?)?")
_PYTEST_OPTION = re.compile(r"-[qvxsl]{1,4}|-r\w|--tb=\w+|--maxfail=\d+|--(?:lf|ff|sw|verbose|quiet|exitfirst)")
_UNITTEST_OPTION = re.compile(r"-[qvfbc]{1,4}|--(?:verbose|quiet|failfast|buffer|locals)")
_SHOWN_AT_MOST = 200  # characters

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
