"""The command a person reports in plain words, and whether it may be run.

Two questions, answered one after the other. Where in the text does a command stand? After a prompt, in a code
block, between backticks or quotes, or in prose. May it be run? Only when it is an argument list without anything
that a shell would read, and its program is the project's own; otherwise it is named and nothing is run.
"""

import itertools
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tickety.core import calls, programs, record


@record.record(frozen=True, slots=True)
class Reported:
    """A command that may be run. ``words`` are the person's own; ``arguments`` come after the program's own list."""

    program: programs.Program
    arguments: tuple[str, ...]
    words: str


@record.record(frozen=True, slots=True)
class NotRun:
    """A command that is named to people and not run; ``why`` is the reason, without a full stop."""

    words: str
    why: str


def reported(text: str, known: Sequence[programs.Program]) -> Reported | NotRun | None:
    """The first command in the text that may be run, else the first that may not, else None.

    Whose words these are is not looked at here: that this user typed them, and they were not imported or written
    by an agent, the caller must know before anything of it is run.
    """
    index = calls.index(known)
    refused = None
    for found in itertools.islice(_candidates(text, index), _CANDIDATES_AT_MOST):
        outcome = _judged(found, index) if isinstance(found, str) else found
        if isinstance(outcome, Reported):
            return outcome
        refused = refused or outcome
    return refused


def argv(found: Reported, *, is_installed: bool) -> tuple[str, ...]:
    """The list to run: the installed program where the set-up was run, else the one in the source tree."""
    return (*(found.program.installed if is_installed else found.program.direct), *found.arguments)


# Where a command stands.

_Rule = Callable[[re.Match[str], calls.Index], bool]


def _candidates(text: str, index: calls.Index) -> Iterator[str | NotRun | Reported]:
    """Words that look like a command, the surest first. What was taken once is not read again as prose."""
    rest = _FENCE.sub(lambda block: _as_prompts(block, index), text)
    rest = _INDENTED.sub(lambda line: _as_prompt(line["words"], index) or line[0], rest)
    for pattern, is_command in _SPANS:
        found, rest = _taken(pattern, is_command, rest, index)
        yield from found
    for pattern, is_command in _PROSE:
        yield from (_in_context(match, index) for match in pattern.finditer(rest) if is_command(match, index))
    yield from _short_forms(rest, index)


def _as_prompts(block: re.Match[str], index: calls.Index) -> str:
    """The prompt lines of a code block, or a block of one command as such a line. The rest of a block is no prose."""
    lines = [line for line in block["code"].splitlines() if line.strip()]
    if not any(_PROMPT.match(line) for line in lines):
        is_shell = len(lines) == 1 or block["language"].lower() in _SHELLS
        return _as_prompt(lines[0], index) if lines and is_shell else "\n"
    kept = (line if _PROMPT.match(line) else _TAKEN + _TRACEBACK * line.startswith(_TRACEBACK) for line in lines)
    return "\n" + "\n".join(kept) + "\n"


def _as_prompt(line: str, index: calls.Index) -> str:
    first, *rest = line.split(maxsplit=2)
    is_command = index.starts(first) and not (rest and rest[0].startswith("="))
    return f"\n$ {line.strip()}\n" if is_command else ""


def _taken(
    pattern: re.Pattern[str], is_command: _Rule, text: str, index: calls.Index
) -> tuple[list[str | NotRun], str]:
    found: list[str | NotRun] = []

    def take(match: re.Match[str]) -> str:
        if not is_command(match, index):
            return match[0]
        words = match["words"].strip()
        found.append(_not_run(words, _FORBIDDEN_WHY) if _FORBIDDEN.search(_before(match)) else words)
        return _TAKEN

    rest = pattern.sub(take, text)
    return found, rest


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _AROUND) : match.start()]


def _is_any(_match: re.Match[str], _index: calls.Index) -> bool:
    return True


def _is_code(match: re.Match[str], index: calls.Index) -> bool:
    """Backticks hold names and expressions, too."""
    first, *rest = match["words"].split()[:2] or [""]
    if not rest:
        return bool(match["verb"] and index.calls(first))
    if calls.is_python(first) or rest[0].startswith("="):
        return rest[0].startswith("-") or ".py" in rest[0]  # not `python 3.12` or `notes = []`
    is_named = index.starts(first.rpartition("/")[2]) or index.starts(first) or _FOREIGN.fullmatch(first)
    is_set = _ASSIGNMENT.match(first) and index.starts(rest[0])
    is_run = _OPTION.match(rest[0]) and _WORD.fullmatch(first)
    return bool(is_named or is_set or is_run)


def _is_quoted(match: re.Match[str], index: calls.Index) -> bool:
    """Quotes hold messages and other people's sentences more often than commands."""
    first, *rest = match["words"].split()[:2] or [""]
    is_named = index.starts(first) or _FOREIGN.fullmatch(first)
    return bool(is_named and rest and (match["verb"] or _OPTION.match(rest[0])))


def _is_own(match: re.Match[str], index: calls.Index) -> bool:
    return index.calls(match["first"]) is not None


def _is_own_or_foreign(match: re.Match[str], index: calls.Index) -> bool:
    return _is_own(match, index) or _is_foreign(match, index)


def _is_foreign(match: re.Match[str], _index: calls.Index) -> bool:
    return bool(_FOREIGN.fullmatch(match["first"]))


def _in_context(match: re.Match[str], index: calls.Index) -> str | NotRun:
    """A command in prose. Where something for a shell stands around it, these words alone are not what was meant."""
    is_own = match["words"].startswith("-") or index.starts(match["words"].split()[0])
    line = _before(match).rpartition("\n")[2].lstrip("> \t")
    after = match.string[match.end() : match.end() + _AROUND]
    if _FORBIDDEN.search(line):
        return _not_run(match["words"], _FORBIDDEN_WHY)
    if is_own and (_SHELL_BEFORE.search(line) or _SHELL_AFTER.match(after)):
        return _not_run(match["words"], "it is part of a longer shell command: run it yourself")
    return match["words"]


def _short_forms(text: str, index: calls.Index) -> Iterator[NotRun | Reported]:
    """Options without a program ("The --version command throws"): they can only mean the project's one program."""
    for match in _SHORT.finditer(text):
        if index.implied and (match["noun"] or match["verb"] or not match.start()):
            options = _in_context(match, index)
            yield options if isinstance(options, NotRun) else _implied(options, index)


def _implied(options: str, index: calls.Index) -> NotRun | Reported:
    if len(index.implied) > 1:
        some = ", ".join(f"`{program.name}`" for program in index.implied[:3])
        return _not_run(options, f"this project has several programs ({some}): say which one")
    return replace(_judged(f"{index.implied[0].name} {options}", index), words=options)


# Whether it may be run.


def _judged(words: str, index: calls.Index) -> NotRun | Reported:
    tokens = _tokens(words, index)
    found = calls.called(tokens, index) if isinstance(tokens, tuple) else tokens
    if isinstance(found, str):
        return _not_run(words, found)
    program, arguments = found
    outside = next((argument for argument in arguments if _OUTSIDE.search(argument)), None)
    if outside is not None:
        return _not_run(words, f"`{outside}` leads out of this project: run it yourself")
    return Reported(program, arguments, words)


def _not_run(words: str, why: str) -> NotRun:
    return NotRun(words if len(words) <= _SHOWN_AT_MOST else f"{words[:_SHOWN_AT_MOST]}…", why)


def _tokens(words: str, index: calls.Index) -> tuple[str, ...] | str:
    """The argument list that the words are, or why they are none."""
    first = words[:_WORDS_AT_MOST].split(maxsplit=1)[0]
    if _WORD.fullmatch(first) and not index.starts(first):
        return calls.not_own(first)
    if len(words) > _WORDS_AT_MOST or not all(char.isprintable() or char == "\t" for char in words):
        return "it is too long, or has characters that cannot be seen: run it yourself"
    if shell := _SHELL.search(words):
        return f"`{shell[0]}` is for a shell, and none is used here: run it yourself"
    if _ASSIGNMENT.match(words):
        return "it sets a variable for itself: run it yourself"
    try:
        return tuple(shlex.split(words))
    except ValueError:
        return "its quotes do not pair up"


_FOREIGN = re.compile(
    r"ansible|apt|apt-get|aws|awk|az|bash|brew|bun|cargo|cat|chmod|chown|cp|curl|deno|docker|env|find|gcloud|git|go"
    r"|gradle|grep|java|kill|kubectl|ls|make|mv|mvn|mysql|node|nohup|npm|npx|perl|php|pip|pip3|pipx|pnpm|psql|rm|ruby"
    r"|scp|sed|sh|ssh|sudo|systemctl|tar|terraform|uv|wget|xargs|yarn|zsh"
)

_TAKEN = "\0"  # stands for what was taken: it belongs to no word, and no space
_TRACEBACK = "Traceback "
_SHELLS = frozenset({"", "bash", "console", "sh", "shell", "shellsession", "zsh"})
_CANDIDATES_AT_MOST = 100
_AROUND, _SHOWN_AT_MOST, _WORDS_AT_MOST = 80, 200, 1000  # characters

_SHELL = re.compile(r"[;|&><$`(){}*?~\n\\\r]|(?<!\S)#")
_OUTSIDE = re.compile(r"(?<![\w.\-])/|^-\w+/|\.\.(?:/|$)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_WORD = re.compile(r"[\w./-]{1,100}")
_OPTION = re.compile(r"--?[A-Za-z]")

_FENCE = re.compile(
    r"^[ \t]*+(```|~~~)[ \t]*+(?P<language>\w*+)[^\n]*+\n(?P<code>.*?)^[ \t]*+\1[^\n]*+", re.MULTILINE | re.DOTALL
)
_INDENTED = re.compile(r"(?:\A|(?<=\n)[ \t]*+\n)(?: {4}|\t)[ \t]*+(?P<words>\S[^\n]*+)(?=\n[ \t]*+(?:\n|\Z)|\Z)")
_SIGN = r"[$%\u276f]"
_PROMPTED = (
    r"^[ \t]*+(?:\([\w.-]{1,40}\)[ \t]*+)?"  # (environment)
    r"(?:[\w.-]{1,40}@[\w.-]{1,60}[:\w/~. -]{0,100}?)?"  # user@host:folder
    rf"{_SIGN}[ \t]++(?P<words>[A-Za-z./~_][^\n]*+)"
)
_PROMPT = re.compile(_PROMPTED, re.MULTILINE)
_VERB = (
    r"(?:\b(?P<verb>run|ran|running|type|typed|typing|execute|executed|executing|call|called|calling|enter|entering"
    r"|command)[ \t]+)?+"
)
_SPANS: tuple[tuple[re.Pattern[str], _Rule], ...] = (
    # prompts: before a traceback, before other output, any
    (re.compile(rf"{_PROMPTED}(?=\n{_TAKEN}?[ \t]*+{_TRACEBACK})", re.MULTILINE), _is_any),
    (re.compile(rf"{_PROMPTED}(?=\n(?![ \t]*+{_SIGN})[ \t]*+\S)", re.MULTILINE), _is_any),
    (_PROMPT, _is_any),
    # backticks, quotes
    (re.compile(_VERB + r"(?<!`)(?P<ticks>`{1,2})(?!`)(?P<words>[^`\n]++)(?P=ticks)(?!`)", re.IGNORECASE), _is_code),
    (re.compile(_VERB + r"(?<!\w)[\"\u201c](?P<words>[^\"\u201c\u201d\n]++)[\"\u201d]", re.IGNORECASE), _is_quoted),
    (re.compile(_VERB + r"(?<!\w)['\u2018](?P<words>[^'\u2018\u2019\n]++)['\u2019](?!\w)", re.IGNORECASE), _is_quoted),
)

_ALONE = r"(?<![\w./=:@-])"  # not within a path, an address or a value
_OPT = r"--?[A-Za-z][\w-]*+(?:=[\w.,:/+@%-]*[\w/])?+"
_OPTS = rf"(?:[ \t]++{_OPT})"
_TEST_FILE = rf"{_OPTS}*+[ \t]++[\w./-]*\.py\b(?:::[\w:]*\w)?+"
_TEST_NAME = rf"{_OPTS}*+[ \t]++\w+(?:[./]\w+)++"
_MODULE = rf"(?!pytest|unittest)[A-Za-z_]\w*(?:\.\w+)*+{_OPTS}*+"
_SUBCOMMAND = r"(?:https?://\S+|(?:build|clone|commit|compose|install|publish|pull|push|start)\b)"
_PROSE: tuple[tuple[re.Pattern[str], _Rule], ...] = tuple(
    (re.compile(_ALONE + pattern), is_command)
    for pattern, is_command in (
        # python -m notes --version, python -m pytest tests/test_notes.py
        (rf"(?P<words>python[\d.]*+[ \t]++-m[ \t]++(?:pytest{_TEST_FILE}|unittest{_TEST_NAME}|{_MODULE}))", _is_any),
        # pytest tests/test_notes.py, python notes.py --version
        (rf"(?P<words>(?:pytest|python[\d.]*+){_TEST_FILE}{_OPTS}*+)", _is_any),
        # notes --version, rm -rf
        (rf"(?P<words>(?P<first>[A-Za-z0-9.][\w./-]*+){_OPTS}++)", _is_own_or_foreign),
        # the notes command
        (r"`?(?P<words>(?P<first>[A-Za-z0-9_][\w./-]*+))`?[ \t]++command\b", _is_own),
        # git push, curl https://example.com
        (rf"(?P<words>(?P<first>[a-z][\w.-]*+)[ \t]++{_SUBCOMMAND})", _is_foreign),
    )
)
_SHORT = re.compile(
    rf"(?:\A\s*+|\b(?:the|(?P<verb>run|running|calling))[ \t]++)`?(?P<words>{_OPT}{_OPTS}*+)`?"
    r"(?P<noun>[ \t]++(?:command|option|flag|switch|argument)\b)?",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"\b(?:don['\u2019]?t|do not|never|avoid)[ \t]+(?:(?:call|ever|execute|run|try|type|use)[ \t]+)?"
    r"[`\"'\u201c\u2018]?$",
    re.IGNORECASE,
)
_FORBIDDEN_WHY = "the text says not to run it"
_SHELL_BEFORE = re.compile(
    r"[|&;$\\<>{]\(?[ \t]*$|(?:\b[A-Za-z_]\w*=\S*|\b(?:env|eval|exec|nohup|ssh|sudo|xargs))[ \t]+$"
)
_SHELL_AFTER = re.compile(r"[ \t]*[;|&<>$~\\{]|[ \t]+[`*](?!\*)")
