"""Finds out where a fault is and who brought it, by reading: error reports, the files they name, the past.

It runs nothing. What a command shows is in the evidence that it is given; everything it reads is data.
"""

import asyncio
import re
from dataclasses import asdict, dataclass

from tickety import agent, workspace
from tickety.agents.builtin import account, attempt, candidate, folder, mend, missing, project, reading
from tickety.core import receipt, report, text

MOST_FAULTS = 10
MOST_MENTIONS = 10
AROUND = 2  # lines of an excerpt before and behind the one it is about
WIDTH = 160
_SHORTEST_LINE = 8  # characters of a source line that tells enough to look for it in the past


class Investigator:
    """The researcher that needs no model."""

    name = "investigator"
    is_paid = False
    runs_programs = False

    def __init__(self, workspaces: workspace.Workspaces) -> None:
        self._workspaces = workspaces

    async def work(self, assignment: agent.Assignment) -> report.Report | agent.Broke:
        return await attempt.make(self._workspaces, assignment, self._read)

    async def _read(self, assignment: agent.Assignment, found: folder.Folder) -> report.Report:
        return await asyncio.to_thread(self._investigate, assignment, project.Project(found))

    def _investigate(self, assignment: agent.Assignment, files: project.Project) -> report.Report:
        readings = reading.faults(assignment)
        if not readings:
            return _nothing(assignment)
        readings = _most_telling_first(assignment, files, readings)
        return _report(assignment, files, readings, self._look_at(assignment.commit, files, readings[0]))

    def _look_at(self, commit: str, files: project.Project, read: reading.Reading) -> "_Finding":
        place, wanted = mend.place(files, read.fault), missing.read(read.fault)
        excerpt = _excerpt(files, place) if place else ()
        sought = wanted.name.rpartition(".")[2] if wanted else _telling_line(excerpt)
        return _Finding(
            read=read,
            place=place,
            excerpt=excerpt,
            wanted=wanted,
            defined=candidate.defined(files, wanted) if wanted else "",
            candidates=candidate.find(files, wanted) if wanted else (),
            mentions=self._workspaces.grep(commit, _as_word(sought))[:MOST_MENTIONS] if wanted else (),
            suspects=self._workspaces.pickaxe(commit, sought) if sought else (),
        )


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is known about one fault. ``excerpt`` holds the lines around its place, each with its number."""

    read: reading.Reading
    place: tuple[str, int] | None
    excerpt: tuple[tuple[int, str], ...]
    wanted: missing.Missing | None
    defined: str
    candidates: tuple[candidate.Candidate, ...]
    mentions: tuple[workspace.Hit, ...]
    suspects: tuple[workspace.Past, ...]


def _most_telling_first(
    assignment: agent.Assignment, files: project.Project, readings: tuple[reading.Reading, ...]
) -> tuple[reading.Reading, ...]:
    """What the reproduction shows first, then what the ticket's words are about, then what has a place here."""
    words = reading.words(assignment.ticket)

    def rank(read: reading.Reading) -> tuple[bool, bool, bool]:
        wanted = missing.read(read.fault)
        is_meant = read.fault.error in words or (wanted is not None and wanted.name in words)
        is_reproduced = read.where.startswith(f"the {receipt.Purpose.REPRODUCTION}")
        return not is_reproduced, not is_meant, mend.place(files, read.fault) is None

    return tuple(sorted(readings, key=rank))


def _excerpt(files: project.Project, place: tuple[str, int]) -> tuple[tuple[int, str], ...]:
    path, line = place
    lines = re.split(r"\r\n|\r|\n", files.text(path) or "")
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    return tuple((number, text.harmless(lines[number - 1].expandtabs(4))[:WIDTH]) for number in range(first, last + 1))


def _telling_line(excerpt: tuple[tuple[int, str], ...]) -> str:
    """The line that the excerpt is about, when it is long enough to be the only one of its kind."""
    line = excerpt[len(excerpt) // 2][1].strip() if len(excerpt) > AROUND else ""
    return line if len(line) >= _SHORTEST_LINE else ""


def _as_word(name: str) -> str:
    """An extended regular expression; a name has no letter that would mean anything in it."""
    return f"(^|[^[:alnum:]_]){name}([^[:alnum:]_]|$)"


def _report(
    assignment: agent.Assignment, files: project.Project, readings: tuple[reading.Reading, ...], finding: _Finding
) -> report.Report:
    lines = [*_what(files, finding), *_meant(finding), *_past(finding)]
    others = [f"- {reading.said(read.fault, files)}, in {read.where}" for read in readings[1:MOST_FAULTS]]
    lines += ["Also reported:", *others] if others else []
    summary = "\n".join([*lines, *_reported_command(assignment), *_ran(assignment)])
    return report.Report(report.Status.PASSED, summary, outputs=_outputs(readings, finding))


def _what(files: project.Project, finding: _Finding) -> list[str]:
    lines = [f"{reading.said(finding.read.fault, files)} (read in {finding.read.where})."]
    if finding.place is None:
        named = finding.read.fault.deepest
        where = f" It names {text.one_line(named.path)}:{named.line}, which is not of this project." if named else ""
        return [*lines, f"No file of this project is named with it.{where}"]
    path, line = finding.place
    marked = (f"{'>' if number == line else ' '} {number:4} | {words}" for number, words in finding.excerpt)
    return [*lines, f"At {path}:{line}:", *marked]


def _meant(finding: _Finding) -> list[str]:
    if finding.wanted is None:
        return []
    lines = [
        f"The {finding.wanted} is not there; it may mean:",
        *(f"- {each}, {each.kind}" for each in finding.candidates),
    ]
    if finding.defined:
        lines = [f"The {finding.wanted} is defined at {finding.defined}, yet it cannot be had from there."]
    elif not finding.candidates:
        lines = [f"The {finding.wanted} is not there, and nothing near it is."]
    places = ", ".join(f"{hit.path}:{hit.line}" for hit in finding.mentions)
    return [*lines, f"The name stands at: {places}."] if places else lines


def _past(finding: _Finding) -> list[str]:
    if not finding.suspects:
        return ["No commit stands out."]
    about = f"`{finding.wanted.name}`" if finding.wanted else "this line"
    commits = (
        f"- {each.commit[:12]} {each.date} {text.one_line(f'{each.author}: {each.subject}')}"
        for each in finding.suspects
    )
    return [f"Commits that added or removed {about}, the newest first:", *commits]


def _nothing(assignment: agent.Assignment) -> report.Report:
    found = ["No error report was found: neither the ticket's words nor what was run hold one that can be read."]
    summary = "\n".join([*found, *_reported_command(assignment), *_ran(assignment)])
    outputs: dict[str, object] = {"faults": [], "file": None, "line": None, "candidates": [], "suspects": []}
    return report.Report(report.Status.PASSED, summary, outputs=outputs)


def _reported_command(assignment: agent.Assignment) -> list[str]:
    reported = assignment.ticket.metadata.get("reported_command")
    if not isinstance(reported, dict):
        return []
    words = text.one_line(str(reported.get("words") or ""))
    if reported.get("run"):
        return [f"The ticket reports the command `{words}`."]
    why = text.one_line(str(reported.get("why_not") or "it may not be run"))
    return [f"The ticket reports the command `{words}`; it was not run: {why}."]


def _ran(assignment: agent.Assignment) -> list[str]:
    """What Tickety ran on the base."""
    receipts = (each.receipt for each in assignment.evidence if each.receipt.phase is receipt.Phase.BEFORE)
    return [f"Before any change, {reading.told(entry)}: {_ended(entry)}." for entry in receipts]


def _ended(entry: receipt.Receipt) -> str:
    tests = f", {entry.tests.failed} of {text.plural(entry.tests.ran, 'test')} failed" if entry.tests else ""
    return f"{account.exit_code(entry.exit_code)}{tests}"


def _outputs(readings: tuple[reading.Reading, ...], finding: _Finding) -> dict[str, object]:
    path, line = finding.place or (None, None)
    return {
        "faults": [_as_data(read) for read in readings[:MOST_FAULTS]],
        "file": path,
        "line": line,
        "candidates": [
            {"name": each.whole, "kind": each.kind, "file": each.path, "line": each.line, "score": round(each.score, 2)}
            for each in finding.candidates
        ],
        "suspects": [asdict(each) for each in finding.suspects],
    }


def _as_data(read: reading.Reading) -> dict[str, object]:
    """The fault as JSON, its deepest ten frames."""
    frames = [asdict(frame) for frame in read.fault.frames[-10:]]
    return {"error": read.fault.error, "message": read.fault.message, "frames": frames, "read_in": read.where}
