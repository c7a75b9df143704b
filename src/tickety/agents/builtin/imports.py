"""The import statements of a project's files, each name by itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tickety.agents.builtin import project, rename


@dataclass(frozen=True, slots=True)
class Import:
    """One name that one statement brings. ``modules`` are the dotted names that its module part may mean."""

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    modules: tuple[str, ...]

    @property
    def bound(self) -> str:
        """The name by which the file knows it; for ``import a.b`` that is ``a.b``."""
        return self.alias.asname or self.alias.name


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the project that can be read as Python, with everything it imports."""

    path: str
    script: rename.Script
    imports: tuple[Import, ...]


def sources(files: project.Project, word: str) -> Iterator[Source]:
    """The files in whose text a word stands."""
    for path in files.python:
        text = files.text(path) or ""
        if word in text and (source := read(files, path, text)):
            yield source


def read(files: project.Project, path: str, text: str) -> Source | None:
    """A file's source; None when it cannot be read as Python."""
    try:
        script = rename.Script(text)
    except rename.Unfit:
        return None
    return Source(path, script, tuple(_imports(files, path, script.module)))


def is_from(brought: Import) -> bool:
    """``from … import …``, not ``import …``."""
    return isinstance(brought.statement, ast.ImportFrom)


def level(brought: Import) -> int:
    """How many dots the module begins with; 0 when it is named in full."""
    return brought.statement.level if isinstance(brought.statement, ast.ImportFrom) else 0


def _imports(files: project.Project, path: str, module: ast.Module) -> Iterator[Import]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            names = files.imported_names(path, node.module or "", node.level)
            yield from (Import(node, alias, names) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (Import(node, alias, (alias.name,)) for alias in node.names)
