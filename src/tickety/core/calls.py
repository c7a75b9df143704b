"""Which of the project's own programs a list of words calls, and with what arguments.

Words that call anything else are not run: the reason is said instead.
"""

import re
from collections.abc import Callable, Sequence

from tickety.core import programs, record

Call = tuple[programs.Program, tuple[str, ...]]
"""A program and the arguments it is called with."""


@record.record(frozen=True, slots=True)
class Index:
    """The programs by kind and name, by the word that calls them, and those that are meant when none is named."""

    named: dict[tuple[programs.Kind, str], programs.Program]
    called: dict[str, programs.Program]
    implied: tuple[programs.Program, ...]

    def calls(self, word: str) -> programs.Program | None:
        """The program that this word alone calls."""
        return self.called.get(word.removeprefix("./"))

    def starts(self, word: str) -> bool:
        """Whether words that begin with this one can call one of the programs."""
        return bool(self.calls(word) or word in _HEADS or is_python(word))


def index(known: Sequence[programs.Program]) -> Index:
    """The programs in order, so that words can be looked up in them."""
    called: dict[str, programs.Program] = {}
    implied: dict[str | tuple[str, ...], programs.Program] = {}
    kinds = next((kinds for kinds in _IMPLIED if any(program.kind in kinds for program in known)), frozenset())
    for program in known:
        if program.kind in _CALLED:
            called.setdefault(program.name, program)
        if program.kind is programs.Kind.ENTRY_POINT:
            called.setdefault(program.installed[-1], program)  # .venv/bin/notes, or the path that node runs
        if program.kind in kinds:
            implied.setdefault(program.target or program.direct, program)
    return Index({(program.kind, program.name): program for program in known}, called, tuple(implied.values()))


def called(words: tuple[str, ...], among: Index) -> Call | str:
    """The program that an argument list calls and the arguments it gets, or the reason why it calls none of them."""
    if not words:
        return "it names no program"
    if is_python(words[0]):
        return _by_python(words[1:], among)
    if program := among.calls(words[0]):
        return program, words[1:]
    for launcher, resolve in _LAUNCHERS:
        if words[: len(launcher)] == launcher:
            return resolve(words[len(launcher) :], among)
    return not_own(words[0])


def is_python(word: str) -> bool:
    """Whether a word calls the interpreter."""
    return bool(_PYTHON.fullmatch(word))


def not_own(word: str) -> str:
    """Why a program of somebody else's is not run."""
    return f"`{word[:_SHOWN_AT_MOST]}` is not one of this project's own programs: run it yourself."


def _by_python(words: tuple[str, ...], among: Index) -> Call | str:
    match words:
        case ("-m", "pytest", *arguments):
            return _by_pytest(tuple(arguments), among)
        case ("-m", "unittest", *arguments):
            return _by_unittest(tuple(arguments), among)
        case ("-m", module, *arguments):
            program = among.named.get((programs.Kind.PACKAGE, module)) or among.named.get(
                (programs.Kind.MODULE, module)
            )
            return (program, tuple(arguments)) if program else not_own(module)
        case _:
            return _by_interpreter(words, among)


def _by_interpreter(words: tuple[str, ...], among: Index) -> Call | str:
    script = among.calls(words[0]) if words else None
    if script and script.direct[1:] == (words[0].removeprefix("./"),):
        return script, words[1:]
    return "of what an interpreter can run, only this project's own modules and scripts are run"


def _by_pytest(words: tuple[str, ...], among: Index) -> Call | str:
    return _tested(words, _PYTEST_OPTION, lambda word: among.named.get((programs.Kind.PYTEST, _without_test(word))))


def _without_test(word: str) -> str:
    return word.partition("::")[0].removeprefix("./")


def _by_unittest(words: tuple[str, ...], among: Index) -> Call | str:
    return _tested(words, _UNITTEST_OPTION, lambda word: _unittest_module(word, among))


def _unittest_module(word: str, among: Index) -> programs.Program | None:
    """A test module by its path or dotted name, to which the name of a class and of a test may be added."""
    parts = word.removesuffix(".py").replace("/", ".").split(".")
    names = (".".join(parts[:size]) for size in range(len(parts), max(0, len(parts) - 3), -1))
    return next(
        (among.named[programs.Kind.UNITTEST, name] for name in names if (programs.Kind.UNITTEST, name) in among.named),
        None,
    )


def _tested(
    words: tuple[str, ...], option: re.Pattern[str], module: Callable[[str], programs.Program | None]
) -> Call | str:
    """A run of the project's own test modules. A test runner's other options can write, delete and load anything."""
    first = None
    rest = iter(words)
    for word in rest:
        if word == "-k":
            next(rest, None)
        elif not option.fullmatch(word):
            if not (found := module(word)):
                return f"`{word[:_SHOWN_AT_MOST]}` is neither a test module of this project nor a harmless option"
            first = first or found
    return (first, words) if first else "it names no test module, and the verification runs them all"


def _by_cargo(words: tuple[str, ...], among: Index) -> Call | str:
    options = words[: words.index("--")] if "--" in words else words
    wanted = [option for option in options if option not in {"-q", "--quiet", "--bin"}]
    binaries = [program for (kind, _), program in among.named.items() if kind is programs.Kind.BINARY]
    found = [program for program in binaries if not wanted or [program.name] == wanted]
    return (found[0], words[len(options) + 1 :]) if len(found) == 1 else "it names no single binary of this project"


_CALLED = frozenset({programs.Kind.ENTRY_POINT, programs.Kind.BINARY, programs.Kind.PACKAGE, programs.Kind.SCRIPT})
_IMPLIED = (
    # of these kinds the first that the project has at all
    frozenset({programs.Kind.ENTRY_POINT, programs.Kind.BINARY}),
    frozenset({programs.Kind.PACKAGE}),
    frozenset({programs.Kind.SCRIPT}),
)
_LAUNCHERS: tuple[tuple[tuple[str, ...], Callable[[tuple[str, ...], Index], Call | str]], ...] = (
    (("pytest",), _by_pytest),
    (("py.test",), _by_pytest),
    (("node",), _by_interpreter),
    (("sh",), _by_interpreter),
    (("bash",), _by_interpreter),
    (("cargo", "run"), _by_cargo),
    (("uv", "run"), called),
    (("poetry", "run"), called),
    (("pdm", "run"), called),
    (("pipenv", "run"), called),
    (("hatch", "run"), called),
    (("pnpm", "exec"), called),
    (("npx",), called),
)
_HEADS = frozenset(launcher[0] for launcher, _ in _LAUNCHERS)
_PYTHON = re.compile(r"(?:\.venv/bin/)?python(?:3(?:\.\d{1,2})?)?")
_PYTEST_OPTION = re.compile(r"-[qvxsl]{1,4}|-r\w|--tb=\w+|--maxfail=\d+|--(?:lf|ff|sw|verbose|quiet|exitfirst)")
_UNITTEST_OPTION = re.compile(r"-[qvfbc]{1,4}|--(?:verbose|quiet|failfast|buffer|locals)")
_SHOWN_AT_MOST = 200  # characters
