"""What a project's manifests say: each one read into nested dictionaries, and nothing of it run."""

import ast
import configparser
import contextlib
import json
import re
import tomllib
import warnings
from collections.abc import Callable, Iterator, Sequence

from tickety.core import tree

Project = dict[str, dict[str, object]]
"""The manifests by path, each as nested dictionaries; empty where one is absent or cannot be read."""


def read(files: tree.Tree) -> Project:
    """Every manifest at the root of the project, by its path."""
    return {path: parse(path, files.text(path) or "") for path in _READERS}


def parse(name: str, text: str) -> dict[str, object]:
    """What a manifest of this file name says; empty when it cannot be read, or is none that is known."""
    return _READERS[name](text.removeprefix("\ufeff")) if name in _READERS else {}


def at(document: object, *keys: str) -> object:
    """What stands under a path of keys; None where the path ends early."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def table(document: object, *keys: str) -> dict[str, object]:
    """The table under a path of keys; empty where there is none."""
    found = at(document, *keys)
    return found if isinstance(found, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """The texts of a list, or the lines of a text: stripped, without empty ones and comments."""
    items = value.splitlines() if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    texts = (item.split(" #")[0].strip() for item in items if isinstance(item, str))
    return tuple(text for text in texts if text and not text.startswith("#"))


def ini(text: str) -> dict[str, object]:
    """The sections of an ini file; what comes before a fault in it counts."""
    parser = _Ini(strict=False)
    with contextlib.suppress(configparser.Error):
        parser.read_string(text)
    return {section: {key: str(value) for key, value in parser.items(section)} for section in parser.sections()}


def recipe(text: str, wanted: Sequence[str]) -> Iterator[str]:
    """The lines that make runs for these targets of a Makefile, and for what they need first.

    Without targets the first one is meant. Variables that the file sets are put in; of others the name is left.
    """
    rules, variables = _makefile(text)
    todo, seen = list(wanted) or [name for name in rules if not name.startswith(".")][:1], set[str]()
    while todo and len(seen) < _TARGETS_AT_MOST:
        name = todo.pop()
        if name in rules and name not in seen:
            seen.add(name)
            needed = _put_in(" ".join(line for line in rules[name] if not line.startswith("\t")), variables).split()
            todo += needed
            own = {**variables, "<": needed[0] if needed else "", "^": " ".join(needed), "@": name}
            yield from (_put_in(line.lstrip("\t@-+ "), own) for line in rules[name] if line.startswith("\t"))


class _Ini(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        """Names of programs and extras keep their case."""
        return optionstr


def _makefile(text: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The targets, each with what it needs and, after a tab, its recipe; and the variables."""
    rules: dict[str, list[str]] = {}
    variables = dict(_MAKE_VARIABLES)
    current: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            for name in current:
                rules[name].append(line[:_LINE_AT_MOST])
        elif assigned := _ASSIGNED.match(line):
            variables[assigned[1]] = assigned[2][:_VALUE_AT_MOST]
        elif rule := _RULE.match(line):
            current = rule[1].split()[:_TARGETS_AT_MOST]
            for name in current:
                lines = [rule[2][:_LINE_AT_MOST], *([f"\t{rule[3]}"[:_LINE_AT_MOST]] if rule[3] else [])]
                rules.setdefault(name, []).extend(lines)
    return rules, variables


def _put_in(line: str, variables: dict[str, str]) -> str:
    for _ in range(_VARIABLES_DEEP):
        line = _VARIABLE.sub(lambda name: variables.get(name[1] or name[2], f"$${name[1]}"), line)[:_LINE_AT_MOST]
    return line.replace("$$", "$")


def _toml(text: str) -> dict[str, object]:
    try:
        return {} if _is_bomb(text) else _if_shallow(tomllib.loads(text))
    except (ValueError, RecursionError):
        return {}


def _is_bomb(text: str) -> bool:
    """Whether a key has so many parts that tomllib, which keeps every beginning of it, would fill the memory."""
    pieces = max(piece.count(".") for piece in re.split(r"[\n,={}\[\]]", text))
    quoted = max(len(_QUOTED_PART.findall(line)) for line in text.split("\n"))
    return max(pieces, quoted) > _KEY_PARTS_AT_MOST


def _json(text: str) -> dict[str, object]:
    try:
        return _if_shallow(table(json.loads(text)))
    except (ValueError, RecursionError):
        return {}


def _if_shallow(document: dict[str, object]) -> dict[str, object]:
    """The document, unless it is nested so deep that it was made to exhaust whoever walks it."""
    level: list[object] = [document]
    for _ in range(_DEPTH_AT_MOST):
        inside = (node.values() if isinstance(node, dict) else node for node in level if isinstance(node, dict | list))
        level = [child for children in inside for child in children]
    return {} if level else document


def _setup_py(text: str) -> dict[str, object]:
    """The arguments of ``setup(…)``, read without running it; None for one that is not a literal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about somebody else's escape sequences
            module = ast.parse(text if len(text) < _SETUP_AT_MOST else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        keyword.arg: _literal(keyword.value, constants)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and _is_setup(node.func)
        for keyword in node.keywords
        if keyword.arg
    }


def _is_setup(function: ast.expr) -> bool:
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    return name == "setup"


def _literal(node: ast.expr, constants: dict[str, ast.expr]) -> object:
    value = constants.get(node.id, node) if isinstance(node, ast.Name) else node
    try:
        found: object = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return found


_READERS: dict[str, Callable[[str], dict[str, object]]] = {
    "pyproject.toml": _toml,
    "tox.toml": _toml,
    "Cargo.toml": _toml,
    "setup.cfg": ini,
    "tox.ini": ini,
    "pytest.ini": ini,
    "setup.py": _setup_py,
    "package.json": _json,
}
_RULE = re.compile(r"(?![\t#])([^:=#]*+)::?(?![:=])([^;#]*)(?:;([^#]*))?")
_ASSIGNED = re.compile(r"(?:export |override )?[ ]*([\w.-]+)[ \t]*[:?+]{0,3}=[ \t]*([^#]*)")
_VARIABLE = re.compile(r"(?<!\$)\$(?:[({]([\w.-]+)[)}]|([<^@]))")
_MAKE_VARIABLES = {"MAKE": "make", "CC": "cc", "CXX": "c++", "CPP": "cpp", "FC": "f77", "CURDIR": ".", "SHELL": "sh"}
_VARIABLES_DEEP = 4  # variables within variables
_VALUE_AT_MOST = 1_000  # characters, as below: what is put in could multiply
_LINE_AT_MOST = 4_000
_TARGETS_AT_MOST = 200
_QUOTED_PART = re.compile(r"[\"'][ \t]*+\.")
_KEY_PARTS_AT_MOST = 200
_DEPTH_AT_MOST = 40  # tables and lists within each other
_SETUP_AT_MOST = 200_000  # characters
