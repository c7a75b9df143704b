"""Turns a candidate into new texts of the files that ask for what is not there."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tickety.agents.builtin import candidate, definitions, imports, missing, project, rename, statement, uses
from tickety.core import fault

LACKS_NAMES = 0.3  # a module that lacks a name which is imported from it fits that much worse


@dataclass(frozen=True, slots=True)
class Mend:
    """A change that may mend a fault: the new text of each file, by path."""

    meant: candidate.Candidate
    what: str
    texts: dict[str, str]

    @property
    def score(self) -> float:
        """How well it fits, 0 to 1."""
        return self.meant.score


def mends(files: project.Project, found: fault.Fault, wanted: missing.Missing) -> tuple[Mend, ...]:
    """What may mend a fault, the best first. None where tests ask for what is missing, or nothing can be changed."""
    if uses.in_tests(files, wanted, candidate.owner_file(files, wanted) if wanted.owner else None):
        return ()
    made: list[Mend] = []
    for meant in candidate.find(files, wanted):
        try:
            made += [each for each in _made(files, found, wanted, meant) if each.texts]
        except rename.Unfit:
            continue
    different = {tuple(sorted(each.texts.items())): each for each in reversed(made)}
    return tuple(sorted(different.values(), key=lambda each: -each.score))


def place(files: project.Project, found: fault.Fault) -> tuple[str, int] | None:
    """The deepest frame that lies in the project: its file and line."""
    for frame in reversed(found.frames):
        if path := files.locate(frame.path):
            return path, frame.line
    return None


def _made(
    files: project.Project, found: fault.Fault, wanted: missing.Missing, meant: candidate.Candidate
) -> Iterator[Mend]:
    if wanted.kind == "member":
        yield from _members(files, found, wanted, meant)
    elif wanted.kind == "module":
        yield from _modules(files, wanted, meant)
    elif meant.kind == "near":
        what = f"`{wanted.name}` is not in `{wanted.owner}`: {meant} is used instead"
        yield Mend(meant, what, _near(files, wanted, meant))
    else:
        what = f"`{wanted.name}` is not in `{wanted.owner}`: it is imported from where it is now, {meant}"
        yield Mend(meant, what, _moved(files, wanted, meant))


def _near(files: project.Project, wanted: missing.Missing, meant: candidate.Candidate) -> dict[str, str]:
    """Another name in every import and behind every dot."""
    found = uses.of_name(files, wanted.owner, candidate.owner_file(files, wanted), wanted.name)

    def edits(source: imports.Source, here: list[uses.Use]) -> Iterator[rename.Edit]:
        yield from (rename.attribute(source.script, use.node, meant.name) for use in here if use.node)
        if brought := [use.brought for use in here if use.brought]:
            yield from _rebind(files, source, brought, meant.name)

    return _texts(found, edits)


def _moved(files: project.Project, wanted: missing.Missing, meant: candidate.Candidate) -> dict[str, str]:
    found = uses.of_name(files, wanted.owner, candidate.owner_file(files, wanted), wanted.name)

    def edits(source: imports.Source, here: list[uses.Use]) -> Iterator[rename.Edit]:
        if source.path == meant.path:
            raise rename.Unfit("a file cannot import its own names")
        for use in here:
            if use.brought:
                yield from statement.move(files, source, use.brought, meant.module, meant.name)

    return _texts(found, edits)


def _modules(files: project.Project, wanted: missing.Missing, meant: candidate.Candidate) -> Iterator[Mend]:
    """Another module in every import of the old one, and of what is inside it."""
    found = list(uses.of_module(files, meant.old))
    lacking = _lacking(files, found, meant)
    is_ours = wanted.name.partition(".")[0] == meant.module.partition(".")[0]
    # A top-level module that is none of the project's is taken for one of its own only when everything fits.
    if lacking and not is_ours:
        return

    def edits(source: imports.Source, here: list[uses.Use]) -> Iterator[rename.Edit]:
        if source.path == meant.path:
            raise rename.Unfit("a file cannot import itself")
        brought = [use.brought for use in here if use.brought]
        yield from _remodule(files, source, brought, meant)

    texts = _texts(found, edits)
    what = f"`{meant.old}` is not there: {meant} is imported instead"
    yield Mend(replace(meant, score=meant.score - (LACKS_NAMES if lacking else 0)), what, texts)


def _remodule(
    files: project.Project, source: imports.Source, brought: Iterable[imports.Import], meant: candidate.Candidate
) -> Iterator[rename.Edit]:
    parent, _, last = meant.module.rpartition(".")
    for each in brought:
        inside = next((name for name in each.modules if f"{name}.".startswith(f"{meant.old}.")), None)
        if inside is None and parent == meant.old.rpartition(".")[0]:
            yield from _rebind(files, source, [each], last)
        elif inside is None:
            yield from statement.move(files, source, each, parent, last)
        elif imports.is_from(each):
            yield statement.other_module(files, source, each, meant.module + inside[len(meant.old) :])
        else:
            yield from statement.other_import(source, each, meant.module + inside[len(meant.old) :])


def _lacking(files: project.Project, found: Iterable[uses.Use], meant: candidate.Candidate) -> bool:
    """Whether the project asks the old module for a name that the new one does not have."""
    file = files.module_file(meant.module)
    names = {*(files.names(file) if file else ()), *files.submodules(meant.module), "*"}
    asked = {name for use in found if use.brought for name in _asked(use.source, use.brought, meant.old)}
    return not asked <= names


def _asked(source: imports.Source, brought: imports.Import, module: str) -> Iterator[str]:
    if module not in brought.modules:
        return
    if imports.is_from(brought):
        yield brought.alias.name
        return
    for node in ast.walk(source.script.module):
        if isinstance(node, ast.Attribute) and rename.dotted(node.value) == brought.bound:
            yield node.attr


def _members(
    files: project.Project, found: fault.Fault, wanted: missing.Missing, meant: candidate.Candidate
) -> Iterator[Mend]:
    """Another attribute in the line of the fault; when several objects there have it, each by itself."""
    where = place(files, found)
    if where is None or project.is_test(where[0]):
        return
    source = imports.read(files, where[0], files.text(where[0]) or "")
    if source is None:
        return
    by_object: dict[str, list[ast.Attribute]] = {}
    for node in _attributes(source, wanted.name, where[1]):
        by_object.setdefault(ast.dump(node.value), []).append(node)
    for nodes in by_object.values():
        edits = [rename.attribute(source.script, node, meant.name) for node in nodes]
        what = f"`{wanted.owner}` has no `{wanted.name}`: {meant} is used instead"
        yield Mend(meant, what, {source.path: rename.apply(source.script.source, edits)})


def _attributes(source: imports.Source, name: str, line: int) -> list[ast.Attribute]:
    nodes = [node for node in ast.walk(source.script.module) if isinstance(node, ast.Attribute) and node.attr == name]
    exact = [node for node in nodes if node.end_lineno == line]
    return exact or [node for node in nodes if node.lineno <= line <= (node.end_lineno or node.lineno)]


def _texts(
    found: Iterable[uses.Use], edits: Callable[[imports.Source, list[uses.Use]], Iterable[rename.Edit]]
) -> dict[str, str]:
    """The new texts of the files outside the tests, all uses of a file at once."""
    by_path: dict[str, list[uses.Use]] = {}
    for use in found:
        if not project.is_test(use.source.path):
            by_path.setdefault(use.source.path, []).append(use)
    texts = {}
    for path, here in by_path.items():
        source = here[0].source
        new = rename.apply(source.script.source, edits(source, here))
        if new != source.script.source:
            texts[path] = new
    return texts


def _rebind(
    files: project.Project, source: imports.Source, brought: list[imports.Import], new: str
) -> Iterator[rename.Edit]:
    """Import another name; the file's own words follow it, or the old name stays where others rely on it."""
    old = brought[0].alias.name
    bare = [each for each in brought if each.alias.asname is None]
    may_follow = bool(bare) and _is_free(source, bare, old, new) and not _is_relied_on(files, source, old)
    for each in brought:
        keeps = each.alias.asname is None and not may_follow
        yield rename.Edit(source.script.start(each.alias), old, f"{new} as {old}" if keeps else new)
    for node in _named(source, old) if may_follow else ():
        yield rename.Edit(source.script.start(node), old, new)


def _named(source: imports.Source, name: str) -> list[ast.Name]:
    return [node for node in ast.walk(source.script.module) if isinstance(node, ast.Name) and node.id == name]


def _is_free(source: imports.Source, brought: list[imports.Import], old: str, new: str) -> bool:
    """The old name is bound by these imports alone and in no text, and the new one would mean nothing else here."""
    if _in_texts(source, old):
        return False
    if not _named(source, old):  # only the import is misspelt: the file uses the new name already
        return new not in definitions.names(source.script.module)
    ours = [each.alias for each in brought]
    bound = {name for node in ast.walk(source.script.module) if node not in ours for name in _binds(node)}
    return not bound & {old, new} and not _named(source, new)


def _binds(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.arg():
            yield node.arg
        case ast.alias():
            yield (node.asname or node.name).partition(".")[0]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.Global() | ast.Nonlocal():
            yield from node.names
        case _:
            return


def _in_texts(source: imports.Source, name: str) -> bool:
    """Whether ``__all__`` or an annotation in quotes may name it."""
    annotation = re.compile(r"[\w.\[\],| ]*[\[.|][\w.\[\],| ]*")
    word = re.compile(rf"\b{re.escape(name)}\b")
    texts = (node.value for node in ast.walk(source.script.module) if isinstance(node, ast.Constant))
    return any(
        isinstance(text, str) and (text == name or (word.search(text) and annotation.fullmatch(text))) for text in texts
    )


def _is_relied_on(files: project.Project, source: imports.Source, name: str) -> bool:
    """Whether another file takes the name from this one."""
    module = files.module_name(source.path)
    return any(use.source.path != source.path for use in uses.of_name(files, module, source.path, name))
