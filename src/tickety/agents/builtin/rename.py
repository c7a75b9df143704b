"""Exchanges words of a Python file at exact positions: everything else stays as it was written, byte for byte."""

import ast
import bisect
import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass

from tickety.agents.builtin import definitions

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


class Unfit(ValueError):
    """The text at a position is not what it was taken for: nothing may be changed there."""


@dataclass(frozen=True, slots=True)
class Word:
    """A name, an operator or a number of the source, from ``start`` up to ``end`` (characters of the whole text)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``new`` in the place of ``old``, which begins at ``start``."""

    start: int
    old: str
    new: str


class Script:
    """A Python file whose syntax tree and words are known. Unfit when it is no Python that can be read."""

    def __init__(self, source: str) -> None:
        self.source = source
        module = definitions.parse(source)
        if module is None:
            raise Unfit("not Python")
        self.module = module
        self._starts = [match.start() for match in _LINE.finditer(source)]
        self._words: tuple[Word, ...] | None = None

    def start(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Where a node begins."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Where a node ends: right behind its last character."""
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """The words between two positions."""
        if self._words is None:
            self._words = self._tokens()
        return tuple(word for word in self._words if start <= word.start and word.end <= end)

    def line_start(self, position: int) -> int:
        """Where the line of a position begins."""
        return self._starts[bisect.bisect_right(self._starts, position) - 1]

    def newline(self, position: int) -> str:
        """The line end that the line of a position has; the file's first one at its last line."""
        ends = re.compile(r"\r\n|\r|\n")
        match = ends.search(self.source, position) or ends.search(self.source)
        return match[0] if match else "\n"

    def _offset(self, line: int, column: int) -> int:
        """The syntax tree counts columns in UTF-8 bytes."""
        start = self._starts[line - 1]
        text = self.source[start : self._starts[line] if line < len(self._starts) else len(self.source)]
        return start + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))

    def _tokens(self) -> tuple[Word, ...]:
        lines = io.StringIO(self.source, newline="").readline
        try:
            tokens = list(tokenize.generate_tokens(lines))
        except (tokenize.TokenError, SyntaxError) as error:
            raise Unfit(str(error)) from error
        kept = (token for token in tokens if token.type in {tokenize.NAME, tokenize.OP})
        return tuple(self._word(token) for token in kept)

    def _word(self, token: tokenize.TokenInfo) -> Word:
        start = self._starts[token.start[0] - 1] + token.start[1]
        return Word(token.string, start, start + len(token.string))


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Unfit when one does not find its old text, or two overlap."""
    pieces, position = [], 0
    for edit in sorted(set(edits), key=lambda each: (each.start, each.start + len(each.old))):
        if edit.start < position or not _stands(source, edit):
            raise Unfit(f"{edit.old!r} is not where it was expected")
        pieces += [source[position : edit.start], edit.new]
        position = edit.start + len(edit.old)
    return "".join([*pieces, source[position:]])


def _stands(source: str, edit: Edit) -> bool:
    """The old text is there, and is not a part of a longer name."""
    end = edit.start + len(edit.old)
    is_name = edit.old.replace(".", "x").isidentifier()
    around = (source[max(0, edit.start - 1) : edit.start], source[end : end + 1])
    is_part = is_name and any(letter and f"a{letter}".isidentifier() for letter in around)
    return source.startswith(edit.old, edit.start) and not is_part


def attribute(script: Script, node: ast.Attribute, new: str) -> Edit:
    """Another name behind the dot."""
    return Edit(script.end(node) - len(node.attr), node.attr, new)


def chain(script: Script, node: ast.expr, old: str, new: str) -> Edit:
    """Another dotted name in the place of one that is written without blanks."""
    return Edit(script.start(node), old, new)


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of names behind dots; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
