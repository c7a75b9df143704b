"""Calls of git in which nothing of the repository runs.

Each call names its repository, work tree and index: nothing is discovered, so a ``.git`` that an agent put into
its worktree is never looked at.
"""

import fcntl
import functools
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tickety.core import errors
from tickety.workspaces import hardening

INCOMPLETE = "Tickety fetches nothing by itself: get the missing objects with `git fetch --refetch --no-filter`."
# Settings in variables, without which hardening would be lost, came with this version.
_OLDEST = (2, 31)


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said. ``code`` is negative when it was stopped at a limit."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as one stripped text."""
        return display(self.out).strip()

    @property
    def parts(self) -> list[str]:
        """Standard output of a ``-z`` command; each part can be given back to the operating system as a path."""
        return [os.fsdecode(part) for part in self.out.split(b"\0") if part]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository by its common directory, whichever worktree a call is for."""

    common: Path

    def run(
        self,
        *arguments: str,
        gitdir: Path | None = None,
        tree: Path | None = None,
        index: Path | None = None,
        stdin: bytes = b"",
        accept: tuple[int, ...] = (0,),
    ) -> Answer:
        """Run git to its end; Failed when its exit code is none of ``accept``."""
        variables = self._hardened(gitdir, tree, index)
        # At the top of the work tree: git limits some answers to the folder it is started in.
        return _accepted(_call(_command(*arguments), variables, tree or self.common, stdin), arguments[0], accept)

    def read(self, *arguments: str, stdin: bytes = b"", accept: tuple[int, ...] = (0,)) -> Answer:
        """Run a command that only reads objects: no setting makes it run anything, so none is looked up."""
        variables = self._variables(None, None, None) | hardening.overrides(b"")
        return _accepted(_call(_command(*arguments), variables, self.common, stdin), arguments[0], accept)

    def some(self, *arguments: str, size: int, seconds: float) -> Answer:
        """The beginning of what git prints: it is stopped after ``size`` bytes or ``seconds``."""
        variables = self._hardened(None, None, None)
        return _call_briefly(_command(*arguments), variables, self.common, size, seconds)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other Tickety processes from adding worktrees: git fails on an entry that is half written."""
        try:
            descriptor = os.open(self.common, os.O_RDONLY)
        except OSError as error:
            raise _not_started(error, self.common) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _hardened(self, gitdir: Path | None, tree: Path | None, index: Path | None) -> dict[str, str]:
        """Listed anew for each call: a set-up command or a person may have changed the configuration meanwhile."""
        variables = self._variables(gitdir, tree, index)
        listing = _call(_command("config", "--list", "--includes", "-z", "--show-scope"), variables, self.common, b"")
        return variables | hardening.overrides(_accepted(listing, "config", (0,)).out)

    def _variables(self, gitdir: Path | None, tree: Path | None, index: Path | None) -> dict[str, str]:
        variables = hardening.environment(os.environ) | {"GIT_DIR": str(gitdir or self.common)}
        # A configured work tree must not count, and most calls need none.
        variables["GIT_WORK_TREE"] = str(tree or self.common)
        if index is not None:
            variables["GIT_INDEX_FILE"] = str(index)
        return variables


def require(oldest: tuple[int, int], purpose: str) -> None:
    """Failed when the git of this machine is too old for a purpose."""
    program, version = _program()
    if version < oldest:
        raise _too_old(f"{program}, git {_dotted(version)},", oldest, f" to {purpose}")


def display(raw: bytes) -> str:
    """Git's bytes as text that can be stored and shown: a byte that is not UTF-8 is written out in hexadecimal."""
    return raw.decode("utf-8", "backslashreplace")


def failure(verb: str, answer: Answer) -> errors.Failed:
    """The error for a call that went wrong, in git's own words."""
    words = answer.err.strip().splitlines()
    reason = next((line for line in words if line.startswith(("fatal:", "error:"))), words[-1] if words else "")
    return errors.Failed(f"git {verb} did not work: {reason or f'exit code {answer.code}'}", hint=_hint(answer.err))


def _accepted(answer: Answer, verb: str, accept: tuple[int, ...]) -> Answer:
    if answer.code not in accept:
        raise failure(verb, answer)
    return answer


def _hint(words: str) -> str:
    if "No space left" in words:
        return "Make room on the disk, then try again."
    if "Permission denied" in words or "Read-only file system" in words:
        return "Check who may write to the repository and to Tickety's state folder."
    if "lazy" in words or "promisor" in words or "missing blob" in words:
        return INCOMPLETE
    return "Try `git fsck` in the repository."


def _command(*arguments: str) -> list[str]:
    return [_program()[0], "--no-pager", "--literal-pathspecs", *arguments]


@functools.cache
def _program() -> tuple[str, tuple[int, int]]:
    """Where git is, and its version."""
    program = shutil.which("git")
    if program is None:
        raise errors.Failed("git was not found", hint="Install git, and have it on the PATH.")
    said = _call([program, "version"], hardening.environment(os.environ), Path("/"), b"").text
    found = re.search(r"(\d+)\.(\d+)", said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    if version < _OLDEST:
        raise _too_old(said or program, _OLDEST)
    return program, version


def _too_old(which: str, oldest: tuple[int, int], purpose: str = "") -> errors.Failed:
    return errors.Failed(f"{which} is too old{purpose}", hint=f"Install git {_dotted(oldest)} or newer.")


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def _call(command: list[str], variables: dict[str, str], cwd: Path, stdin: bytes) -> Answer:
    with _started(command, variables, cwd, subprocess.PIPE) as process:
        out, err = process.communicate(stdin)
    return _answer(process.returncode, out, err)


def _call_briefly(command: list[str], variables: dict[str, str], cwd: Path, size: int, seconds: float) -> Answer:
    with _started(command, variables, cwd, subprocess.DEVNULL) as process:
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        try:
            out = process.stdout.read(size) if process.stdout else b""
            if len(out) == size:
                process.kill()
            err = process.stderr.read() if process.stderr else b""
        finally:
            limit.cancel()
    return _answer(process.returncode, out, err)


@contextmanager
def _started(command: list[str], variables: dict[str, str], cwd: Path, stdin: int) -> Iterator[subprocess.Popen[bytes]]:
    """A git that runs in a session of its own, so that Ctrl-C does not stop it half way through a write."""
    with _deaf() as listen_again:
        try:
            process = subprocess.Popen(
                command,
                env=variables,
                cwd=cwd,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(error, cwd) from error
        with process:
            try:
                listen_again()
                yield process
            except BaseException:
                process.kill()
                raise


@contextmanager
def _deaf() -> Iterator[Callable[[], None]]:
    """Put Ctrl-C off until what is given is called: a child hears it, too, before it has its own session."""
    # Asked for first: the call that blocks can itself be interrupted, and would not say what was before.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def listen_again() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield listen_again
    finally:
        listen_again()


def _answer(code: int, out: bytes, err: bytes) -> Answer:
    if code == -signal.SIGINT:
        raise KeyboardInterrupt
    return Answer(code, out, display(err))


def _not_started(error: OSError, cwd: Path) -> errors.Failed:
    if not cwd.is_dir():
        return errors.Failed(f"{cwd} is no git repository any more", hint="Run Tickety inside a git repository.")
    return errors.Failed(f"git could not be started: {error.strerror}", hint="Try `git version`.")
