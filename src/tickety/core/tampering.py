"""What in a change needs a person's approval before its green tests count: the ways to make a red test silent.

Deleted, removed, gutted and skipped tests, and edits to whatever decides which tests run and how. Names and markers
are read, nothing is run, so this is a fence and no wall; that fewer tests run is seen by ``core.evidence``.
"""

import ast
import json
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from tickety.core import change, text, verification


def found(changes: Sequence[change.Change], command: Sequence[str], source: str) -> tuple[str, ...]:
    """One sentence for each thing to approve, in the order of their paths; none when there is nothing.

    ``command`` is the verification, ``source`` where it was found (``Makefile: target test``; empty when it was not).
    A test that moved to another test file, or kept its body under another name, is not gone.
    """
    ordered = sorted(changes, key=lambda entry: entry.path)
    tests = [_file(entry) for entry in ordered if _holds_tests(entry)]
    sentences = (*_own_files(ordered, command, source), *_lost_tests(tests), *_new_markers(tests))
    return tuple(sorted(dict.fromkeys(sentences)))


# The verification's own files. Most count as a whole; of a manifest only the parts that are about tests.

_WHOLE = re.compile(
    r"""
    (?:.*/)?(?:
        conftest\.py | \.?pytest\.(?:ini|toml) | tox\.(?:ini|toml) | noxfile\.py | \.coveragerc
      | sitecustomize\.py | usercustomize\.py | [^/]+\.pth
      | (?:jest|vitest|vite)\.(?:config|setup|workspace)\.[^/]+ | \.mocharc[^/]* | \.taprc | \.npmrc
      | \.cargo/config(?:\.toml)? | \.config/nextest\.toml | rust-toolchain(?:\.toml)?
    )
    | (?:.*/)?node_modules/.*
    | tickety\.toml | \.tickety/.*
    """,
    re.VERBOSE,
)
_MAKEFILE = re.compile(r"(?:.*/)?(?:(?:GNU)?[Mm]akefile|[^/]+\.mk)")
_STAND_IN = re.compile(r"(?:src/)?(?:_?pytest|pluggy|unittest|tox|nox|coverage)(?:\.py|/.*)")
_NOT_A_DEFINITION = (".py", ".txt", ".in")  # test modules and requirements: where the runner was recognised
_DONE = {"added": "was added", "modified": "was changed", "deleted": "was deleted"}


def _own_files(changes: Sequence[change.Change], command: Sequence[str], source: str) -> Iterator[str]:
    words = {part.removeprefix("./") for word in command for part in word.split("=")}
    for entry in changes:
        parts = _PARTS.get(entry.path.rpartition("/")[2])
        if parts:
            old, new = (parts(words, content or "") for content in (entry.old, entry.new))
            differing = sorted(part for part in old.keys() | new.keys() if old.get(part) != new.get(part))
            yield from (f"{entry.path}: {part} was changed" for part in differing)
        elif _is_whole(entry.path, words, source) and not _is_untouched(entry):
            yield f"{entry.path} {_DONE[entry.status]}"
        elif entry.status == "added" and _STAND_IN.fullmatch(entry.path):
            yield f"{entry.path} was added, and would stand in for the test runner"


def _is_whole(path: str, words: set[str], source: str) -> bool:
    definition = source.partition(":")[0]
    if _MAKEFILE.fullmatch(path) and (words & {"make", "gmake"} or _MAKEFILE.fullmatch(definition)):
        return True
    is_named = path in words and not _is_test(path)
    is_definition = path == definition and not path.endswith(_NOT_A_DEFINITION)
    return is_named or is_definition or _WHOLE.fullmatch(path) is not None


def _is_untouched(entry: change.Change) -> bool:
    return entry.old is not None and entry.old == entry.new


def _pyproject(words: set[str], content: str) -> dict[str, object]:
    document = verification.toml(content)
    tools = verification.table(document, "tool")
    wanted = {"tox", "coverage", *({"hatch", "pdm", "poe", "poetry"} & words)}
    tables = {f"[tool.{name}]": part for name, part in tools.items() if name in wanted or name.startswith("pytest")}
    plugins = verification.at(document, "project", "entry-points", "pytest11")
    return tables | ({'[project.entry-points."pytest11"]': plugins} if plugins else {})


def _setup_cfg(_words: set[str], content: str) -> dict[str, object]:
    sections = verification.ini(content).items()
    return {f"[{name}]": part for name, part in sections if re.match(r"(?:tool:)?pytest|tox|testenv|coverage:", name)}


def _package_json(_words: set[str], content: str) -> dict[str, object]:
    try:
        document = json.loads(content.removeprefix("\ufeff") or "{}")
    except (ValueError, RecursionError):
        return {}
    keys = ("scripts", "jest", "vitest", "mocha", "ava", "tap", "c8", "nyc")
    return {f'"{key}"': part for key in keys if (part := verification.at(document, key)) is not None}


def _cargo_toml(_words: set[str], content: str) -> dict[str, object]:
    document = verification.toml(content)
    paths = (("profile", "test"), ("package", "autotests"), ("lib", "test"), ("lib", "doctest"), ("lib", "harness"))
    parts = {".".join(path): verification.at(document, *path) for path in (*paths, ("test",))}
    return {name: part for name, part in parts.items() if part is not None}


_PARTS: dict[str, Callable[[set[str], str], dict[str, object]]] = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "package.json": _package_json,
    "Cargo.toml": _cargo_toml,
}


# Tests that are gone, or that no longer check what they did.


class _Worth(IntEnum):
    """What a test can find out, as far as can be read."""

    NOTHING = 0
    THAT_IT_RUNS = 1
    WHAT_IT_ASSERTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    """``body`` is what a test is recognised by under another name; empty when it cannot be told."""

    name: str
    worth: _Worth
    body: str = ""


@dataclass(frozen=True, slots=True)
class _Contents:
    """What one text holds: its tests, and how often each marker that keeps them from counting stands in it."""

    tests: tuple[_Test, ...] = ()
    markers: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _File:
    """A changed test file, or a file in a folder of tests."""

    change: change.Change
    old: _Contents
    new: _Contents


def _file(entry: change.Change) -> _File:
    old, new = _contents(entry)
    if entry.status == "added" and not _is_test(entry.path):
        new = replace(new, tests=())  # no runner looks there
    return _File(entry, old, new)


def _lost_tests(files: Sequence[_File]) -> Iterator[str]:
    became = _matched(files)
    for file in files:
        path, own = file.change.path, [test for test in file.old.tests if test.worth]
        gone = [test.name for test in own if test not in became]
        weaker = [test.name for test in own if test in became and became[test].worth < test.worth]
        if file.change.status == "deleted" and (gone or not (own or _is_moved(file, files))):
            yield f"{path} was deleted{f', with {_listed(gone)}' if gone else ''}"
        elif gone:
            yield f"{path}: {_listed(gone)} {'was' if len(gone) == 1 else 'were'} removed"
        if weaker:
            check_what_they = "checks what it" if len(weaker) == 1 else "check what they"
            yield f"{path}: {_listed(weaker)} no longer {check_what_they} did"


def _matched(files: Sequence[_File]) -> dict[_Test, _Test]:
    """What each old test became: the one of its name in its file, the one of its name elsewhere, the same body."""
    then = [(file.change.path, test) for file in files for test in file.old.tests]
    left = [(file.change.path, test) for file in files for test in file.new.tests]
    became: dict[_Test, _Test] = {}
    for key in _SAMENESS:
        places: dict[object, list[_Test]] = {}
        for path, test in left:
            places.setdefault(key(path, test), []).append(test)
        for path, test in then:
            if test not in became and key(path, test) and places.get(key(path, test)):
                became[test] = places[key(path, test)].pop()
        taken = set(became.values())
        left = [(path, test) for path, test in left if test not in taken]
    return became


_SAMENESS: tuple[Callable[[str, _Test], object], ...] = (
    lambda path, test: (path, test.name),
    lambda _path, test: test.name,
    lambda _path, test: test.body,
)


def _is_moved(file: _File, files: Sequence[_File]) -> bool:
    added = (other.change for other in files if other.change.status == "added")
    return any(other.new is not None and other.new == file.change.old for other in added)


_LISTED = 5  # names


def _listed(names: Sequence[str]) -> str:
    shown, more = list(names[:_LISTED]), len(names) - _LISTED
    last = text.plural(more, "other test") if more > 0 else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


# Markers that keep a test from running, or from mattering.


def _new_markers(files: Sequence[_File]) -> Iterator[str]:
    """Counted over all files together: a marker that moved with its test is not new."""
    then = Counter(marker for file in files for marker in file.old.markers.elements())
    now = Counter(marker for file in files for marker in file.new.markers.elements())
    for file in files:
        new = (now - then) & (file.new.markers - file.old.markers)
        yield from (f"{file.change.path}: {marker} was added" for marker in new)


# Languages: which files hold tests, and how their tests and markers are spelled.


@dataclass(frozen=True, slots=True)
class _Language:
    """``named`` is what a runner takes for a test file; ``is_anywhere`` when tests stand beside the code, too."""

    suffixes: tuple[str, ...]
    named: re.Pattern[str]
    read: Callable[[str], _Contents | None]
    read_roughly: Callable[[str], _Contents] = lambda _: _Contents()
    is_anywhere: bool = False


_TEST_FOLDERS = {"test", "tests", "testing", "__tests__", "spec", "specs", "testdata"}


def _language(path: str) -> _Language | None:
    return next((language for language in _LANGUAGES if path.endswith(language.suffixes)), None)


def _is_test(path: str) -> bool:
    language = _language(path)
    return language is not None and (language.is_anywhere or language.named.fullmatch(path) is not None)


def _holds_tests(entry: change.Change) -> bool:
    """A test file by its name, anything in a folder of tests, or a file that has tests beside its code."""
    language = _language(entry.path)
    if language and language.named.fullmatch(entry.path):
        return True
    if any(part in _TEST_FOLDERS for part in entry.path.split("/")[:-1]):
        return True
    return language is not None and language.is_anywhere and any(side.tests for side in _contents(entry))


def _contents(entry: change.Change) -> tuple[_Contents, _Contents]:
    """What the two texts of a file hold, both read in the same way: roughly, when one of them cannot be parsed."""
    language = _language(entry.path)
    if language is None:
        return _Contents(), _Contents()
    old, new = language.read(entry.old or ""), language.read(entry.new or "")
    if old is None or new is None:
        return language.read_roughly(entry.old or ""), language.read_roughly(entry.new or "")
    return old, new


# Python, by its syntax tree.

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_ASSERTING = re.compile(r"assert|expect|fail|raises|warns|deprecated_call|should|check|verify", re.IGNORECASE)
_PYTHON_MARKER = re.compile(
    r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)"
    r"|unittest\.(?:case\.)?(?:skip|skipIf|skipUnless|expectedFailure|SkipTest)"
    r"|\w+\.skipTest"
)
_PYTHON_DEF = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)", re.MULTILINE)
_PYTHON_WORD = re.compile(r"\b\w++(?:\.\w++)+")


def _python(content: str) -> _Contents | None:
    """None when this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about somebody else's escape sequences
            module = ast.parse(content)
        last = dict(_functions(module, ""))  # a second function of one name replaces the first
        tests = tuple(_Test(name, _worth(function), _body(function)) for name, function in last.items())
        return _Contents(tests, _python_markers(module))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _functions(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, _Function]]:
    for node in scope.body:
        if isinstance(node, _Function) and node.name.startswith("test"):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or node.bases):
            yield from _functions(node, f"{prefix}{node.name}.")


def _worth(function: _Function) -> _Worth:
    body = list(_live(function.body))
    if all(map(_is_idle, body)):
        return _Worth.NOTHING
    nodes = (node for statement in body for node in ast.walk(statement))
    return _Worth.WHAT_IT_ASSERTS if any(map(_is_assertion, nodes)) else _Worth.THAT_IT_RUNS


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


def _python_markers(module: ast.Module) -> Counter[str]:
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
    return Counter([*(name for name in dotted if _PYTHON_MARKER.fullmatch(name)), *switches])


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    """``pytest.mark.skip`` for what is spelled so under any import; what is no plain name starts with a dot."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((aliases.get(node.id, node.id) if isinstance(node, ast.Name) else "", *reversed(parts)))


def _python_roughly(content: str) -> _Contents:
    tests = tuple(_Test(name, _Worth.THAT_IT_RUNS) for name in _PYTHON_DEF.findall(content))
    return _Contents(tests, Counter(word for word in _PYTHON_WORD.findall(content) if _PYTHON_MARKER.fullmatch(word)))


# The others, by patterns on code without comments. A string that does not end is taken to end with its line or with
# the text, and what may be long is bounded: every scan stays linear.


def _by_pattern(scan: re.Pattern[str], tests: re.Pattern[str], markers: re.Pattern[str]) -> Callable[[str], _Contents]:
    """A reader: tests are found in the code without its comments, markers in the code without its strings, too."""

    def read(content: str) -> _Contents:
        code = scan.sub(lambda match: match["string"] or " ", content)
        bare = scan.sub(lambda match: "''" if match["string"] else " ", content)
        found = (_Test(match["name"], _IDLE[match["idle"] is not None]) for match in tests.finditer(code))
        return _Contents(tuple(found), Counter(_label(match[0]) for match in markers.finditer(bare)))

    return read


def _label(marker: str) -> str:
    """How a marker is named to people: ``it.skip``, ``#[ignore]``, ``option skip``."""
    if marker.startswith("#"):
        return "#[ignore]"
    name, colon, _ = _SPACE.sub("", marker).partition(":")
    return f"option {name}" if colon else name


_IDLE = {True: _Worth.NOTHING, False: _Worth.THAT_IT_RUNS}
_SPACE = re.compile(r"\s+|\($")

_COMMENT = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_JS_SCAN = re.compile(
    rf"(?P<string>\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|`(?:\\.|[^`\\])*`?)|{_COMMENT}", re.DOTALL
)
_RUST_SCAN = re.compile(
    rf"(?P<string>\br(?P<hashes>#+)\".*?(?:\"(?P=hashes)|\Z)|\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\\n])')|{_COMMENT}",
    re.DOTALL,
)
_GO_SCAN = re.compile(rf"(?P<string>\"(?:\\.|[^\"\\\n])*\"?|`[^`]*`?|'(?:\\.|[^'\\\n])*'?)|{_COMMENT}", re.DOTALL)

_JS_TEST = re.compile(
    r"""
    (?<![\w.$]) (?:it|test|specify) (?:\.\w+)* \s* (?:\([^()]*\)\s*)? \(\s*
    (?P<quote>['"`]) (?P<name>(?:\\.|(?!(?P=quote))[^\\\n])*) (?P=quote) \s*, \s*
    (?P<idle>
        (?:async\s*)? (?: \(\s*(?:\w+\s*)?\) \s*=> | \w+ \s*=> | function\s*(?:\w+\s*)?\(\s*(?:\w+\s*)?\) ) \s*
        \{\s* (?:(?:return|expect\(true\)\.toBe\(true\)|assert(?:\.ok)?\(true\))\s*;?\s*)? \}
    )?
    """,
    re.VERBOSE,
)
_JS_MARKER = re.compile(
    r"""
    (?<![\w.$]) (?:it|test|describe|context|suite|specify) (?:\.\w+)*? \.(?:skip|only|todo|fails|failing|skipIf|runIf)\b
    | (?<![\w.$]) (?:x(?:it|test|describe|context|specify)|f(?:it|describe|context)) \s*\(
    | (?<![\w.$]) (?:t|this|ctx) \.(?:skip|todo) \s*\(
    | (?<=[{,\s]) (?:skip|todo|only) \s*:\s* (?:true|'')
    """,
    re.VERBOSE,
)
_RUST_TEST = re.compile(
    r"""
    \#\[ \s*(?:\w+::){0,4}(?:test|rstest|test_case)\b [^\]]{0,500} \] \s* (?:\#\[[^\]]{0,500}\]\s*){0,9}
    (?:pub(?:\([\w\s:]*\))?\s+)? (?:async\s+)? (?:unsafe\s+)? fn \s+ (?P<name>\w+)
    (?P<idle> \s*\(\)\s* \{\s* (?:assert!\(true\)\s*;?\s*)? \} )?
    """,
    re.VERBOSE,
)
_RUST_MARKER = re.compile(r"#\[\s*(?:cfg_attr\([^\]]{0,500}\b)?ignore\b")
_GO_TEST = re.compile(r"^func (?P<name>(?:Test|Example|Fuzz)\w*)\([^)\n]*\)\s*(?P<idle>\{\s*\})?", re.MULTILINE)
_GO_MARKER = re.compile(r"\b[tbf]\.Skip(?:f|Now)?\b")

_LANGUAGES = (
    _Language((".py",), re.compile(r"(?:.*/)?(?:test[^/]*|[^/]*_tests?)\.py"), _python, _python_roughly),
    _Language(
        (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"),
        re.compile(r"(?:.*/)?[^/]+[.-](?:test|spec)\.\w+|(?:.*/)?(?:__tests__|tests?|spec)/.*"),
        _by_pattern(_JS_SCAN, _JS_TEST, _JS_MARKER),
    ),
    _Language(
        (".rs",), re.compile(r"(?:.*/)?tests/.*"), _by_pattern(_RUST_SCAN, _RUST_TEST, _RUST_MARKER), is_anywhere=True
    ),
    _Language((".go",), re.compile(r".*_test\.go"), _by_pattern(_GO_SCAN, _GO_TEST, _GO_MARKER)),
)
