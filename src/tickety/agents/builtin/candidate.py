"""What may have been meant by a name that is not there: names near it, and where it has moved to."""

import ast
import difflib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tickety.agents.builtin import definitions, imports, missing, project
from tickety.core import manifests, requirements, tree

NEAR = 0.6  # likeness (0 to 1) from which on a name may have been meant
VERY_NEAR = 0.8  # for a top-level module that is none of the project's: most likely it is just not installed
MOVED = 0.9
MOST = 6
_LONGEST_NAME = 100
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W_A-Z]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that is there: ``name`` of ``module``, or the module itself where ``name`` is empty.

    ``score`` (0 to 1) says how well it fits. ``old`` is the dotted name in whose place a module stands.
    """

    kind: Literal["near", "moved"]
    module: str
    name: str
    path: str
    line: int
    score: float
    old: str = ""

    @property
    def whole(self) -> str:
        """The dotted name."""
        return f"{self.module}.{self.name}" if self.name else self.module

    def __str__(self) -> str:
        place = f" ({self.path}:{self.line})" if self.path else ""
        return f"`{self.whole}`{place}"


def find(files: project.Project, wanted: missing.Missing) -> tuple[Candidate, ...]:
    """The best candidates, the best first. None when the name is defined after all: then something else is wrong."""
    if defined(files, wanted):
        return ()
    found: dict[tuple[str, str], Candidate] = {}
    for each in _FINDERS[wanted.kind](files, wanted):
        key = (each.whole, each.old)
        found[key] = max(found.get(key, each), each, key=lambda candidate: candidate.score)
    return tuple(sorted(found.values(), key=lambda each: (-each.score, each.whole))[:MOST])


def defined(files: project.Project, wanted: missing.Missing) -> str:
    """Where the name is defined all the same, ``path:line``: a circle, a condition or the search path hides it."""
    if wanted.kind == "module":
        path = files.module_file(wanted.name)
        return f"{path}:1" if path else ""
    if wanted.kind == "member":
        found = dict(_members(files, wanted.owner))
    else:
        path = owner_file(files, wanted)
        found = {name: (path, each) for name, each in files.names(path).items()} if path else {}
    place = found.get(wanted.name)
    return f"{place[0]}:{place[1].line}" if place else ""


def owner_file(files: project.Project, wanted: missing.Missing) -> str | None:
    """The project's file of the module that lacks the name; None when it is not the project's."""
    return files.locate(wanted.path) if wanted.path else files.module_file(wanted.owner)


def likeness(wanted: str, other: str) -> float:
    """How likely ``other`` was meant, 0 to 1: by its letters, and by its words whatever their style."""
    if max(len(wanted), len(other)) > _LONGEST_NAME or wanted == other:
        return 0.0
    score = difflib.SequenceMatcher(None, wanted.lower(), other.lower(), autojunk=False).ratio()
    ours, theirs = (_WORD.findall(name) for name in (wanted, other))
    ours, theirs = [word.lower() for word in ours], [word.lower() for word in theirs]
    if ours == theirs:
        score = 0.95
    elif sorted(ours) == sorted(theirs):
        score = max(score, 0.85)
    elif _begins_or_ends(ours, theirs) or _begins_or_ends(theirs, ours):
        score = max(score, 0.75)
    return score * 0.9 if other.startswith("_") and not wanted.startswith("_") else score


def _begins_or_ends(part: list[str], whole: list[str]) -> bool:
    return bool(part) and part in (whole[: len(part)], whole[-len(part) :])


def _for_name(files: project.Project, wanted: missing.Missing) -> Iterator[Candidate]:
    yield from _near_names(files, wanted)
    if owner_file(files, wanted) or files.submodules(wanted.owner):
        yield from _moved_names(files, wanted)


def _near_names(files: project.Project, wanted: missing.Missing) -> Iterator[Candidate]:
    path = owner_file(files, wanted)
    pool = {name: (path, each) for name, each in files.names(path).items()} if path else {}
    for name, file in files.submodules(wanted.owner).items() if path or not wanted.path else ():
        pool.setdefault(name, (file, definitions.Definition(1, "value")))
    for name, (file, definition) in pool.items():
        # A name that a module only imports is rarely meant to be taken from there; in a package it is.
        is_borrowed = definition.kind == "import" and not (file or "").endswith("__init__.py")
        score = likeness(wanted.name, name) * (0.8 if is_borrowed else 1.0)
        score = max(score, MOVED) if name == wanted.hint else score
        if score >= NEAR and _is_public_enough(wanted.name, name):
            yield Candidate("near", wanted.owner, name, file or "", definition.line, score)
    if wanted.hint and wanted.hint not in pool:
        yield Candidate("near", wanted.owner, wanted.hint, "", 0, MOVED)


def _is_public_enough(wanted: str, name: str) -> bool:
    is_special = name.startswith("__") and name.endswith("__")
    return not is_special or wanted.startswith("__") or wanted in name


def _moved_names(files: project.Project, wanted: missing.Missing) -> Iterator[Candidate]:
    owner = owner_file(files, wanted)
    root = files.root_for(wanted.owner, owner) if owner else None
    for path in _own(files):
        module = _name_like(files, path, root)
        score = MOVED if module.partition(".")[0] == wanted.owner.partition(".")[0] else MOVED - 0.1
        if module.endswith(f".{wanted.name}"):
            yield Candidate("moved", module.rpartition(".")[0], wanted.name, path, 1, score)
        elif path != owner and wanted.name in (files.text(path) or ""):
            definition = files.names(path, 0).get(wanted.name)
            if definition and definition.kind != "import":
                yield Candidate("moved", module, wanted.name, path, definition.line, score)


def _for_module(files: project.Project, wanted: missing.Missing) -> Iterator[Candidate]:
    modules = {name: path for name, path in files.modules().items() if not project.is_test(path) and tree.is_own(path)}
    top = wanted.name.partition(".")[0]
    is_ours = any(name.partition(".")[0] == top for name in modules)
    if not is_ours and is_foreign(files, top):
        return
    parent, _, last = wanted.name.rpartition(".")
    for name, path in modules.items():
        score = likeness(last, name.rpartition(".")[2]) if name.rpartition(".")[0] == parent else 0.0
        if score >= (NEAR if is_ours else VERY_NEAR):
            yield Candidate("near", name, "", path, 1, score, wanted.name)
    yield from _moved_modules(files, wanted, modules)


def _moved_modules(files: project.Project, wanted: missing.Missing, modules: dict[str, str]) -> Iterator[Candidate]:
    """The module under another parent; or each module asked for inside a package that is gone."""
    for old in sorted({wanted.name, *_asked_inside(files, wanted.name)}):
        for name, path in modules.items():
            if name.rpartition(".")[2] == old.rpartition(".")[2]:
                is_near = name.partition(".")[0] == old.partition(".")[0]
                yield Candidate("moved", name, "", path, 1, MOVED if is_near else MOVED - 0.1, old)


def _asked_inside(files: project.Project, package: str) -> Iterator[str]:
    for source in imports.sources(files, package.rpartition(".")[2]):
        for brought in source.imports:
            yield from (name for name in brought.modules if name.startswith(f"{package}."))


def is_foreign(files: project.Project, module: str) -> bool:
    """Whether a top-level module belongs to Python, or to a package that the project says it needs."""
    name = module.replace("_", "-").lower()
    needed = requirements.find(files.files, manifests.read(files.files))
    is_needed = any(requirements.package(line) == name for each in needed for line in each.lines)
    return module in sys.stdlib_module_names or is_needed


def _for_attribute(files: project.Project, wanted: missing.Missing) -> Iterator[Candidate]:
    yield from _near_names(files, wanted)


def _for_member(files: project.Project, wanted: missing.Missing) -> Iterator[Candidate]:
    for name, (path, definition) in _members(files, wanted.owner):
        score = max(likeness(wanted.name, name), MOVED if name == wanted.hint else 0.0)
        if score >= NEAR and _is_public_enough(wanted.name, name):
            yield Candidate("near", wanted.owner, name, path, definition.line, score)


def _members(files: project.Project, owner: str) -> Iterator[tuple[str, tuple[str, definitions.Definition]]]:
    """What the project's classes of a name, and their bases in the project, have."""
    waiting, seen = [owner], set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for path, found in _classes(files, name):
            yield from ((member, (path, definition)) for member, definition in definitions.members(found).items())
            waiting += [base for base in definitions.bases(found) if base not in seen]


def _classes(files: project.Project, name: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for path in _own(files):
        text = files.text(path) or ""
        if f"class {name}" in text and (module := definitions.parse(text)):
            yield from ((path, found) for found in definitions.classes(module, name))


def _own(files: project.Project) -> Iterable[str]:
    """The files in which a name may be at home: no tests, and nothing vendored, generated or shown as an example."""
    return (path for path in files.python if not project.is_test(path) and tree.is_own(path))


def _name_like(files: project.Project, path: str, root: str | None) -> str:
    return files.module_name(path, root if root is not None and path.startswith(root) else None)


_FINDERS = {"module": _for_module, "name": _for_name, "attribute": _for_attribute, "member": _for_member}
