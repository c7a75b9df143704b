"""Judges by receipts: what the verification showed on the result, beside what it showed before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tickety import agent
from tickety.agents.builtin import account, outside
from tickety.core import receipt, report, testoutput, text

MOST_NAMES = 5


class Checker:
    """The judge that needs no model. It believes receipts only, and writes no tests."""

    name = "checker"
    is_paid = False
    runs_programs = False

    async def work(self, assignment: agent.Assignment) -> report.Report | agent.Broke:
        if assignment.step.writes:
            what = "This step asks for tests to be written, and the checker writes none"
            return outside.beyond(assignment, what, f"{what}: it only judges what is there.")
        receipts = [each.receipt for each in assignment.evidence]
        after = [entry for entry in receipts if entry.phase is receipt.Phase.AFTER]
        if not after:
            return _unverified(assignment, receipts)
        return _judged(after, [entry for entry in receipts if entry.phase is receipt.Phase.BEFORE])


def _unverified(assignment: agent.Assignment, receipts: Sequence[receipt.Receipt]) -> report.Report:
    what = "Nothing was run on the result, so there is nothing to judge by"
    summary = "\n".join([f"{what}: no pass is made up.", *map(_line, receipts)])
    question = f"{what}. Which command verifies it? tickety retry {assignment.ticket.id} --verify 'COMMAND'"
    return report.Report(report.Status.NEEDS_HUMAN, summary, question=question)


@dataclass(frozen=True, slots=True)
class _Failure:
    """One command that is not green, in a sentence; ``is_known``: it failed in the same before."""

    sentence: str
    is_known: bool


def _judged(after: Sequence[receipt.Receipt], before: Sequence[receipt.Receipt]) -> report.Report:
    then = {entry.command: entry for entry in before}
    failures = [_failure(entry, then.get(entry.command)) for entry in after if not entry.is_green]
    new = [failure.sentence for failure in failures if not failure.is_known]
    sentences = [failure.sentence for failure in failures]
    verdict = "The verification failed." if new else _PASSED[bool(failures)]
    summary = "\n".join([verdict, *sentences, *map(_line, before), *map(_line, after)])
    outputs: dict[str, object] = {"receipts": [entry.output_sha256 for entry in after], "failures": sentences}
    if new:
        return report.Report(report.Status.FAILED, summary, error="; ".join(new), outputs=outputs)
    return report.Report(report.Status.PASSED, summary, outputs=outputs)


_PASSED = {False: "Every command passed.", True: "Nothing fails that did not fail before."}


def _failure(entry: receipt.Receipt, before: receipt.Receipt | None) -> _Failure:
    names = _names(entry)
    known = _names(before) if before else None
    new = tuple((Counter(names) - Counter(known)).elements()) if names and known else ()
    # What reproduces the fault has to pass; only the rest of a suite may stay as red as it was.
    if names and known and not new and entry.purpose is receipt.Purpose.VERIFICATION:
        return _Failure(f"{_command(entry)} fails as it did before: {_listed(names)}", is_known=True)
    failing = new or (entry.tests.failing if entry.tests else ())
    return _Failure(f"{_command(entry)} {_how(entry, failing)}", is_known=False)


def _how(entry: receipt.Receipt, failing: tuple[str, ...]) -> str:
    if entry.exit_code is None:
        return "was stopped at its time limit"
    if entry.tests and entry.tests.failed:
        names = f": {_listed(failing)}" if failing else ""
        return f"fails: {entry.tests.failed} of {text.plural(entry.tests.ran, 'test')}{names}"
    return f"fails with exit code {entry.exit_code}" + (f": {_listed(failing)}" if failing else "")


def _names(entry: receipt.Receipt) -> tuple[str, ...] | None:
    """The names of all that failed; None when the output does not tell, or not all of them."""
    is_known = entry.exit_code is not None and entry.tests and testoutput.is_complete(entry.tests)
    return entry.tests.failing if is_known and entry.tests else None


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(text.one_line(name) for name in names[:MOST_NAMES])
    return f"{shown} and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else shown


def _line(entry: receipt.Receipt) -> str:
    """A receipt in one line."""
    tests = f", {text.plural(entry.tests.ran, 'test')} ran, {entry.tests.failed} failed" if entry.tests else ""
    marks = f"output {entry.output_sha256[:12]}, tree {entry.tree[:12]}"
    return (
        f"{entry.phase}: {_command(entry)}, {account.exit_code(entry.exit_code)}, {entry.seconds:.1f} s{tests}, {marks}"
    )


def _command(entry: receipt.Receipt) -> str:
    return f"`{text.command(entry.command)}`"
