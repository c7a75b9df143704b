"""What an assignment shows: the faults in its evidence and in its ticket's words, each with where it was read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tickety import agent
from tickety.agents.builtin import project
from tickety.core import fault, receipt, text, ticket

WIDTH = 300
LONGEST = 1024 * 1024  # characters of an output that are read, from its end

_PLACE = re.compile(r"\(([^()]+\.\w+)\)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A fault, and where it was read: "the reproduction `notes --version`", "the ticket's words"."""

    fault: fault.Fault
    where: str


def faults(assignment: agent.Assignment) -> tuple[Reading, ...]:
    """What failed before any change, the reproduction first, then what the ticket's words report; each fault once."""
    shown = [
        Reading(found, told(each.receipt))
        for each in red(assignment.evidence)
        for found in fault.read(tail(each.output))
    ]
    shown += [Reading(found, "the ticket's words") for found in fault.read(words(assignment.ticket))]
    first: dict[tuple[str, str], Reading] = {}
    for reading in shown:
        key = (reading.fault.error, reading.fault.message)
        if key not in first or (reading.fault.frames and not first[key].fault.frames):
            first[key] = reading
    return tuple(first.values())


def red(evidence: Iterable[agent.Evidence]) -> tuple[agent.Evidence, ...]:
    """What failed by itself before any change, the reproduction first; each command once."""
    before = [
        each
        for each in evidence
        if each.receipt.phase is receipt.Phase.BEFORE
        and not each.receipt.is_green
        and each.receipt.exit_code is not None
    ]
    before.sort(key=lambda each: each.receipt.purpose is not receipt.Purpose.REPRODUCTION)
    return tuple({each.receipt.command: each for each in reversed(before)}.values())[::-1]


def said(found: fault.Fault, files: project.Project) -> str:
    """The error in one line; a file of the project that it names in brackets by its path in the project."""

    def shortened(match: re.Match[str]) -> str:
        return f"({files.locate(match[1]) or match[1]})"

    message = _PLACE.sub(shortened, found.message)
    return text.one_line(f"{found.error}: {message}" if message else found.error, WIDTH)


def words(subject: ticket.Ticket) -> str:
    """Everything the ticket says in words, its error message last: that is the part about the fault."""
    message = subject.metadata.get("error_message")
    return "\n".join((subject.title, subject.description, message if isinstance(message, str) else ""))


def tail(output: str) -> str:
    """The end of an output: that is where errors stand."""
    return output[-LONGEST:]


def told(entry: receipt.Receipt) -> str:
    """The command with its purpose: "the verification `pytest -q`"."""
    return f"the {entry.purpose} `{text.command(entry.command)}`"
