"""Giving an attempt to its agent: the papers, the place, the environment; and taking back what it said."""

import json
import os
from dataclasses import field, replace
from pathlib import Path

from tickety import agent, runner
from tickety.core import approval, prompt, receipt, record, report, ticket
from tickety.desk import bench, branches, dispatch, ports

NOBODY = (
    "nobody fills the role {role} yet: put a command into it in tickety.toml, [roster.{role}] agent = "
    "{{command = [...]}}, or commit the work on branch {branch} by hand; then `tickety retry {id}`"
)
MOVED = (
    "branch {branch} stands at {head}, and Tickety left it at {recorded}: see git log {recorded}..{head}; "
    "`tickety retry {id}` takes these commits as the work, `git branch -f {branch} {recorded}` undoes them"
)
OVERTAKEN = "{branch} went on since {commit} was approved: bring them together by hand, or say what is to be done"
CHECKED_OUT = "branch {branch} is checked out at {path}: leave it there (git switch -), then `tickety retry {id}`"


@record.record(frozen=True, slots=True)
class Done:
    """What came of an assignment. ``bench`` is None when a person had done the work by hand, or approved ``commit``."""

    said: report.Report
    by: str
    bench: bench.Bench | None
    receipts: tuple[receipt.Receipt, ...] = ()
    stop_reason: str = "finished"
    usage: dict[str, float | None] = field(default_factory=dict)
    commit: str | None = None


def require_approval(attempt: dispatch.Attempt) -> None:
    """A step that needs a person's yes does not begin without: NeedsPersonError."""
    if not approval.is_given(attempt.ticket, attempt.step):
        raise bench.NeedsPersonError(approval.sentence(attempt.ticket, attempt.step), kind="approval")


def require_own_branch(attempt: dispatch.Attempt) -> None:
    """Commits on the branch that nobody answers for are shown to a person first: NeedsPersonError."""
    recorded = branches.recorded_head(attempt.ticket)
    if attempt.head not in {recorded, attempt.step.by_hand}:
        raise bench.NeedsPersonError(
            MOVED.format(
                branch=attempt.ticket.branch, head=attempt.head[:12], recorded=recorded[:12], id=attempt.ticket.id
            )
        )


def require_free_branch(desk: ports.Ports, attempt: dispatch.Attempt) -> None:
    """A branch that somebody has checked out is not written to: NeedsPersonError."""
    branch = attempt.ticket.branch or ""
    if attempt.step.writes and (path := desk.workspaces.checked_out_at(branch)):
        raise bench.NeedsPersonError(CHECKED_OUT.format(branch=branch, path=path, id=attempt.ticket.id))


def papers(desk: ports.Ports, attempt: dispatch.Attempt, way: str) -> dict[str, str]:
    """Write the prompt, with the way to report, and the ticket's snapshot; the variables that name them."""
    today = desk.clock.now().date().isoformat()
    words = prompt.write(attempt.ticket, attempt.step, today, _shown(desk, attempt), way)
    _write(attempt.folder / "prompt.md", words)
    _write(attempt.folder / "ticket.json", json.dumps(desk.store.document(attempt.ticket.uid), indent=1))
    return {
        "TICKETY_TICKET": attempt.ticket.id,
        "TICKETY_STEP": attempt.step.name,
        "TICKETY_ATTEMPT": str(attempt.number),
        "TICKETY_TICKET_PATH": str(attempt.folder / "ticket.json"),
        "TICKETY_PROMPT_PATH": str(attempt.folder / "prompt.md"),
        "TICKETY_REPORT": str(attempt.folder / "report.json"),
        "TICKETY_TOKEN": attempt.token,
    }


_NOTHING_USED = {"tokens": 0, "cost_usd": 0.0}


async def carry_out(desk: ports.Ports, attempt: dispatch.Attempt, shown: tuple[agent.Evidence, ...]) -> Done:
    """Let the role's agent do the work, or see that a person did it; NeedsPersonError when nobody can."""
    if _is_done_by_hand(attempt):
        return Done(_by_hand(desk, attempt), desk.principal, None)
    require_free_branch(desk, attempt)
    if _is_approved(desk, attempt):
        return _as_approved(attempt)
    chosen = desk.fill(attempt.role, attempt.settings)
    if chosen is None:
        raise bench.NeedsPersonError(_nobody(attempt))
    laid = await bench.lay_out(desk, attempt, bench.WORK, attempt.head, is_set_up=chosen.runs_programs)
    said = await chosen.work(_assignment(desk, attempt, laid, shown))
    return told(attempt, chosen, laid, said)


def told(attempt: dispatch.Attempt, chosen: agent.Agent, laid: bench.Bench, said: agent.Ending) -> Done:
    """What came of it, in the words that the ticket keeps; NeedsPersonError when somebody has to log in first."""
    usage = dict(ticket.UNKNOWN_USAGE if chosen.is_paid else _NOTHING_USED)
    done = Done(report.Report(report.Status.BROKEN, ""), attempt.step.agent, laid, laid.receipts, usage=usage)
    match said:
        case agent.NotLoggedIn():
            raise bench.NeedsPersonError(f"{chosen.name} is not logged in: {said.reason}", laid.receipts)
        case agent.Broke():
            broke = report.Report(report.Status.BROKEN, f"{chosen.name} broke: {said.reason}", error=said.reason)
            return replace(done, said=broke, stop_reason=said.kind)
        case report.Limited():
            limited = report.Report(report.Status.LIMITED, said.reason, error=said.reason, until=said.until)
            return replace(done, said=limited, stop_reason="limited")
        case report.Report():
            return replace(done, said=said)


def _is_done_by_hand(attempt: dispatch.Attempt) -> bool:
    """A person said that what they committed on the ticket's branch is the step's work."""
    return attempt.step.writes and attempt.step.by_hand == attempt.head


def _by_hand(desk: ports.Ports, attempt: dispatch.Attempt) -> report.Report:
    past = desk.workspaces.commits(branches.recorded_head(attempt.ticket), attempt.head)
    lines = [f"{entry.commit[:12]} {entry.subject} ({entry.author})" for entry in past]
    return report.Report(report.Status.PASSED, "done by hand on the ticket's branch:\n" + "\n".join(lines))


def _is_approved(desk: ports.Ports, attempt: dispatch.Attempt) -> bool:
    """A person approved what an earlier attempt made, as it is. NeedsPersonError when the branch went on since."""
    step, made = attempt.step, attempt.step.by_hand
    refs = (branches.attempt_ref(attempt.ticket, step.name, number) for number in range(1, attempt.number))
    if not step.writes or made is None or made not in {desk.workspaces.kept(ref) for ref in refs}:
        return False
    if desk.workspaces.merge_base(made, attempt.head) != attempt.head:
        raise bench.NeedsPersonError(OVERTAKEN.format(commit=made[:12], branch=attempt.ticket.branch))
    return True


def _as_approved(attempt: dispatch.Attempt) -> Done:
    listed = "\n".join(attempt.step.approved)
    said = report.Report(report.Status.PASSED, f"a person approved the work of an earlier attempt:\n{listed}")
    return Done(said, attempt.step.agent, None, usage=dict(_NOTHING_USED), commit=attempt.step.by_hand)


def _nobody(attempt: dispatch.Attempt) -> str:
    return NOBODY.format(role=attempt.role.name, branch=attempt.ticket.branch, id=attempt.ticket.id)


def _assignment(
    desk: ports.Ports, attempt: dispatch.Attempt, laid: bench.Bench, shown: tuple[agent.Evidence, ...]
) -> agent.Assignment:
    environment = desk.environment(laid.place.path, laid.scratch, attempt.settings.extra_environment, "work")
    environment |= papers(desk, attempt, prompt.BY_FILE)
    return agent.Assignment(
        ticket=attempt.ticket,
        step=attempt.step,
        role=attempt.role.name,
        attempt=attempt.number,
        place=laid.place.path,
        commit=attempt.head,
        run_folder=attempt.folder,
        environment=environment,
        prompt=(attempt.folder / "prompt.md").read_text(),
        evidence=shown,
        timeout=attempt.timeout,
        stall=desk.policy().stall,
        run=_Hands(desk, attempt, laid, environment),
    )


def _shown(desk: ports.Ports, attempt: dispatch.Attempt) -> dict[str, str]:
    """What the commands printed that a judge sent the step back for."""
    found = prompt.judged(attempt.ticket, attempt.step)
    digests = {entry.output_sha256 for entry in found.receipts if not entry.is_green} if found else ()
    return {digest: bench.output_of(desk, attempt.ticket.id, digest) for digest in digests}


def _write(path: Path, words: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(words)


class _Hands:
    """Runs commands for an agent, at its bench and in its environment."""

    def __init__(
        self, desk: ports.Ports, attempt: dispatch.Attempt, laid: bench.Bench, environment: dict[str, str]
    ) -> None:
        self._desk = desk
        self._attempt = attempt
        self._laid = laid
        self._environment = environment
        self._count = 0

    async def __call__(self, argv: tuple[str, ...]) -> agent.Ran:
        self._count += 1
        output = self._attempt.folder / f"ran-{self._count}.txt"
        timeout = self._attempt.settings.verification_timeout
        # What the agent made so far is its work; what the command makes is not.
        self._desk.workspaces.snapshot(self._laid.place)
        ended = await self._desk.runner.run(
            runner.Command(argv, self._laid.place.path, self._environment, output, timeout)
        )
        self._desk.workspaces.disregard(self._laid.place)
        printed = output.read_text(errors="replace") if output.exists() else ended.reason
        return agent.Ran(argv, 127 if ended.ended == "not_started" else ended.code, printed)
