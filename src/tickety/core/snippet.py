"""The part of a ticket's texts in which the words looked for are found, with their places marked.

The index knows which tickets fit, not where. It compares the stems of words without their accents; here a word is
found where one begins as its stem does: a little too much is marked rather than nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from tickety.core import record, text

WIDTH = 120
_LIMIT = 50_000  # letters of one text that are looked through
_LEAD = 30  # letters that are shown before the first word found
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ational|ations?|ings?|ions?|edly|ed|ies|es|ly|ers?|ments?|s|e|y)$")
_STEM = 3  # letters that a stem keeps at the least


@record.record(frozen=True, slots=True)
class Snippet:
    """A line of a ticket's texts. ``marks`` are where the words found begin, and where they have ended."""

    text: str
    marks: tuple[tuple[int, int], ...]


def of(document: dict[str, Any], words: Sequence[str], width: int = WIDTH) -> Snippet:
    """The part of a ticket's JSON that shows the most of the words looked for; its beginning when none is found."""
    stems = frozenset(_stem(word) for phrase in words if not phrase.startswith("-") for word in _words(phrase))
    lines = [_line(body) for body in _bodies(document)]
    found = [_best(line, stems, width) for line in lines]
    return max(found, key=lambda one: one[0])[1] if found else Snippet("", ())


def marked(snippet: Snippet, before: str, after: str) -> str:
    """The snippet's text with something put before and after every word found."""
    pieces, end = [], 0
    for first, following in snippet.marks:
        pieces += [snippet.text[end:first], before, snippet.text[first:following], after]
        end = following
    return "".join((*pieces, snippet.text[end:]))


def _bodies(document: dict[str, Any]) -> Iterable[str]:
    yield document["description"]
    yield from (f"{update['details']} {update['error'] or ''}" for update in document["agent_updates"])
    yield from (comment["text"] for comment in document["comments"])


def _line(body: str) -> str:
    return " ".join(text.harmless(body[:_LIMIT]).split())


def _best(line: str, stems: frozenset[str], width: int) -> tuple[int, Snippet]:
    """The window of a line with the most different words in it, and how many those are."""
    found = [(match.span(), stem) for match in _WORD.finditer(line) if (stem := _found(match[0], stems))]
    most, first = 0, 0
    for number, ((start, _), _) in enumerate(found):
        seen = len({stem for (_, end), stem in found[number : number + width] if end <= start + width - _LEAD})
        if seen > most:
            most, first = seen, start
    return most, _cut(line, [span for span, _ in found], first, width)


def _cut(line: str, spans: Sequence[tuple[int, int]], first: int, width: int) -> Snippet:
    start = 0 if first <= _LEAD else line.find(" ", first - _LEAD, first) + 1 or first
    end = min(len(line), start + width)
    head, tail = "…" if start else "", "…" if end < len(line) else ""
    shift = len(head) - start
    marks = tuple((a + shift, b + shift) for a, b in spans if start <= a and b <= end)
    return Snippet(f"{head}{line[start:end]}{tail}", marks)


def _found(word: str, stems: frozenset[str]) -> str | None:
    folded = _folded(word)
    return next((stem for stem in stems if folded.startswith(stem)), None)


def _words(phrase: str) -> list[str]:
    return [_folded(word) for word in _WORD.findall(phrase)]


def _stem(word: str) -> str:
    shorter = _ENDING.sub("", word)
    return shorter if len(shorter) >= _STEM else word


def _folded(word: str) -> str:
    """Small letters without accents."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
