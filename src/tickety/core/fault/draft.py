"""A fault: finished, or while its stack may still be coming."""

from dataclasses import dataclass, field
from typing import Literal

from tickety.core import record

Language = Literal["python", "javascript", "rust", ""]

MOST_FRAMES = 100


@record.record(frozen=True, slots=True)
class Frame:
    """One place of a stack: a path as it was printed, a line counted from 1, the function if it was named."""

    path: str
    line: int
    function: str = ""


@record.record(frozen=True, slots=True)
class Fault:
    """One error as it was printed. The last frame is the deepest: where it happened. Language "" is unknown."""

    error: str
    message: str
    frames: tuple[Frame, ...] = ()
    language: Language = ""

    @property
    def deepest(self) -> Frame | None:
        """Where it happened, if the text says so."""
        return self.frames[-1] if self.frames else None


@dataclass(slots=True)
class Draft:
    """A fault whose stack may still be coming, from the line of the text in which its error stands."""

    error: str
    message: str
    frames: list[Frame]
    language: Language
    number: int

    def finished(self) -> Fault:
        """The fault, with the frames that matter."""
        frames = self.frames[::-1] if self.language == "javascript" else self.frames
        return Fault(self.error, self.message, tuple(frames[-MOST_FRAMES:]), self.language)


@dataclass(slots=True)
class Page:
    """What all readers have found so far, in the order in which it was printed. ``number`` is the line they are at."""

    drafts: list[Draft] = field(default_factory=list)
    number: int = 0

    def draft(self, error: str, message: str, frames: list[Frame], language: Language) -> Draft:
        """A draft that begins here, not yet among the others."""
        return Draft(error, message, frames, language, self.number)

    def add(self, error: str, message: str, frames: list[Frame], language: Language) -> Draft:
        """A draft that begins here."""
        self.drafts.append(self.draft(error, message, frames, language))
        return self.drafts[-1]
