"""Words from outside: what is taken as a request, what is refused, and how it is shown without harm."""

import re
from collections.abc import Sequence

from tickety.core import errors

LIMIT = 1024 * 1024
TITLE_LIMIT = 100
_LONG_WORD = 60

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'`])")


def clean(words: str) -> str:
    """The words without terminal codes and line-end variants; Usage when they are empty, too many or binary."""
    _refuse_oversize(words)
    if "\x00" in words or any("\ud800" <= letter <= "\udfff" for letter in words):
        raise errors.Usage("the words are binary, not text", "describe in plain words what is wrong or wanted")
    plain = _CONTROL.sub("", _ANSI.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if not plain:
        raise errors.Usage("there are no words", 'say what is wrong or wanted: tickety "The --version command fails"')
    return plain


def title(words: str) -> str:
    """One line that names a request: its first sentence, cut at a word before a hundred characters."""
    line = next(line.strip() for line in words.splitlines() if line.strip())
    sentence = _SENTENCE_END.split(line, maxsplit=1)[0]
    if len(sentence) <= TITLE_LIMIT:
        return sentence.rstrip(".") or sentence
    return sentence[: TITLE_LIMIT - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def harmless(words: str) -> str:
    """The words fit for a terminal: codes that move the cursor, colour or reorder the line are taken out."""
    return _CONTROL.sub("", _ANSI.sub("", words))


def one_line(words: str, width: int = 160) -> str:
    """The words on one harmless line, cut at ``width`` characters."""
    line = " ".join(harmless(words[: width * 8]).split())
    return line if len(line) <= width else line[: width - 1] + "…"


def command(argv: Sequence[str]) -> str:
    """An argument list as one would type it, on one line; a long word, a program's text, is left out."""
    import shlex

    return one_line(shlex.join(word if len(word) <= _LONG_WORD else "…" for word in argv))


def plural(count: int, noun: str) -> str:
    """``1 test``, ``2 tests``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _refuse_oversize(words: str) -> None:
    if len(words) > LIMIT:
        raise errors.Usage(
            f"the words are {len(words):,} characters long; a ticket takes {LIMIT:,}",
            "give the part that shows the fault, and name the file that holds the rest",
        )
