"""A status review: a text that can be pasted into a chat. What comes from tickets is made harmless as Markdown, too."""

import re
from collections.abc import Iterator

from tickety.core import record, text

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_WIDE = 120


@record.record(frozen=True, slots=True)
class Line:
    """A ticket, and what there is to say of it."""

    id: str
    title: str
    note: str | None


@record.record(frozen=True, slots=True)
class Section:
    """The first tickets of a kind, and how many there are."""

    heading: str
    lines: tuple[Line, ...]
    total: int


@record.record(frozen=True, slots=True)
class Review:
    """Where a project stands on a day. ``active`` is how many tickets are open or in progress."""

    day: str
    active: int
    sections: tuple[Section, ...]


def lines(review: Review) -> Iterator[str]:
    """The review as Markdown; a section without tickets says so."""
    yield f"**Status on {review.day}**: currently tracking {text.plural(review.active, 'active ticket')}."
    for section in review.sections:
        yield from ("", f"**{section.heading}** ({section.total})")
        yield from (_line(line) for line in section.lines)
        if section.total > len(section.lines):
            yield f"- and {section.total - len(section.lines)} more"


def plain(words: str) -> str:
    """Words that mean nothing to a reader of Markdown: no link, no heading, nobody called by name."""
    return _MARKUP.sub(r"\\\1", text.one_line(words, _WIDE)).replace("@", "@\u2060").replace("://", ":\u2060//")


def _line(line: Line) -> str:
    return f"- {line.id} {plain(line.title)}" + (f" ({plain(line.note)})" if line.note else "")
