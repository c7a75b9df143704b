"""Nothing that a repository, or an agent in its worktree, brings along is run by Tickety's own git calls.

Every trap writes a file named after itself. The first test springs them with plain git, so that the others mean
something.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tickety import workspace
from tickety.core import errors
from tickety.workspaces import hardening, worktrees

HOOKS = """
    applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout post-commit post-index-change post-merge
    post-receive post-rewrite post-update pre-applypatch pre-auto-gc pre-commit pre-merge-commit pre-push pre-rebase
    pre-receive prepare-commit-msg push-to-checkout reference-transaction sendemail-validate update
""".split()  # noqa: SIM905  # a list of words is read faster without quotes


@dataclass(frozen=True)
class Trap:
    """A hostile repository; ``sprung`` are the traps of it that went off."""

    path: Path
    canaries: Path
    spaces: workspace.Workspaces

    @property
    def sprung(self) -> set[str]:
        return {file.name for file in self.canaries.iterdir()}

    def script(self, name: str) -> Path:
        """A program that leaves a canary and passes its input on, if it is asked as a filter is."""
        file = self.path / ".git" / "evil" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch '{self.canaries}/{name}'\n{'' if name == 'transport' else 'exec cat'}\n")
        file.chmod(0o755)
        return file

    def git(self, *arguments: str, at: Path | None = None) -> None:
        subprocess.run(["git", "-C", str(at or self.path), *arguments], check=False, capture_output=True)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trap]:
    home, canaries, path = tmp_path / "home", tmp_path / "canaries", tmp_path / "repository"
    home.mkdir()
    canaries.mkdir()
    (home / ".gitconfig").write_text("[user]\n name = Ada\n email = ada@localhost\n")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    made = Trap(path, canaries, worktrees.GitWorkspaces(path / ".git", path, tmp_path / "state"))
    commit_files(made)
    arm(made)
    yield made
    assert made.sprung == set()


def commit_files(trap: Trap) -> None:
    subprocess.run(["git", "init", "--quiet", str(trap.path)], check=True)
    (trap.path / ".gitattributes").write_text(
        "*.py filter=evil diff=evil merge=evil\n*.txt filter=process diff=text\n"
        "*.md filter=a=b diff=a=b\n*.inc filter=included\n"
    )
    for name in ("app.py", "notes.txt", "read.md", "some.inc"):
        (trap.path / name).write_text(f"needle in {name}\n")
    trap.git("init", "--quiet", "sub")
    trap.git("commit", "--quiet", "--allow-empty", "--message", "one", at=trap.path / "sub")
    trap.git("add", "--all")
    trap.git("commit", "--quiet", "--message", "one")
    trap.git("branch", "-M", "main")
    trap.git("checkout", "--quiet", "-b", "lost")
    (trap.path / "app.py").write_text("gone from the object database\n")
    trap.git("commit", "--quiet", "--all", "--message", "two")
    trap.git("checkout", "--quiet", "main")


def arm(trap: Trap) -> None:
    for name in HOOKS:
        hook = trap.path / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch '{trap.canaries}/hook-{name}'\n")
        hook.chmod(0o755)
    evil = {name: trap.script(name) for name in PROGRAMS}
    config = CONFIG.format(**evil)
    (trap.path / ".git" / "config").write_text(config)
    included = trap.script("included")
    (trap.path / ".git" / "by-include").write_text(f'[filter "included"]\n clean = {included}\n smudge = {included}\n')
    nested = trap.path / "sub" / ".git" / "config"
    nested.write_text(nested.read_text() + f"[core]\n fsmonitor = {trap.script('nested-fsmonitor')}\n")
    lost = git_blob(b"gone from the object database\n")
    (trap.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()


def git_blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


PROGRAMS = """
    alias alternate_refs askpass clean config_hook credential diff_command diff_driver editor equals_clean
    equals_textconv fsmonitor gc_hook gpg merge_driver pack_hook pager process smudge ssh textconv transport update
""".split()  # noqa: SIM905  # as above
CONFIG = """
[core]
    repositoryformatversion = 1
    fsmonitor = {fsmonitor}
    sshCommand = {ssh}
    editor = {editor}
    pager = {pager}
    askPass = {askpass}
    alternateRefsCommand = {alternate_refs}
    worktree = /
[extensions]
    partialClone = origin
[protocol]
    allow = always
[protocol "ext"]
    allow = always
[remote "origin"]
    url = ext::{transport}
    promisor = true
    partialclonefilter = blob:none
[filter "evil"]
    clean = {clean}
    smudge = {smudge}
    required = true
[filter "process"]
    process = {process}
    required
[filter "a=b"]
    clean = {equals_clean}
    smudge = {equals_clean}
    required = true
[diff]
    external = {diff_command}
[diff "evil"]
    command = {diff_driver}
[diff "text"]
    textconv = {textconv}
[diff "a=b"]
    textconv = {equals_textconv}
[merge "evil"]
    driver = {merge_driver}
[hook "evil"]
    event = reference-transaction
    event = post-checkout
    command = {config_hook}
[commit]
    gpgSign = true
[log]
    showSignature = true
[gpg]
    program = {gpg}
[credential]
    helper = {credential}
[uploadpack]
    packObjectsHook = {pack_hook}
[gc]
    recentObjectsHook = {gc_hook}
[alias]
    rev-parse = !{alias}
    log = !{alias}
[pager]
    log = {pager}
    grep = {pager}
[submodule "sub"]
    active = true
    update = !{update}
[includeIf "gitdir:**"]
    path = by-include
"""


def test_the_traps_are_armed(trap: Trap) -> None:
    lenient = (f"--work-tree={trap.path}", "-c", "filter.process.required=false")
    for name in ("app.py", "notes.txt", "read.md", "some.inc"):
        trap.git("hash-object", f"--path={name}", str(trap.path / name))
    trap.git(*lenient, "status")
    trap.git(*lenient, "show", "--ext-diff", "main")
    trap.git(*lenient, "show", "--no-ext-diff", "main")
    trap.git(*lenient, "commit-tree", "-S", "-m", "x", "main^{tree}")
    trap.git(*lenient, "worktree", "add", "--detach", str(trap.path.parent / "other"), "main")
    trap.git("cat-file", "-p", "lost:app.py")
    trap.git(*lenient, "merge-tree", "--write-tree", *(side(trap, holder) for holder in ("fix-1", "docs-1")))
    assert trap.sprung >= {
        "clean", "diff_driver", "equals_clean", "equals_textconv", "fsmonitor", "gpg", "hook-post-checkout",
        "hook-reference-transaction", "included", "merge_driver", "nested-fsmonitor", "process", "smudge",
        "textconv", "transport",
    }  # fmt: skip
    for canary in trap.canaries.iterdir():
        canary.unlink()


def test_a_whole_step_springs_no_trap(trap: Trap) -> None:
    head = trap.spaces.head()
    assert head.is_dirty is False
    trap.spaces.create_branch("tickety/bug", head.commit)
    place = trap.spaces.take("BUG-1", "engineer", head.commit, "fix-1")
    assert (place.path / "app.py").read_text() == "needle in app.py\n"
    trap.spaces.furnish(place, ["app.py", "notes.txt"], ["sub"])
    trap.spaces.settle(place)
    for name in ("app.py", "notes.txt", "read.md", "new.py", "new.txt", "new.md"):
        (place.path / name).write_text("by the agent\n")
    (place.path / ".gitattributes").write_text("* filter=process diff=evil\n*.md filter=a=b\n")
    made = trap.spaces.commit(place, trap.spaces.snapshot(place), "work")
    trap.spaces.move_branch("tickety/bug", made, head.commit)
    trap.spaces.keep("BUG-1/1", made)
    assert {each.new for each in trap.spaces.changes(head.commit, made)} >= {"by the agent\n"}
    assert "by the agent" in trap.spaces.diff(head.commit, made)
    assert len(trap.spaces.grep(head.commit, "needle")) == 4
    assert trap.spaces.pickaxe(head.commit, "needle in app")
    assert trap.spaces.tree_at(made).text("app.py") == "by the agent\n"
    assert trap.spaces.take("BUG-1", "engineer", made, "fix-1").start == made
    trap.spaces.retire("BUG-1", "fix-1")


def test_work_that_was_done_side_by_side_is_joined_without_springing_a_trap(trap: Trap) -> None:
    """``app.py`` names a merge driver, which the repository's configuration defines; ``read.md`` names none."""
    made = [side(trap, holder) for holder in ("fix-1", "docs-1")]
    joined = trap.spaces.join(made[0], made[1], "joined")
    assert joined == workspace.Conflict(("app.py", "read.md"))
    other = side(trap, "more-1", "other.txt")
    assert isinstance(trap.spaces.join(made[0], other, "joined"), str)


def side(trap: Trap, holder: str, *names: str) -> str:
    place = trap.spaces.take("BUG-1", "work", "HEAD", holder)
    for name in names or ("app.py", "read.md"):
        (place.path / name).write_text(f"by {holder}\n")
    return trap.spaces.commit(place, trap.spaces.snapshot(place), holder)


def test_an_object_that_only_a_remote_has_is_not_fetched(trap: Trap) -> None:
    with pytest.raises(errors.Failed) as caught:
        trap.spaces.changes("main", "lost")
    assert "git fetch" in caught.value.hint
    with pytest.raises(errors.Failed):
        trap.spaces.tree_at("lost").text("app.py")
    assert trap.spaces.pickaxe("lost", "needle") == ()
    with pytest.raises(errors.Failed, match="git diff-tree"):
        trap.spaces.diff("main", "lost")
    with pytest.raises(errors.Failed):
        trap.spaces.take("BUG-1", "engineer", "lost", "fix-1")
    with pytest.raises(errors.Failed, match="git merge-tree"):
        trap.spaces.join("lost", side(trap, "fix-2"), "joined")


def test_a_git_folder_that_an_agent_put_into_its_place_is_never_looked_at(trap: Trap) -> None:
    place = trap.spaces.take("BUG-1", "engineer", "HEAD", "fix-1")
    (place.path / ".git").unlink()
    subprocess.run(["git", "init", "--quiet", str(place.path)], check=True)
    config = (trap.path / ".git" / "config").read_text().replace("worktree = /", "")
    (place.path / ".git" / "config").write_text(config)
    for name in HOOKS:
        (place.path / ".git" / "hooks" / name).write_text(f"#!/bin/sh\ntouch '{trap.canaries}/placed-{name}'\n")
        (place.path / ".git" / "hooks" / name).chmod(0o755)
    (place.path / "app.py").write_text("by the agent\n")
    changes = trap.spaces.changes(place.start, trap.spaces.snapshot(place))
    assert [(change.path, change.new) for change in changes] == [("app.py", "by the agent\n")]
    trap.spaces.settle(place)
    assert (trap.spaces.take("BUG-1", "engineer", "HEAD", "fix-1").path / ".git").is_file()


def test_a_repository_that_an_agent_made_in_a_submodule_s_folder_runs_nothing(trap: Trap) -> None:
    place = trap.spaces.take("BUG-1", "engineer", "HEAD", "fix-1")
    subprocess.run(["git", "init", "--quiet", str(place.path / "sub")], check=True)
    trap.git("commit", "--quiet", "--allow-empty", "--message", "x", at=place.path / "sub")
    (place.path / "sub" / "changed").write_text("x")
    nested = place.path / "sub" / ".git" / "config"
    nested.write_text(nested.read_text() + f"[core]\n fsmonitor = {trap.script('placed-fsmonitor')}\n")
    changes = trap.spaces.changes(place.start, trap.spaces.snapshot(place))
    assert [change.path for change in changes] == ["sub"]
    trap.spaces.settle(place)
    trap.spaces.take("BUG-1", "engineer", "HEAD", "fix-1")


def test_settings_in_the_environment_do_not_lead_git_elsewhere(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={trap.script('parameters')}'")
    monkeypatch.setenv("GIT_SSH_COMMAND", str(trap.script("ssh-command")))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap.script("external-diff")))
    place = trap.spaces.take("BUG-1", "engineer", trap.spaces.head().commit, "fix-1")
    assert trap.spaces.snapshot(place) == trap.spaces.tree_id("HEAD")


def test_hooks_and_drivers_named_in_the_configuration_are_silenced() -> None:
    """A newer git than this machine's runs hooks that the configuration names: the user's own too, in the worktree."""
    listing = (
        b"global\0hook.own.command\nlint\0local\0hook.evil.x.command\nevil\0local\0merge.evil.driver\nevil\0"
        b"global\0filter.lfs.clean\ngit-lfs\0worktree\0filter.lfs.clean\nevil\0local\0filter.a=b\nc.required\0"
        b"local\0lfs.customtransfer.x.path\nevil\0local\0user.name\nAda\0local\0core.later.newprogram\nevil\0"
    )
    variables = hardening.overrides(listing)
    count = range(int(variables["GIT_CONFIG_COUNT"]))
    settings = {variables[f"GIT_CONFIG_KEY_{n}"]: variables[f"GIT_CONFIG_VALUE_{n}"] for n in count}
    assert settings["hook.own.command"] == settings["hook.evil.x.command"] == ":"
    assert settings["merge.evil.driver"] == "false"
    assert settings["filter.lfs.clean"] == "git-lfs"
    assert settings["lfs.customtransfer.x.path"] == settings["core.later.newprogram"] == ""
    assert settings["core.hooksPath"] == os.devnull
    assert "user.name" not in settings


def test_the_user_s_own_filters_stay_in_force(trap: Trap, tmp_path: Path) -> None:
    """As git-lfs has it: the filter is set up globally, and the repository overrides it with its own program."""
    with (tmp_path / "home" / ".gitconfig").open("a") as file:
        file.write('[filter "evil"]\n clean = tr a-z A-Z\n smudge = tr A-Z a-z\n required = true\n')
    place = trap.spaces.take("BUG-1", "engineer", "HEAD", "fix-1")
    (place.path / "app.py").write_text("mine\n")
    (change,) = trap.spaces.changes(place.start, trap.spaces.snapshot(place))
    assert (change.path, change.new) == ("app.py", "MINE\n")
