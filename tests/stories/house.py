"""A project, a user, and the real command line: what every story is told with."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "examples"
SENTENCE = "The --version command is throwing an ImportError"


@dataclass(frozen=True)
class Result:
    """How a call of the command line ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def ticket(self) -> dict[str, Any]:
        """The ticket in the last line of a run under --json."""
        last = self.lines[-1]
        assert last["type"] == "result", last
        assert last["exit_code"] == self.code
        ticket: dict[str, Any] = last["ticket"]
        return ticket

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = json.loads(self.err.splitlines()[-1])["error"]
        return error


@dataclass
class House:
    """A git repository of a user's, and a place where that user's own files are."""

    path: Path
    home: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "PYENV_ROOT", "SSL_CERT_FILE") if name in os.environ
        }
        kept |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))}
        own = {"HOME": str(self.home), "XDG_STATE_HOME": str(self.home / "state"), "GIT_CONFIG_NOSYSTEM": "1"}
        return {**kept, **own, "PYTHONDONTWRITEBYTECODE": "1", **self.extra}

    @property
    def branch(self) -> str:
        """The only branch of Tickety's."""
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads/tickety").strip()

    def tickety(self, *words: str, stdin: str | bytes = b"", cwd: Path | None = None, **environment: str) -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        ended = subprocess.run(
            [sys.executable, "-m", "tickety", *words],
            input=given,
            capture_output=True,
            cwd=cwd or self.path,
            env={**self.environment, **environment},
            check=False,
        )
        return Result(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        """A call that goes on while the story does."""
        return subprocess.Popen(
            [sys.executable, "-m", "tickety", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.path,
            env={**self.environment, **environment},
            text=True,
            start_new_session=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - no story has threads
        )

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", *words], capture_output=True, cwd=self.path, env=self.environment, check=True, text=True
        ).stdout

    def write(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def commit(self, files: dict[str, str] | None = None, message: str = "work") -> None:
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def seat(self, role: str, script: str) -> None:
        """Put a Python script of the project's own into a role."""
        name = role.lower()
        toml = self.path / "tickety.toml"
        known = toml.read_text() if toml.exists() else ""
        seat = f'\n[roster.{role}]\nagent = {{command = ["{sys.executable}", "{name}.py"]}}\n'
        self.commit({f"{name}.py": script, "tickety.toml": known + seat}, f"seat {name}")

    def footprint(self) -> tuple[str, str, str, list[str]]:
        """All that the user sees of their checkout; ignored files count too."""
        files = sorted(str(path.relative_to(self.path)) for path in self.path.rglob("*") if ".git" not in path.parts)
        status = self.git("status", "--porcelain", "--ignored")
        return status, self.git("rev-parse", "HEAD"), self.git("symbolic-ref", "HEAD"), files


def _hear_interrupts() -> None:
    """A shell that starts us in the background hands interrupts down as ignored, and nohup the loss of a terminal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def notes(folder: Path) -> House:
    """The example project, as a repository with one commit."""
    house = empty(folder)
    shutil.copytree(EXAMPLES / "notes", house.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    house.commit(message="Keep short notes")
    return house


def empty(folder: Path) -> House:
    """A repository without a commit, of a user called Ada."""
    house = House(folder / "project", folder / "home")
    for path in (house.path, house.home):
        path.mkdir(parents=True)
    (house.home / ".gitconfig").write_text(
        "[user]\n\tname = ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    house.git("init", "-q")
    return house
