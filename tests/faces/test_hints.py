"""What people are told to try can be tried: every verb and option that a text of ours names is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tickety.cli import main

SOURCE = Path(main.__file__).parents[1]
NAMED = re.compile(r"\btickety ([a-z]+)((?: [^\s;,()`.]+)*)")
OPTION = re.compile(r"(?<!\S)(--?[a-z][a-z-]*)")


def texts(path: Path) -> Iterator[str]:
    """Every text of a module that is no docstring; what is filled in later is an X."""
    tree = ast.parse(path.read_text())
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | documented:
            yield node.value


def named() -> list[tuple[str, str, str]]:
    """File, verb and what stands behind it, of every command that a text names."""
    found = [
        (path.name, match[1], match[2])
        for path in sorted(SOURCE.rglob("*.py"))
        for text in texts(path)
        for match in NAMED.finditer(text)
    ]
    return sorted(set(found))


def command_of(verb: str, behind: str) -> click.Command | None:
    """The command that is named, a group's own one where the next word is one."""
    context = click.Context(main.cli)
    found = main.cli.get_command(context, verb)
    words = behind.split()
    if isinstance(found, click.Group) and words:
        return found.get_command(context, words[0])
    return found


@pytest.mark.parametrize(("file", "verb", "behind"), named())
def test_a_command_that_a_text_names_is_there_with_its_options(file: str, verb: str, behind: str) -> None:
    found = command_of(verb, behind)
    assert found, f"{file}: tickety {verb}{behind}"

    known = {name for param in found.params for name in param.opts} | {"--help"}
    assert set(OPTION.findall(behind)) <= known, f"{file}: tickety {verb}{behind}"


def test_the_texts_that_are_looked_through_are_many() -> None:
    assert len(named()) > 50
