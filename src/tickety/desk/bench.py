"""The bench an attempt works at: a worktree, furnished and set up, and running commands there for a receipt."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Literal

from tickety import agent, runner, workspace
from tickety.core import receipt, record, testoutput, text, times
from tickety.desk import branches, dispatch, ports

WORK = "work"
VERIFY = "verify"


class NeedsPersonError(Exception):
    """The attempt cannot go on before a person did something; the sentence says what, ``kind`` how it is asked."""

    def __init__(
        self,
        sentence: str,
        receipts: tuple[receipt.Receipt, ...] = (),
        kind: Literal["question", "approval"] = "question",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.receipts = receipts
        self.kind = kind


@record.record(frozen=True, slots=True)
class Bench:
    """A place that is ready for work. ``scratch`` holds the HOME and TMPDIR of what runs there."""

    place: workspace.Place
    scratch: Path
    tree: str
    receipts: tuple[receipt.Receipt, ...] = ()


async def lay_out(
    desk: ports.Ports, attempt: dispatch.Attempt, name: str, commit: str, *, is_set_up: bool = True
) -> Bench:
    """A bench at a commit, set up unless it is already, or need not be; NeedsPersonError when the set-up fails."""
    place = desk.workspaces.take(branches.key(attempt.ticket), name, commit, dispatch.holder(attempt))
    bench = Bench(place, _scratch(place), desk.workspaces.tree_id(commit))
    desk.workspaces.furnish(place, attempt.settings.setup.copy, attempt.settings.setup.share)
    return replace(bench, receipts=await _set_up(desk, attempt, bench)) if is_set_up else bench


async def run(
    desk: ports.Ports,
    attempt: dispatch.Attempt,
    bench: Bench,
    argv: tuple[str, ...],
    as_: tuple[receipt.Purpose, receipt.Phase],
) -> agent.Evidence:
    """Run a command at a bench and make the receipt; NeedsPersonError when it cannot be started at all."""
    purpose, phase = as_
    desk.tell(ports.Notice(attempt.ticket.id, attempt.step.name, f"{_DOING[phase]}: {text.command(argv)}"))
    output = attempt.folder / f"{phase}-{purpose}.txt"
    is_setup = purpose is receipt.Purpose.SETUP
    use: ports.Use = "set-up" if is_setup else "work"
    environment = desk.environment(bench.place.path, bench.scratch, attempt.settings.extra_environment, use)
    timeout = attempt.settings.setup_timeout if is_setup else attempt.settings.verification_timeout
    at = times.as_text(desk.clock.now())
    exit_ = await desk.runner.run(runner.Command(argv, bench.place.path, environment, output, timeout))
    printed, digest = _keep(desk, attempt, output)
    tests = None if is_setup else testoutput.read(printed)
    made = receipt.Receipt(argv, purpose, phase, exit_.code, digest, bench.tree, at, round(exit_.seconds, 3), tests)
    if exit_.ended == "not_started":
        raise NeedsPersonError(f"`{text.command(argv)}` cannot be started: {exit_.reason}", (made,))
    return agent.Evidence(made, printed)


def output_of(desk: ports.Ports, ticket_id: str, digest: str) -> str:
    """What a command printed, by the digest in its receipt; empty when it is not kept on this machine."""
    if not receipt.is_digest(digest):
        return ""
    path = desk.runs / ticket_id / "outputs" / digest
    return path.read_text(errors="replace") if path.is_file() else ""


async def _set_up(desk: ports.Ports, attempt: dispatch.Attempt, bench: Bench) -> tuple[receipt.Receipt, ...]:
    if not attempt.settings.setup.commands or _is_set_up(desk, attempt, bench):
        return ()
    made: list[receipt.Receipt] = []
    for argv in attempt.settings.setup.commands:
        done = await run(desk, attempt, bench, argv, (receipt.Purpose.SETUP, receipt.Phase.SETUP))
        made.append(done.receipt)
        if not done.receipt.is_green:
            raise NeedsPersonError(_setup_failed(done), tuple(made))
    desk.workspaces.settle(bench.place)
    _mark(bench).touch(mode=0o600)
    _mark(bench).write_text(_setup_digest(desk, attempt, bench))
    return tuple(made)


def _is_set_up(desk: ports.Ports, attempt: dispatch.Attempt, bench: Bench) -> bool:
    """An earlier holder's set-up is still there, and was made of the same commands and manifests."""
    mark = _mark(bench)
    is_same = mark.is_file() and mark.read_text() == _setup_digest(desk, attempt, bench)
    return bench.place.is_settled and is_same


def _mark(bench: Bench) -> Path:
    return bench.place.path.with_name(bench.place.path.name + ".set-up")


def _setup_digest(desk: ports.Ports, attempt: dispatch.Attempt, bench: Bench) -> str:
    """Changes when a set-up command changes, or a manifest that it reads."""
    files = desk.workspaces.tree_at(bench.place.start)
    inputs = [f"{path}\n{files.text(path)}" for path in attempt.settings.setup.inputs]
    return hashlib.sha256(repr((attempt.settings.setup.commands, inputs)).encode()).hexdigest()


def _setup_failed(done: agent.Evidence) -> str:
    ended = (
        "was killed at its time limit"
        if done.receipt.exit_code is None
        else f"ended with exit code {done.receipt.exit_code}"
    )
    last = next((line for line in reversed(done.output.splitlines()) if line.strip()), "it printed nothing")
    return f"set-up failed: `{text.command(done.receipt.command)}` {ended}: {text.one_line(last)}"


def _scratch(place: workspace.Place) -> Path:
    """A fresh HOME and TMPDIR beside the worktree."""
    folder = place.path.with_name(place.path.name + ".scratch")
    shutil.rmtree(folder, ignore_errors=True)
    for made in (folder, folder / "home", folder / "tmp"):
        made.mkdir(mode=0o700, exist_ok=True)
    return folder


def _keep(desk: ports.Ports, attempt: dispatch.Attempt, output: Path) -> tuple[str, str]:
    """The output as text and its digest; the file is moved to where the digest finds it."""
    content = output.read_bytes() if output.exists() else b""
    digest = hashlib.sha256(content).hexdigest()
    kept = desk.runs / attempt.ticket.id / "outputs" / digest
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    if output.exists():
        output.replace(kept)
    return content.decode(errors="replace"), digest


_DOING = {
    receipt.Phase.SETUP: "setting the worktree up",
    receipt.Phase.BEFORE: "running on the base",
    receipt.Phase.AFTER: "running on the result",
}
