"""Lint: what ``ruff check --fix`` can mend, outside the tests."""

import re
from pathlib import PurePosixPath

from tickety import agent
from tickety.agents.builtin import folder, outside, project, reading, topic, trial
from tickety.core import receipt, recipes, report, text

LINTED_TYPES = frozenset(("bug", "task"))

_ASKED = re.compile(r"\b(?:ruff|lint|linter|linting|lints)\b", re.IGNORECASE)
_PYTHON = (".py", ".pyi", ".ipynb")
_LAST_LINES = 30
_FORMS = (("ruff", "check"), ("python3", "-m", "ruff", "check"))


def is_asked(assignment: agent.Assignment) -> bool:
    """The bug that was reproduced is one that ruff finds; or a bug's or a task's words ask for lint.

    What else is red has no say in it. A bug whose words report an error is about that, even in a linter.
    """
    subject = assignment.ticket
    nature = recipes.nature(subject.type, subject.metadata)
    if nature not in LINTED_TYPES:
        return False
    red = reading.red(assignment.evidence)
    reproductions = [each.receipt for each in red if each.receipt.purpose is receipt.Purpose.REPRODUCTION]
    if nature == "bug" and (reproductions or topic.names_error(reading.words(subject))):
        return any(_form(entry.command) for entry in reproductions)
    return bool(_ASKED.search(f"{subject.title}\n{subject.description}"))


async def mend(assignment: agent.Assignment, files: folder.Folder) -> report.Report:
    """Let ruff mend what it can; the tests are put back as they were. OSError as it comes."""
    before = {
        path: content for path in sorted(files.paths) if path.endswith(_PYTHON) and (content := files.content(path))
    }
    ran = await _ruff(assignment)
    if ran is None:
        what = "ruff is not installed where this project runs, so nothing could be mended"
        return outside.beyond(assignment, what, f"{what}: add it to what the project needs for its development.")
    changed = [path for path, content in before.items() if files.content(path) != content]
    tests = [path for path in changed if project.is_test(path)]
    for path in tests:
        files.restore(path, before[path])
    return _report(assignment, ran, [path for path in changed if path not in tests], tests)


async def _ruff(assignment: agent.Assignment) -> agent.Ran | None:
    """The first form of the command that is there: as the verification starts it, else from the environment."""
    own = tuple(form for each in reading.red(assignment.evidence) if (form := _form(each.receipt.command)))
    for form in (*own, *_FORMS):
        ran = await assignment.run((*form, "--fix", "--show-fixes", "--no-cache", "."))
        if ran.exit_code != trial.NOT_STARTED and "No module named ruff" not in ran.output:
            return ran
    return None


def _form(command: tuple[str, ...]) -> tuple[str, ...] | None:
    """How a command starts ``ruff check``; None when it is another one."""
    for place, word in enumerate(command[:-1]):
        if PurePosixPath(word).name == "ruff" and command[place + 1] == "check":
            return command[: place + 2]
    return None


def _report(assignment: agent.Assignment, ran: agent.Ran, changed: list[str], tests: list[str]) -> report.Report:
    said = [text.harmless(line) for line in ran.output.splitlines() if line.strip()][-_LAST_LINES:]
    mended = (
        f"ruff mended {text.plural(len(changed), 'file')}: {', '.join(changed)}." if changed else "ruff mended nothing."
    )
    left = f"Tests are not changed by rule, put back as they were: {', '.join(tests)}." if tests else ""
    summary = "\n".join(filter(None, (mended, left, "What ruff said:", *(f"  {line}" for line in said))))
    outputs: dict[str, object] = {"files": changed, "tests_left": tests, "exit_code": ran.exit_code}
    if changed and ran.exit_code == 0 and not tests:
        return report.Report(report.Status.PASSED, summary, outputs=outputs)
    return outside.beyond(assignment, _rest(ran, changed, tests), summary, outputs)


def _rest(ran: agent.Ran, changed: list[str], tests: list[str]) -> str:
    if ran.exit_code == 1:
        return "What ruff still finds is outside of what it can mend by itself"
    if ran.exit_code != 0:
        return f"ruff could not do its work (exit code {ran.exit_code})"
    return (
        f"What ruff would change stands in tests only ({', '.join(tests)})"
        if tests and not changed
        else (f"What is left stands in tests ({', '.join(tests)})" if tests else "ruff finds nothing to mend")
    )
