"""Where a project asks for a name of a module: by importing it, or behind a dot."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tickety.agents.builtin import imports, missing, project, rename


@dataclass(frozen=True, slots=True)
class Use:
    """One place: ``brought`` by an import statement, or asked for by the ``node`` of an attribute."""

    source: imports.Source
    brought: imports.Import | None = None
    node: ast.Attribute | None = None


def of_name(files: project.Project, module: str, path: str | None, name: str) -> Iterator[Use]:
    """Every use of a module's name; ``path`` is the module's file, if it is the project's."""
    for source in imports.sources(files, name):
        for brought in source.imports:
            if imports.is_from(brought) and brought.alias.name == name and _is(files, brought.modules, module, path):
                yield Use(source, brought=brought)
        known = {each.bound for each in source.imports if _is(files, _as_module(each), module, path)}
        for node in ast.walk(source.script.module) if known else ():
            if isinstance(node, ast.Attribute) and node.attr == name and rename.dotted(node.value) in known:
                yield Use(source, node=node)


def of_module(files: project.Project, module: str) -> Iterator[Use]:
    """Every import of a module, of a module inside it, or of a name from there."""
    for source in imports.sources(files, module.rpartition(".")[2]):
        for brought in source.imports:
            if any(_is_inside(name, module) for name in (*brought.modules, *_as_module(brought))):
                yield Use(source, brought=brought)


def in_tests(files: project.Project, wanted: missing.Missing, path: str | None) -> tuple[str, ...]:
    """The test files that ask for what is missing: they are the measure, so it is the definition that is wrong."""
    if wanted.kind == "member":
        return ()
    found = (
        of_module(files, wanted.name) if wanted.kind == "module" else of_name(files, wanted.owner, path, wanted.name)
    )
    return tuple(dict.fromkeys(use.source.path for use in found if project.is_test(use.source.path)))


def _as_module(brought: imports.Import) -> tuple[str, ...]:
    """The modules that the imported name itself may be."""
    if not imports.is_from(brought):
        return brought.modules
    return tuple(f"{module}.{brought.alias.name}" for module in brought.modules)


def _is(files: project.Project, names: tuple[str, ...], module: str, path: str | None) -> bool:
    return module in names or (path is not None and any(files.module_file(name) == path for name in names))


def _is_inside(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")
