"""A project's files as Python sees them: which file a module is, which module a file is, what is a test."""

import re
from collections import defaultdict

from tickety.agents.builtin import definitions
from tickety.core import tree

_FOREIGN = re.compile(r"^<|(?:^|/)(?:lib(?:64)?/python\d[\d.]*|node_modules|\.cargo|rustc)/|^node:")
_INSTALLED = re.compile(r"(?:^|.*/)(?:site|dist)-packages/(.+)")
_TEST_FOLDERS = frozenset(("test", "tests", "__tests__", "spec", "specs"))
_TEST_FILE = re.compile(r"test_.*|.*_test|.*\.(?:test|spec)|conftest|tests?")
_SOURCE_FOLDERS = ("src", "lib", "python")
_DEEPEST_STAR = 3


class Project:
    """The files of one tree. Nothing is remembered of their texts, so that they may change in between."""

    def __init__(self, files: tree.Tree) -> None:
        self.files = files
        self.python = tuple(sorted(path for path in files.paths if path.endswith(".py")))
        self._modules = self._read_modules()
        self._by_file = _by_file(files)

    def text(self, path: str) -> str | None:
        """A file's text; None where there is none to be read."""
        return self.files.text(path)

    def locate(self, path: str) -> str | None:
        """The project's file that a printed path means, in whichever copy, also an installed one; None if foreign."""
        plain = path.replace("\\", "/")
        if installed := _INSTALLED.match(plain):
            return self._ending(installed[1])
        if _FOREIGN.search(plain):
            return None
        parts = plain.split("/")
        endings = ("/".join(parts[start:]) for start in range(max(0, len(parts) - 40), len(parts)))
        exact = next((ending for ending in endings if ending in self.files.paths), None)
        return exact or (None if plain.startswith("/") else self._ending(plain.removeprefix("./")))

    def module_file(self, name: str) -> str | None:
        """The file of a module, an ``__init__.py`` for a package; None when the project has no such module."""
        return self._modules.get(name)

    def module_name(self, path: str, root: str | None = None) -> str:
        """The dotted name of a file, seen from a source folder (``src/`` or ``""``), by default the likely one."""
        start = self.root(path) if root is None else root
        plain = path[len(start) :].removesuffix(".py")
        return plain.removesuffix("/__init__").replace("/", ".")

    def root(self, path: str) -> str:
        """The folder from which a file is likely imported: a source folder, or the one above its outermost package."""
        first = path.split("/", 1)[0]
        if first in _SOURCE_FOLDERS and f"{first}/__init__.py" not in self.files.paths and "/" in path:
            return f"{first}/"
        folder = path.rpartition("/")[0]
        while folder and f"{folder}/__init__.py" in self.files.paths:
            folder = folder.rpartition("/")[0]
        return f"{folder}/" if folder else ""

    def root_for(self, name: str, path: str) -> str:
        """The folder from which a file has this dotted name; the likely one when the name does not fit."""
        end = name.replace(".", "/")
        whole = path.removesuffix(".py").removesuffix("/__init__")
        return whole.removesuffix(end) if whole == end or whole.endswith(f"/{end}") else self.root(path)

    def module_names(self, path: str) -> tuple[str, ...]:
        """Every dotted name by which a file may be imported, the likely one first."""
        names = dict.fromkeys((self.module_name(path), self.module_name(path, "")))
        return tuple(name for name in names if name)

    def submodules(self, name: str) -> dict[str, str]:
        """The modules and packages right inside a package, also one without ``__init__.py``, with a file of each."""
        found: dict[str, str] = {}
        for module, path in self._modules.items():
            if module.startswith(f"{name}."):
                found.setdefault(module[len(name) + 1 :].split(".", 1)[0], path)
        return found

    def modules(self) -> dict[str, str]:
        """Every module and package by its likely name, with its file (one inside it, for a package without its own)."""
        named = ((self.module_name(path), path) for path in self.python)
        found = {name: path for name, path in named if all(part.isidentifier() for part in name.split("."))}
        for name, path in tuple(found.items()):
            while name := name.rpartition(".")[0]:
                found.setdefault(name, path)
        return found

    def names(self, path: str, depth: int = _DEEPEST_STAR) -> definitions.Names:
        """What can be imported from a file: its own names, and those that a star brings from files of the project."""
        module = definitions.parse(self.text(path) or "")
        if module is None:
            return {}
        found = definitions.names(module)
        for star in definitions.stars(module) if depth else ():
            home = self.imported_file(path, star.module or "", star.level)
            for name, definition in self.names(home, depth - 1).items() if home and home != path else ():
                if not name.startswith("_"):
                    found.setdefault(name, definitions.Definition(star.lineno, definition.kind))
        found.pop("*", None)
        return found

    def imported_names(self, path: str, module: str, level: int) -> tuple[str, ...]:
        """The dotted names an import statement of this file may mean; several when the source folder is unclear."""
        if not level:
            return (module,)
        packages = (_package(name, path, level) for name in self.module_names(path))
        return tuple(".".join(filter(None, (package, module))) for package in packages if package is not None)

    def imported_file(self, path: str, module: str, level: int) -> str | None:
        """The project's file that an import statement of this file means."""
        files = (self.module_file(name) for name in self.imported_names(path, module, level))
        return next((file for file in files if file), None)

    def _read_modules(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in self.python:
            for name in self.module_names(path):
                found.setdefault(name, path)
        return found

    def _ending(self, ending: str) -> str | None:
        """The only file whose path ends so; a bare file name has to stand at the root or in a source folder."""
        fitting = [path for path in self._by_file[ending.rpartition("/")[2]] if f"/{path}".endswith(f"/{ending}")]
        if "/" not in ending:
            fitting = [
                path for path in fitting if path.removesuffix(ending) in {"", *(f"{each}/" for each in _SOURCE_FOLDERS)}
            ]
        return fitting[0] if len(fitting) == 1 else None


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests: they are the measure, so rules never change them."""
    *folders, file = path.split("/")
    return any(folder.lower() in _TEST_FOLDERS for folder in folders) or bool(
        _TEST_FILE.fullmatch(file.rpartition(".")[0])
    )


def _package(name: str, path: str, level: int) -> str | None:
    """The package that so many dots mean in a file; None when they lead out of its source folder."""
    parts = name.split(".")
    up = level - 1 if path.endswith("/__init__.py") else level
    return ".".join(parts[: len(parts) - up]) if up < len(parts) else None


def _by_file(files: tree.Tree) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(files.paths):
        found[path.rpartition("/")[2]].append(path)
    return found
