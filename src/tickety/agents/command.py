"""Any command as an agent: it gets the prompt on standard input, edits its worktree, and writes a report."""

import os
import re
from pathlib import Path

import msgspec

from tickety import agent, runner
from tickety.core import report, text

REPORT_LIMIT = 1024 * 1024
_LAST_LINES = 5
_INTERPRETER = re.compile(r"(python|node|ruby|perl|bash|sh)[\d.]*$")


class _Report(msgspec.Struct):
    """The report's JSON. What it holds beyond this is ignored."""

    status: report.Status
    summary: str = ""
    error: str | None = None
    question: str | None = None
    signals: list[str] = []
    outputs: dict[str, object] = {}


class CommandAgent:
    """A command of the project's choice in a role."""

    is_paid = True
    runs_programs = True

    def __init__(self, argv: tuple[str, ...], programs: runner.Runner) -> None:
        self._argv = argv
        self._runner = programs

    @property
    def name(self) -> str:
        """The program's name without its folder; the script's, where the program is an interpreter."""
        first = Path(self._argv[0]).name
        is_script = _INTERPRETER.match(first) and len(self._argv) > 1 and not self._argv[1].startswith("-")
        return Path(self._argv[1]).name if is_script else first

    async def work(self, assignment: agent.Assignment) -> report.Report | agent.Broke:
        output = assignment.run_folder / "output.txt"
        prompt = assignment.run_folder / "prompt.md"
        ended = await self._runner.run(
            runner.Command(self._argv, assignment.place, assignment.environment, output, assignment.timeout, prompt)
        )
        if ended.ended == "timed_out":
            return agent.Broke(f"{self.name} was stopped after {assignment.timeout:.0f} s")
        if ended.ended == "not_started":
            return agent.Broke(f"{self.name} cannot be started: {ended.reason}")
        return _read(assignment.run_folder / "report.json") or _by_exit_code(self.name, ended.code, output)


def _read(path: Path) -> report.Report | agent.Broke | None:
    """The report that the agent wrote; None when it wrote none. A link is not followed."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            content = file.read(REPORT_LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return agent.Broke(f"its report cannot be read: {error.strerror}")
    if len(content) > REPORT_LIMIT:
        return agent.Broke(f"its report is larger than {REPORT_LIMIT:,} bytes")
    return _parse(content)


def _parse(content: bytes) -> report.Report | agent.Broke:
    try:
        said = msgspec.json.decode(content, type=_Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return agent.Broke(f"its report is not as agreed: {error}")
    return report.Report(
        said.status, text.harmless(said.summary), said.error, said.question, tuple(said.signals), dict(said.outputs)
    )


def _by_exit_code(name: str, code: int | None, output: Path) -> report.Report:
    """Without a report, exit 0 is passed, anything else failed, with the last lines as the error."""
    printed = output.read_text(errors="replace") if output.exists() else ""
    last = text.harmless("\n".join(printed.splitlines()[-_LAST_LINES:])).strip()
    if code == 0:
        return report.Report(report.Status.PASSED, last or f"{name} ended with exit code 0")
    return report.Report(
        report.Status.FAILED,
        last,
        error=f"{name} ended with exit code {code}" + (f": {text.one_line(last)}" if last else ""),
    )
