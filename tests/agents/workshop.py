"""A project in a repository of its own, and assignments on it whose commands are really run."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tickety import agent, workspace
from tickety.core import receipt, report, testoutput, ticket
from tickety.workspaces import worktrees

PYTHON = sys.executable
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": "src", "HOME": "/nowhere"}


@dataclass
class Workshop:
    """The project ``files`` at one commit, and the place in which an agent works on it."""

    workspaces: workspace.Workspaces
    commit: str
    place: Path
    run_folder: Path

    def run(self, argv: tuple[str, ...]) -> agent.Ran:
        pipe, both = subprocess.PIPE, subprocess.STDOUT
        ended = subprocess.run(argv, check=False, cwd=self.place, env=ENVIRONMENT, stdout=pipe, stderr=both)
        return agent.Ran(argv, ended.returncode, ended.stdout.decode(errors="replace"))

    def evidence(
        self, argv: tuple[str, ...], purpose: receipt.Purpose = receipt.Purpose.VERIFICATION
    ) -> agent.Evidence:
        """The command as it ends before any change."""
        ran = self.run(argv)
        tests = testoutput.read(ran.output)
        entry = receipt.Receipt(argv, purpose, receipt.Phase.BEFORE, ran.exit_code, "d" * 64, "e" * 40, NOW, 0.1, tests)
        return agent.Evidence(entry, ran.output)

    def assignment(
        self,
        words: str = "It is broken",
        *evidence: agent.Evidence,
        role: str = "Engineer",
        kind: str = "bug",
        **metadata: object,
    ) -> agent.Assignment:
        async def run(argv: tuple[str, ...]) -> agent.Ran:
            try:
                return await asyncio.to_thread(self.run, argv)
            except FileNotFoundError as error:
                return agent.Ran(argv, 127, str(error))

        step = ticket.Step("fix", f"{role} Agent", "mend it", writes=role == "Engineer", attempt=1)
        return agent.Assignment(
            ticket=_ticket(words, kind, metadata),
            step=step,
            role=role,
            attempt=1,
            place=self.place,
            commit=self.commit,
            run_folder=self.run_folder,
            environment=ENVIRONMENT,
            prompt="",
            evidence=evidence,
            timeout=60,
            run=run,
        )

    def text(self, path: str) -> str:
        return (self.place / path).read_bytes().decode()

    def changed(self) -> list[str]:
        return sorted(each.path for each in self.workspaces.changes(self.commit, self._snapshot()))

    def _snapshot(self) -> str:
        return self.workspaces.snapshot(workspace.Place(self.place, self.place / ".git", self.commit))


def open_workshop(folder: Path, *commits: Mapping[str, str | bytes | None]) -> Workshop:
    """Each commit writes files, and removes those that are None."""
    repository = folder / "project"
    repository.mkdir()
    _git(repository, "init", "--quiet", "--initial-branch=main")
    for number, files in enumerate(commits, 1):
        for path, content in files.items():
            _write(repository / path, content)
        _git(repository, "add", "--all")
        _git(repository, "commit", "--quiet", "--allow-empty", "--message", f"change {number}")
    commit = _git(repository, "rev-parse", "HEAD")
    spaces = worktrees.GitWorkspaces(repository / ".git", repository, folder / "worktrees")
    place = spaces.take("BUG-2026-001", "work", commit, "fix-1")
    (folder / "run").mkdir()
    return Workshop(spaces, commit, place.path, folder / "run")


def work(worker: agent.Agent, assignment: agent.Assignment) -> report.Report:
    """What the agent reports; it must not break."""
    said = asyncio.run(worker.work(assignment))
    assert isinstance(said, report.Report), said
    return said


def importing(module: str) -> tuple[str, ...]:
    return (PYTHON, "-c", f"import {module}")


NOW = "2026-11-22T09:00:00Z"


def _ticket(words: str, kind: str, metadata: dict[str, object]) -> ticket.Ticket:
    return ticket.Ticket(
        uid="0192f0c1-0000-7000-8000-000000000001",
        id="BUG-2026-001",
        version=1,
        type=kind,
        title=words.splitlines()[0],
        description=words,
        status=ticket.Status.IN_PROGRESS,
        priority=ticket.Priority.HIGH,
        reporter="user:ada",
        created_at=NOW,
        updated_at=NOW,
        due_at=NOW,
        orchestration=ticket.Plan((), "", "", ()),
        origin={"description": "user"},
        metadata=metadata,
        branch="tickety/BUG-2026-001-it-is-broken-0192",
    )


def _write(file: Path, content: str | bytes | None) -> None:
    if content is None:
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false")
    command = ("git", *who, "-C", str(folder), *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
