"""The errors people see, as one tree.

TicketyError            a promise could not be kept; ``hint`` says what to do next
├── Usage               the words given cannot be understood                      exit 2
├── NotFound            what was named is not there                               exit 3
├── Refused             a rule, or somebody else's change, stands against it      exit 4
├── Waits               only a person can take the next step                      exit 5
└── Failed              it ran and did not work out                               exit 1
"""

from typing import ClassVar


class TicketyError(Exception):
    """A sentence on the cause (the message), and one on the remedy (``hint``)."""

    kind: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Usage(TicketyError):
    """The words given cannot be understood."""

    kind = "usage"
    exit_code = 2


class NotFound(TicketyError):
    """What was named is not there."""

    kind = "not_found"
    exit_code = 3


class Refused(TicketyError):
    """A rule, or somebody else's change, stands against it."""

    kind = "refused"
    exit_code = 4


class Waits(TicketyError):
    """Only a person can take the next step."""

    kind = "waits"
    exit_code = 5


class Failed(TicketyError):
    """It ran and did not work out."""
