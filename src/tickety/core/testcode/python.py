"""Tests and markers of Python, by its syntax tree."""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence

from tickety.core.testcode import contents

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(content: str) -> contents.Contents | None:
    """None when this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about somebody else's escape sequences
            module = ast.parse(content)
        last = dict(_functions(module, ""))  # a second function of one name replaces the first
        tests = tuple(contents.Test(name, _worth(function), _body(function)) for name, function in last.items())
        return contents.Contents(tests, _markers(module))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def read_roughly(content: str) -> contents.Contents:
    """What the names and words alone tell, of a text that cannot be parsed."""
    tests = tuple(contents.Test(name, contents.Worth.THAT_IT_RUNS) for name in _DEF.findall(content))
    return contents.Contents(tests, Counter(word for word in _WORD.findall(content) if _MARKER.fullmatch(word)))


def _functions(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, _Function]]:
    for node in scope.body:
        if isinstance(node, _Function) and node.name.startswith("test"):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or node.bases):
            yield from _functions(node, f"{prefix}{node.name}.")


def _worth(function: _Function) -> contents.Worth:
    body = list(_live(function.body))
    if all(map(_is_idle, body)):
        return contents.Worth.NOTHING
    nodes = (node for statement in body for node in ast.walk(statement))
    return contents.Worth.WHAT_IT_ASSERTS if any(map(_is_assertion, nodes)) else contents.Worth.THAT_IT_RUNS


def _live(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.Return | ast.Raise):
            return
        yield statement


def _is_idle(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assert):
        return not _is_assertion(statement)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _is_assertion(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return any(isinstance(part, ast.Name | ast.Call | ast.Attribute) for part in ast.walk(node.test))
    name = _dotted(node.func, {}).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    return _ASSERTING.match(name) is not None


def _body(function: _Function) -> str:
    return "\n".join(ast.dump(statement) for statement in function.body)


def _markers(module: ast.Module) -> Counter[str]:
    nodes = list(ast.walk(module))
    aliases = {
        name.asname or name.name: f"{node.module}.{name.name}" if isinstance(node, ast.ImportFrom) else name.name
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    dotted = (_dotted(node, aliases) for node in nodes if isinstance(node, ast.Attribute | ast.Name))
    targets = (target for node in nodes if isinstance(node, ast.Assign) for target in node.targets)
    switches = (target.id for target in targets if isinstance(target, ast.Name) and target.id == "__test__")
    return Counter([*(name for name in dotted if _MARKER.fullmatch(name)), *switches])


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    """``pytest.mark.skip`` for what is spelled so under any import; what is no plain name starts with a dot."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((aliases.get(node.id, node.id) if isinstance(node, ast.Name) else "", *reversed(parts)))


_ASSERTING = re.compile(r"assert|expect|fail|raises|warns|deprecated_call|should|check|verify", re.IGNORECASE)
_MARKER = re.compile(
    r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)"
    r"|unittest\.(?:case\.)?(?:skip|skipIf|skipUnless|expectedFailure|SkipTest)"
    r"|\w+\.skipTest"
)
_DEF = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)", re.MULTILINE)
_WORD = re.compile(r"\b\w++(?:\.\w++)+")
