"""Which names a Python file defines, read from its source without running it."""

import ast
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LARGEST = 1024 * 1024  # characters; a larger file is data, not something a person wrote

_filters = threading.Lock()  # warnings.catch_warnings changes what the whole process sees


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a name comes from: its line, and what binds it. An import brings a name that is at home elsewhere."""

    line: int
    kind: Literal["function", "class", "value", "import"]


Names = dict[str, Definition]


def parse(source: str) -> ast.Module | None:
    """The syntax tree; None when the text is not Python, or nested deeper than anybody writes."""
    if len(source) > LARGEST:
        return None
    try:
        with _filters, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about somebody else's escape sequences
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def names(module: ast.Module) -> Names:
    """What a module binds at its top level, also inside ``if``, ``try``, ``with`` and loops. The first one counts."""
    return _bound(module.body)


def exported(module: ast.Module) -> tuple[str, ...]:
    """The names in ``__all__``, as far as they are written out."""
    lists = (statement for statement in _statements(module.body) if _assigns(statement, "__all__"))
    return tuple(
        node.value
        for statement in lists
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def stars(module: ast.Module) -> tuple[ast.ImportFrom, ...]:
    """The ``from … import *`` statements of a module's top level."""
    return tuple(
        statement
        for statement in _statements(module.body)
        if isinstance(statement, ast.ImportFrom) and any(alias.name == "*" for alias in statement.names)
    )


def classes(module: ast.Module, name: str) -> tuple[ast.ClassDef, ...]:
    """Every class of that name, nested ones too."""
    return tuple(node for node in ast.walk(module) if isinstance(node, ast.ClassDef) and node.name == name)


def members(owner: ast.ClassDef) -> Names:
    """What a class binds in its body, and what its methods set on their first parameter."""
    found = _bound(owner.body)
    for method in owner.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and (own := _first_parameter(method)):
            for node in ast.walk(method):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_name(node.value, own):
                    found.setdefault(node.attr, Definition(node.lineno, "value"))
    return found


def bases(owner: ast.ClassDef) -> tuple[str, ...]:
    """The last word of each base class: ``Store`` of ``stores.Store[int]``."""
    plain = (base.value if isinstance(base, ast.Subscript) else base for base in owner.bases)
    words = (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in plain)
    return tuple(word for word in words if word)


def _bound(body: list[ast.stmt]) -> Names:
    found: Names = {}
    for statement in _statements(body):
        for name, definition in _binds(statement):
            found.setdefault(name, definition)
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of one scope, without those of functions and classes inside it."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(reversed(list(_inside(statement))))


def _inside(statement: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def _binds(statement: ast.stmt) -> Iterator[tuple[str, Definition]]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, Definition(statement.lineno, "function")
        case ast.ClassDef():
            yield statement.name, Definition(statement.lineno, "class")
        case ast.Import() | ast.ImportFrom():
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield name, Definition(statement.lineno, "import")
        case _:
            for name in _stored(statement):
                yield name, Definition(statement.lineno, "value")


def _stored(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement itself assigns to, those of the statements in its body left out."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        children = (child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt | _SCOPES))
        waiting.extend(child for child in children if not isinstance(child, ast.ExceptHandler | ast.match_case))


_SCOPES = ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def _assigns(statement: ast.stmt, name: str) -> bool:
    is_assignment = isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
    return is_assignment and name in _stored(statement)


def _first_parameter(method: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    parameters = [*method.args.posonlyargs, *method.args.args]
    return parameters[0].arg if parameters else ""


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
