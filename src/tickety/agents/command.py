"""Any command as an agent: it gets the prompt on standard input, edits its worktree, and writes a report."""

import os
import re
import signal
import stat
from pathlib import Path

from tickety import agent, runner
from tickety.core import report, report_form, text

_LAST_LINES = 5
_INTERPRETER = re.compile(r"(python|node|ruby|perl|bash|sh)[\d.]*$")
# Exit codes of sysexits.h, for an agent that has no report to write.
_NOT_NOW = 75  # EX_TEMPFAIL
_NOT_LET_IN = 77  # EX_NOPERM
# What a shell's exit code is when a signal ended the program that it ran.
_BY_SIGNAL = range(129, 160)


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

    async def work(self, assignment: agent.Assignment) -> agent.Ending:
        ended = await self._runner.run(
            runner.Command(
                self._argv,
                assignment.place,
                assignment.environment,
                assignment.run_folder / "output.txt",
                assignment.timeout,
                assignment.run_folder / "prompt.md",
                stall=assignment.stall,
            )
        )
        said = self._cut_off(ended) or _read(assignment.run_folder / "report.json")
        return said or self._without_report(ended.code, _last_lines(assignment.run_folder / "output.txt"))

    def _cut_off(self, ended: runner.Exit) -> agent.Broke | None:
        """How it was cut off, if it was: what it reported before that is not its last word."""
        match ended.ended:
            case "timed_out":
                return agent.Broke(f"{self.name} was stopped: {ended.reason}", "timed_out")
            case "stalled":
                return agent.Broke(f"{self.name} was stopped: {ended.reason}", "stalled")
            case "not_started":
                return agent.Broke(f"{self.name} cannot be started: {ended.reason}", "crashed")
            case "exited":
                return self._crashed(-ended.code) if ended.code is not None and ended.code < 0 else None

    def _crashed(self, number: int) -> agent.Broke:
        return agent.Broke(f"{self.name} was ended by {_signal(number)}", "crashed")

    def _without_report(self, code: int | None, last: str) -> agent.Ending:
        """Exit 0 is passed, else failed, with the last lines as the error; but for the few codes that say more."""
        line = text.one_line(last.rpartition("\n")[2])
        if code == 0:
            return report.Report(report.Status.PASSED, last or f"{self.name} ended with exit code 0")
        if code == _NOT_NOW:
            return agent.Limited(line or f"{self.name} asked to be tried again later")
        if code == _NOT_LET_IN:
            return agent.NotLoggedIn(line or f"{self.name} is not logged in")
        if code is not None and code in _BY_SIGNAL:
            return self._crashed(code - _BY_SIGNAL.start + 1)
        why = f"{self.name} ended with exit code {code}"
        return report.Report(report.Status.FAILED, last, error=f"{why}: {text.one_line(last)}" if last else why)


def _read(path: Path) -> agent.Ending | None:
    """What the agent reported; None when it wrote no report. A link is not followed, and nothing is waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _malformed(f"cannot be read: {error.strerror}")
    try:
        return _taken(descriptor)
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> agent.Ending:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return _malformed("is no plain file")
    with open(descriptor, "rb", closefd=False) as file:
        said = report_form.read(file.read(report_form.LIMIT + 1))
    return _malformed(f"is not as agreed: {said.reason}") if isinstance(said, report_form.Malformed) else said


def _malformed(why: str) -> agent.Broke:
    return agent.Broke(f"its report {why}", "malformed")


def _signal(number: int) -> str:
    """The signal by its number and its name, which not every number has."""
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"


def _last_lines(output: Path) -> str:
    printed = output.read_text(errors="replace") if output.exists() else ""
    return text.harmless("\n".join(printed.splitlines()[-_LAST_LINES:])).strip()
