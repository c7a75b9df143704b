"""Who counts as alive in a process group, and who in it hears Ctrl-C."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from tickety.runners import groups


def test_a_process_that_nobody_has_buried_yet_is_not_alive() -> None:
    """In a container without a real first process the dead stay in the table for ever."""
    child = subprocess.Popen(["true"], start_new_session=True)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert groups.identity(child.pid) is not None
        assert not groups.is_alive(child.pid)
        assert groups.kill(child.pid) is False
    finally:
        child.wait()


def test_a_process_is_told_from_all_others() -> None:
    mine = groups.identity(os.getpid())
    assert mine is not None
    assert mine == groups.identity(os.getpid())
    assert mine != groups.identity(1)
    assert groups.identity(2**22 + 1) is None


# Interrupted again and again, at any moment of a call: each time, and only then, it says so.
INTERRUPTED = """
import signal, sys
from pathlib import Path
from tickety.workspaces import worktrees
signal.signal(signal.SIGINT, signal.default_int_handler)
spaces = worktrees.GitWorkspaces(Path(sys.argv[1], ".git"), None, Path(sys.argv[1], "state"))
for _ in range(int(sys.argv[2])):
    try:
        print("at work", flush=True)
        while True:
            spaces.head()
    except KeyboardInterrupt:
        pass
print(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""
ASKED = """
import sys
from pathlib import Path
from tickety.workspaces import worktrees
try:
    worktrees.GitWorkspaces(Path(sys.argv[1]), None, Path(sys.argv[1], "state")).head()
except KeyboardInterrupt:
    print("interrupted")
"""
# A git that notes whether it leads a session, and ends by the signal of Ctrl-C unless it is asked who it is.
FAKE_GIT = """#!{python}
import os, signal, sys
with open({notes!r}, "a") as notes:
    print(os.getpid() == os.getsid(0), file=notes)
if sys.argv[1] == "version":
    print("git version 2.40.0")
else:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    os.kill(os.getpid(), signal.SIGINT)
"""


def test_a_key_that_interrupts_never_becomes_an_error_of_git(tmp_path: Path) -> None:
    for command in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message", "x"]):
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@localhost")
        subprocess.run(["git", "-C", str(tmp_path), *who, *command], check=True)
    said = ""
    with in_a_session(INTERRUPTED, str(tmp_path), "100") as running:
        for line in running.stdout or ():
            said = line
            if line != "at work\n":
                break
            for _ in range(random.randrange(500_000)):  # noqa: S311  # no secret: up to some ten milliseconds
                pass
            os.killpg(running.pid, signal.SIGINT)
        groups.kill(running.pid)
    assert said == "set()\n"


def test_a_git_that_was_interrupted_is_an_interruption_and_each_has_its_own_session(tmp_path: Path) -> None:
    notes, git = tmp_path / "notes", tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(FAKE_GIT.format(python=sys.executable, notes=str(notes)))
    git.chmod(0o755)
    asking = in_a_session(ASKED, str(tmp_path), path=f"{git.parent}:")
    assert asking.communicate()[0] == "interrupted\n"
    assert notes.read_text().split() == ["True", "True"]


def in_a_session(program: str, *arguments: str, path: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PATH": path + os.environ["PATH"]},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
