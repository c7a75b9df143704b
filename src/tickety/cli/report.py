"""``tickety report``."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tickety.cli import printed, tokens
from tickety.core import errors, report, report_form, text, ticket

if TYPE_CHECKING:
    from tickety import agent, store

_STATUSES = tuple(status.value for status in report.SAYABLE)


@click.command("report", short_help="Report on a step that you took.")
@tokens.options_of
@click.option("--status", type=click.Choice(_STATUSES), help="How it ended.")
@click.option("--summary", metavar="TEXT", help="What you did and found.")
@click.option("--error", metavar="TEXT", help="What went wrong, when it failed.")
@click.option("--question", metavar="TEXT", help="What a person has to answer, when it needs one.")
@click.option("--signal", "signals", multiple=True, metavar="WORD", help="A signal that the plan asks for. Repeatable.")
@click.option("--output", "outputs", multiple=True, metavar="NAME=VALUE", help="Something for later steps. Repeatable.")
@click.option("--file", "path", metavar="PATH", help="The whole report as one JSON object; `-` reads standard input.")
def command(
    typed: str | None,
    token: str | None,
    role: str | None,
    path: str | None,
    as_json: bool,
    **said: Any,  # noqa: ANN401 - parts of a report, as click gives them
) -> int:
    """Report on a step that you took. Tickety then looks at the worktree, and runs the verification where one is due.

    What you say is no evidence: a step that verifies passes only when Tickety sees it pass. Ends with 0 when it came
    out as you said; with 1 when it did not, and the ticket says why; with 5 when a person is needed; with 4 when the
    step is not yours any more, and nothing is changed.

    \b
    Examples:
      tickety report --status passed --summary "The import was wrong; renamed it"
      tickety report --status needs_human --question "Which of the two files is right?"
      tickety report --file report.json
    """
    form = _read(path) if path else json.dumps(_form(said)).encode()
    if path and any(said.values()):
        raise errors.Usage("--file is the whole report", "leave the other options out")
    meant = _meant(form)
    desk, token, claim = tokens.opened(typed, token, role)
    from tickety.desk import pulling

    subject = asyncio.run(pulling.hand_in(desk, token, meant))
    return _tell(subject, claim, meant, as_json=as_json)


def _form(said: dict[str, Any]) -> dict[str, Any]:
    if not said["status"]:
        raise errors.Usage("how did it end?", f"--status {', '.join(_STATUSES)}; or the whole report: --file PATH")
    pairs = [output.partition("=") for output in said["outputs"]]
    if any(not name or not sign for name, sign, _ in pairs):
        raise errors.Usage("an output has a name and a value", "--output file=cli.py")
    if bad := [signal for signal in said["signals"] if not report_form.SIGNAL.fullmatch(signal)]:
        raise errors.Usage(f"{bad[0][:60]!r} is no signal", "small letters, digits, - and _: security_issue")
    named = {name: said[name] for name in ("status", "summary", "error", "question")}
    return {**named, "signals": list(said["signals"]), "outputs": {name: value for name, _, value in pairs}}


def _read(path: str) -> bytes:
    """At most as much as a report may have, and a byte to see that it is too much."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(report_form.LIMIT + 1)
        with open(path, "rb") as file:
            return file.read(report_form.LIMIT + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise errors.Usage(f"the report {path} cannot be read: {why}", "--file PATH, or - for standard input") from None


def _meant(form: bytes) -> "agent.Ending":
    said = report_form.read(form)
    if isinstance(said, report_form.Malformed):
        raise errors.Usage(f"the report is not as agreed: {said.reason}", "nothing was recorded: mend it, report again")
    return said


def _tell(subject: ticket.Ticket, claim: "store.Claim", meant: "agent.Ending", *, as_json: bool) -> int:
    came_out = next(
        update
        for update in reversed(subject.agent_updates)
        if (update.step, update.attempt) == (claim.step, claim.attempt)
    )
    said = meant.status.value if isinstance(meant, report.Report) else report.Status.LIMITED.value
    told = {
        "ticket": subject.id, "step": claim.step, "attempt": claim.attempt, "said": said, "result": came_out.result,
        "details": came_out.details, "status": subject.status.value, "resolution": subject.resolution,
        "waiting_for": subject.waiting_for,
    }  # fmt: skip
    if as_json:
        printed.answer(told)
    else:
        click.echo(f"{subject.id}/{claim.step}: {came_out.result}")
        for line in came_out.details.splitlines():
            click.echo(f"  {text.harmless(line)}")
        click.echo(_stands(subject))
    return 0 if said == came_out.result else _CODES.get(came_out.result, errors.Failed.exit_code)


def _stands(subject: ticket.Ticket) -> str:
    if subject.is_closed:
        return f"{subject.id} is closed, {subject.resolution}"
    ready = [f"{step.name} ({step.agent})" for step in subject.orchestration.steps if step.state is ticket.State.READY]
    if ready:
        return f"{subject.id} goes on with {' and '.join(ready)}"
    why = subject.blocker or subject.waiting_for
    return f"{subject.id} is {subject.status}{f': {text.harmless(why)}' if why else ''}"


_CODES = {report.Status.NEEDS_HUMAN.value: errors.Waits.exit_code}
