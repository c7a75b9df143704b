"""Changes one import statement: its module, or one of its names taken from elsewhere."""

import ast
import re
from collections.abc import Iterator

from tickety.agents.builtin import imports, project, rename


def other_module(files: project.Project, source: imports.Source, brought: imports.Import, module: str) -> rename.Edit:
    """``from module import …``, relative where it was."""
    words = source.script.words(source.script.start(brought.statement), source.script.end(brought.statement))
    last = next(place for place, word in enumerate(words) if word.text == "import")
    if last < 2:  # noqa: PLR2004 - `from`, and at least one word of the module
        raise rename.Unfit("no module in the statement")
    start, end = words[1].start, words[last - 1].end
    return rename.Edit(start, source.script.source[start:end], _spelled(files, source, brought, module))


def other_import(source: imports.Source, brought: imports.Import, module: str) -> Iterator[rename.Edit]:
    """``import module``, and its dotted name wherever the file uses it, unless it has a name of its own there."""
    old = brought.alias.name
    yield rename.Edit(source.script.start(brought.alias), old, module)
    if brought.alias.asname is None:
        for node in ast.walk(source.script.module):
            if isinstance(node, ast.Attribute | ast.Name) and rename.dotted(node) == old:
                yield rename.Edit(source.script.start(node), old, module)


def move(
    files: project.Project, source: imports.Source, brought: imports.Import, module: str, name: str
) -> Iterator[rename.Edit]:
    """Take one name from another module: in place when it stands alone, else in a statement of its own."""
    old = brought.alias.name
    renamed = name if name == old or brought.alias.asname else f"{name} as {old}"
    if len(brought.statement.names) == 1:
        yield other_module(files, source, brought, module)
        yield rename.Edit(source.script.start(brought.alias), old, renamed)
    else:
        yield _without(source.script, brought)
        own = f" as {brought.alias.asname}" if brought.alias.asname else ""
        line = f"from {_spelled(files, source, brought, module)} import {renamed}{own}"
        yield _beside(source.script, brought.statement, line, comes_after=module > brought.modules[0])


def _spelled(files: project.Project, source: imports.Source, brought: imports.Import, module: str) -> str:
    """The module as this statement would name it: with dots where it had dots, if there is a way."""
    if not imports.level(brought):
        return module
    here = files.module_name(source.path).split(".")
    package = here if source.path.endswith("__init__.py") else here[:-1]
    there = module.split(".")
    shared = next(
        (n for n, (a, b) in enumerate(zip(package, there, strict=False)) if a != b), min(len(package), len(there))
    )
    return "." * (len(package) - shared + 1) + ".".join(there[shared:]) if shared else module


def _without(script: rename.Script, brought: imports.Import) -> rename.Edit:
    """The statement without one of its several names, and without the comma that parted it."""
    aliases = brought.statement.names
    place = aliases.index(brought.alias)
    if place + 1 < len(aliases):
        start, end = script.start(brought.alias), script.start(aliases[place + 1])
    else:
        start, end = script.end(aliases[place - 1]), script.end(brought.alias)
    return rename.Edit(start, script.source[start:end], "")


def _beside(script: rename.Script, node: ast.stmt, line: str, *, comes_after: bool) -> rename.Edit:
    """A statement on a line of its own, in front of another one or behind it. Unfit where lines are shared."""
    start, end = script.start(node), script.end(node)
    first = script.line_start(start)
    indent, newline = script.source[first:start], script.newline(end)
    rest = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)").match(script.source, end)
    if indent.strip() or (rest is None and script.source[end:].strip()):
        raise rename.Unfit("several statements on one line")
    if comes_after and rest:
        return rename.Edit(rest.end(), "", f"{indent}{line}{newline}")
    return rename.Edit(first, "", f"{indent}{line}{newline}")
