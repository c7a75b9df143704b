"""The scripts behind a command: files of the project, one level deep, that decide what it runs."""

import itertools
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence

from tickety.core import change, manifests, record, testcode, tree


@record.record(frozen=True, slots=True)
class _Command:
    """An argument list, and the folder in which it is run."""

    folder: str
    words: tuple[str, ...]

    def path(self, word: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, word))


def behind(argv: Sequence[str], files: tree.Tree) -> tuple[str, ...]:
    """The files that decide what a command runs, sorted: its own scripts, and the files that define it.

    They are looked for in its words and, where it calls make, a package manager, tox or nox, in the commands that
    those are told to run; what a script itself calls is not. A script that is named and missing counts: who adds
    it decides. Tests do not count, nor what a test runner or a compiler is given to work on.
    """
    todo, seen, found = [_Command("", tuple(argv))], set[_Command](), set[str]()
    while todo and len(seen) < _COMMANDS_AT_MOST:
        command = todo.pop()
        if command not in seen:
            seen.add(command)
            found.update(_named(command, files))
            todo += _behind(command, files)
    return tuple(sorted(path for path in found if _is_script(path, files)))


def _commands(folder: str, text: str) -> Iterator[_Command]:
    """The commands of a few lines of shell."""
    words: list[str] = []
    for match in _TOKEN.finditer(f"{text[:_TEXT_AT_MOST]}\n"):
        if not _SEPARATOR.fullmatch(match[0]):
            words.append(_QUOTED.sub(_unquoted, match[0]))
            continue
        if words[:1] == ["cd"]:
            folder = posixpath.normpath(posixpath.join(folder, *words[1:2]))
        elif words and not words[0].startswith("#"):
            yield _Command(folder, tuple(words))
        words = []


def _unquoted(match: re.Match[str]) -> str:
    double, single, escaped = match.groups()
    return re.sub(r"\\(.)", r"\1", double) if double is not None else single if single is not None else escaped


def _named(command: _Command, files: tree.Tree) -> Iterator[str]:
    """What the words themselves name: the program when it has a path, what an interpreter runs, and settings."""
    words = tuple(itertools.dropwhile(_is_before_the_program, command.words))
    if words and "/" in words[0]:
        yield command.path(words[0])
    for place, word in enumerate(words):
        value = word.rpartition("=")[2]
        if _DECIDES.fullmatch(value) and command.path(value) in files.paths:
            yield command.path(value)
        if _is_interpreter(words, place):
            yield from _interpreted(command, word, words[place + 1 :], files)


def _is_before_the_program(word: str) -> bool:
    return word in _BEFORE or re.match(r"\w+=", word) is not None


def _is_interpreter(words: tuple[str, ...], place: int) -> bool:
    word = words[place]
    is_runner = word == "run" and place > 0 and words[place - 1] in _RUNNERS
    return is_runner or (word == "." and place == 0) or _INTERPRETER.fullmatch(word.rpartition("/")[2]) is not None


def _interpreted(command: _Command, interpreter: str, words: tuple[str, ...], files: tree.Tree) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        if word == "-m":
            module = next(rest, "").replace(".", "/")
            yield from (path for path in _module_files(command.path(module)) if path in files.paths)
            return
        if _code_option(interpreter).fullmatch(word):
            return
        if word in _WITH_VALUE:
            yield from (path for path in [command.path(next(rest, ""))] if path in files.paths)
        elif not word.startswith(("-", "+")):
            path = command.path(word)
            yield next((each for each in (path, f"{path}.js", *_module_files(path)) if each in files.paths), path)
            return


def _module_files(path: str) -> tuple[str, ...]:
    return f"{path}.py", f"{path}/__main__.py", f"src/{path}.py", f"src/{path}/__main__.py"


def _code_option(interpreter: str) -> re.Pattern[str]:
    return _CODE_OF_SHELLS if _TAKES_C.search(interpreter) else _CODE


def _behind(command: _Command, files: tree.Tree) -> Iterator[_Command]:
    """The commands that this one is told to run."""
    words = command.words
    for place, word in enumerate(words):
        name, rest = word.rpartition("/")[2], words[place + 1 :]
        if _is_interpreter(words, place):
            yield from _given(command.folder, word, rest)
        elif read := _TOLD.get(name):
            yield from read(command, rest, files)


def _given(folder: str, interpreter: str, words: tuple[str, ...]) -> Iterator[_Command]:
    """What an interpreter is given to run as a module, or a shell as code."""
    option = next((place for place, word in enumerate(words) if not word.startswith("-") or word == "-m"), None)
    if option is not None and words[option] == "-m":
        yield _Command(folder, words[option + 1 :])
    elif option and _CODE_OF_SHELLS.fullmatch(words[option - 1]) and _TAKES_C.search(interpreter):
        yield from _commands(folder, words[option])


def _told_by_make(command: _Command, words: tuple[str, ...], files: tree.Tree) -> Iterator[_Command]:
    folder = next((command.path(after) for word, after in itertools.pairwise(words) if word == "-C"), command.folder)
    paths = (posixpath.join(folder, name) for name in MAKEFILES)
    path = next((path for path in paths if path in files.paths), "")
    if not path:
        return
    yield _Command("", ("--", path))
    pairs = itertools.pairwise(("", *words))
    targets = [word for before, word in pairs if before not in {"-C", "-f"} and not re.search(r"^-|=", word)]
    for line in manifests.recipe(files.text(path) or "", targets):
        yield from _commands(folder, line)


def _told_by_node(command: _Command, words: tuple[str, ...], files: tree.Tree) -> Iterator[_Command]:
    known = manifests.table(manifests.parse("package.json", files.text(command.path("package.json")) or ""), "scripts")
    wanted = {"t": "test", "tst": "test"}
    names = [wanted.get(word, word) for word in words if wanted.get(word, word) in known][:1]
    for name in (f"{when}{name}" for name in names for when in ("pre", "", "post")):
        yield from _commands(command.folder, str(known.get(name, "")))


def _told_by_tox(command: _Command, _words: tuple[str, ...], files: tree.Tree) -> Iterator[_Command]:
    project = manifests.read(files)
    legacy = manifests.at(project, "pyproject.toml", "tool", "tox", "legacy_tox_ini")
    places = [project["tox.ini"], project["tox.toml"], manifests.at(project, "pyproject.toml", "tool", "tox")]
    for told in _values([*places, project["setup.cfg"], manifests.ini(str(legacy or ""))], "commands"):
        for line in told.splitlines() if isinstance(told, str) else told if isinstance(told, list) else ():
            words = [line] if isinstance(line, str) else [word for word in line if isinstance(word, str)]
            plain = [re.sub(r"\{[^{}]*\}", "", _TOX_ROOT.sub(".", word)) for word in words]
            if isinstance(line, str):
                yield from _commands(command.folder, plain[0].lstrip("-! "))
            else:
                yield _Command(command.folder, tuple(plain))
    yield _Command("", tuple(name for name in ("--", "tox.ini", "tox.toml") if name in {"--", *files.paths}))


def _values(node: object, key: str) -> Iterator[object]:
    """Whatever stands under a key that begins so, at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from [value] if str(name).startswith(key) else _values(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, key)


def _told_by_nox(command: _Command, _words: tuple[str, ...], files: tree.Tree) -> Iterator[_Command]:
    yield _Command(command.folder, ("python3", "noxfile.py"))
    for arguments in _NOX_RUN.findall(files.text(command.path("noxfile.py")) or ""):
        yield _Command(command.folder, tuple(re.findall(r"[\"']([^\"']*)[\"']", arguments)))


def _is_script(path: str, files: tree.Tree) -> bool:
    """Tests are judged by what is in them, and manifests part by part: both change with ordinary work."""
    if path.startswith(("/", "..")) or path == "." or path.rpartition("/")[2] in _JUDGED_BY_PARTS:
        return False
    text = files.text(path) or ""
    return not (testcode.is_test(path) and testcode.read(change.Change(path, "modified", text, text))[0].tests)


MAKEFILES = ("GNUmakefile", "makefile", "Makefile")  # in the order in which make looks for them


_TOKEN = re.compile(
    r"""(?:"(?:\\.|[^"\\])*+" | '[^']*+' | \\. | [^\s;&|()<>"'\\`] | ["'\\])++ | [;&|()>`\n]++""",
    re.VERBOSE | re.DOTALL,
)
_SEPARATOR = re.compile(r"[;&|()>`\n]+")
_QUOTED = re.compile(r""""((?:\\.|[^"\\])*+)"|'([^']*+)'|\\(.)""", re.DOTALL)
_BEFORE = frozenset(
    ("env", "exec", "command", "time", "nice", "nohup", "eval", "if", "then", "else", "do", "while", "until", "!", "{")
)
_INTERPRETER = re.compile(
    r"(?:ba|da|z|k|a|fi)?sh|source|pypy3?|python[\d.]*|node(?:js)?|tsx|ts-node|ruby|perl|php|lua|Rscript|\$\w+"
)
_RUNNERS = frozenset({"coverage", "uv", "bun", "deno"})  # `coverage run check.py`
_TAKES_C = re.compile(r"(?:sh|python[\d.]*|\$\w+)$")
_CODE_OF_SHELLS = re.compile(r"-\w*c")
_CODE = re.compile(r"-\w*[epE]|--eval|--print")
_WITH_VALUE = frozenset(
    ("-o", "-O", "-W", "-X", "-r", "--require", "--import", "--loader", "--rcfile", "--init-file", "--env-file")
)
# Of the files that a program is only given: settings, further scripts, and programs without a suffix.
_DECIDES = re.compile(r"(?:.*/)?[^/]*\.(?:(?:ba|z)?sh|bats|mk|cfg|conf|ini|ya?ml|toml|json)|.*/[^/.]+|.*[Mm]akefile")
_JUDGED_BY_PARTS = frozenset({"pyproject.toml", "setup.cfg", "package.json", "Cargo.toml"})
_TOLD: dict[str, Callable[[_Command, tuple[str, ...], tree.Tree], Iterator[_Command]]] = {
    "make": _told_by_make,
    "gmake": _told_by_make,
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), _told_by_node),
    "tox": _told_by_tox,
    "nox": _told_by_nox,
}
_TOX_ROOT = re.compile(r"\{(?:toxinidir|tox_root)\}")
_NOX_RUN = re.compile(r"\.run\w*\(([^()]{0,2000})\)")
_TEXT_AT_MOST = 20_000  # characters of one command line
_COMMANDS_AT_MOST = 1_000
