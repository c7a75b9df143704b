"""What every implementation of the workspace port promises, on real repositories."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path

import pytest

from tickety import workspace
from tickety.core import change, errors
from tickety.workspaces import folders, worktrees


@dataclass(frozen=True)
class Project:
    """A user's repository: where git works in it, and the workspaces made from it."""

    path: Path
    spaces: workspace.Workspaces

    def git(self, *arguments: str, at: Path | None = None) -> str:
        command = ["git", "-C", str(at or self.path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, files: dict[str, str | None], at: Path | None = None) -> None:
        for name, text in files.items():
            file = (at or self.path) / name
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)

    def save(self, files: dict[str, str | None]) -> str:
        self.write(files)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--message", "a change")
        return self.git("rev-parse", "HEAD")

    def place(self, commit: str = "HEAD") -> workspace.Place:
        return self.spaces.take("BUG-2026-001", "engineer", commit, "fix-1")

    def tree(self, tree_id: str) -> dict[str, str]:
        """Path to ``mode text`` of a tree."""
        lines = [line for line in self.git("ls-tree", "-r", "-z", tree_id).split("\0") if line]
        entries = [line.partition("\t") for line in lines]
        parts = {path: about.split() for about, _, path in entries}
        return {path: f"{mode} {self.git('cat-file', '-p', name)}" for path, (mode, _, name) in parts.items()}

    def changed(self, place: workspace.Place) -> dict[str, str]:
        """Path to status of what a snapshot of the place changes."""
        return {each.path: each.status for each in self.spaces.changes(place.start, self.spaces.snapshot(place))}


FIRST: dict[str, str | None] = {
    "app.py": "print('one')\n",
    "lib/core.py": "VALUE = 1\n",
    "lib/deep/more.py": "MORE = 1\n",
    ".gitignore": "*.log\nbuild/\n",
}


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with an identity and nothing else, whatever the machine's git is set to."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n name = Ada\n email = ada@localhost\n[init]\n defaultBranch = main\n")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path, "project")


def make_project(tmp_path: Path, name: str, *options: str) -> Project:
    path = tmp_path / name
    subprocess.run(["git", "init", "--quiet", *options, str(path)], check=True)
    made = Project(path, worktrees.GitWorkspaces(path / ".git", path, tmp_path / "state" / name))
    made.save(FIRST)
    return made


# ------------------------------------------------------------------------------------------------- where the user is


def test_head_is_the_commit_and_the_branch_of_the_checkout(project: Project) -> None:
    assert project.spaces.head() == workspace.Head(project.git("rev-parse", "HEAD"), "main", is_dirty=False)
    project.git("checkout", "--quiet", "--detach")
    assert project.spaces.head().branch is None


@pytest.mark.parametrize("files", [{"app.py": "changed"}, {"new.py": "new"}, {"lib/core.py": None}])
def test_a_checkout_with_work_not_committed_is_dirty(project: Project, files: dict[str, str | None]) -> None:
    project.write(files)
    assert project.spaces.head().is_dirty


def test_a_staged_change_is_dirty_and_ignored_files_are_not(project: Project) -> None:
    project.write({"debug.log": "noise"})
    assert not project.spaces.head().is_dirty
    project.write({"app.py": "staged"})
    project.git("add", "app.py")
    project.write({"app.py": FIRST["app.py"]})
    assert project.spaces.head().is_dirty


def test_a_repository_without_a_commit_is_refused_with_the_remedy(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "new")], check=True)
    spaces = worktrees.GitWorkspaces(tmp_path / "new" / ".git", tmp_path / "new", tmp_path / "state")
    with pytest.raises(errors.Refused, match="no commit yet") as caught:
        spaces.head()
    assert "git commit" in caught.value.hint


def test_a_folder_that_is_no_repository_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    spaces = worktrees.GitWorkspaces(tmp_path / "gone", None, tmp_path / "state")
    for ask in (spaces.head, lambda: spaces.checked_out_at("main"), lambda: spaces.take("BUG-1", "qa", "HEAD", "me")):
        with pytest.raises(errors.Failed) as caught:
            ask()
        assert caught.value.hint


# ---------------------------------------------------------------------------------------------------------- branches


def test_a_branch_is_made_once(project: Project) -> None:
    head = project.spaces.head().commit
    assert project.spaces.branch_head("tickety/one") is None
    project.spaces.create_branch("tickety/one", head)
    assert project.spaces.branch_head("tickety/one") == head
    with pytest.raises(errors.Refused, match="exists already"):
        project.spaces.create_branch("tickety/one", head)


@pytest.mark.parametrize("name", ["tickety", "tickety/one/two"])
def test_a_branch_whose_name_is_taken_by_a_folder_is_refused(project: Project, name: str) -> None:
    project.git("branch", "tickety/one")
    with pytest.raises(errors.Refused, match="stands in the way"):
        project.spaces.create_branch(name, "HEAD")


@pytest.mark.parametrize("name", ["", "-f", "a..b", "a b", "a~1", "x^{}", "../../HEAD", "a\nb", "a.lock"])
def test_a_name_that_is_no_branch_is_refused(project: Project, name: str) -> None:
    with pytest.raises(errors.Refused, match="cannot be the name"):
        project.spaces.create_branch(name, "HEAD")
    assert project.spaces.branch_head(name) is None


def test_two_commits_have_the_base_they_both_come_from(project: Project) -> None:
    base = project.spaces.head().commit
    ours = project.save({"app.py": "two"})
    project.git("checkout", "--quiet", "-b", "side", base)
    theirs = project.save({"app.py": "three"})
    project.git("checkout", "--quiet", "--orphan", "alone")
    stranger = project.save({"app.py": "four"})

    assert project.spaces.merge_base(ours, theirs) == base
    assert project.spaces.merge_base(base, theirs) == base
    assert project.spaces.merge_base(ours, stranger) is None


def test_a_branch_moves_only_from_where_it_was_left(project: Project) -> None:
    first = project.spaces.head().commit
    second = project.save({"app.py": "two"})
    third = project.save({"app.py": "three"})
    project.spaces.create_branch("work", first)
    project.spaces.move_branch("work", second, first)
    project.spaces.move_branch("work", second, first)  # done before a crash, and asked for again
    with pytest.raises(errors.Refused, match="not at"):
        project.spaces.move_branch("work", third, first)
    assert project.spaces.branch_head("work") == second


def test_of_many_who_move_a_branch_at_once_one_wins(project: Project) -> None:
    first = project.spaces.head().commit
    places = [project.spaces.take("BUG-1", str(number), first, "me") for number in range(6)]
    commits = [project.spaces.commit(place, project.spaces.snapshot(place), place.path.name) for place in places]
    project.spaces.create_branch("work", first)

    def move(commit: str) -> str | None:
        try:
            project.spaces.move_branch("work", commit, first)
        except errors.TicketyError:
            return None
        return commit

    with futures.ThreadPoolExecutor(6) as pool:
        winners = [commit for commit in pool.map(move, commits) if commit]
    assert winners == [project.spaces.branch_head("work")]


def test_a_branch_that_is_gone_is_not_made_again_by_a_move(project: Project) -> None:
    head = project.spaces.head().commit
    with pytest.raises(errors.Refused, match="is gone"):
        project.spaces.move_branch("work", project.save({"app.py": "two"}), head)


def test_a_branch_that_the_user_has_checked_out_does_not_move(project: Project, tmp_path: Path) -> None:
    first = project.spaces.head().commit
    project.git("worktree", "add", "--quiet", str(tmp_path / "theirs"), "-b", "work")
    second = project.save({"app.py": "two"})
    assert project.spaces.checked_out_at("work") == tmp_path / "theirs"
    assert project.spaces.checked_out_at("main") == project.path
    with pytest.raises(errors.Refused, match="checked out in") as caught:
        project.spaces.move_branch("work", second, first)
    assert "switch" in caught.value.hint
    assert project.spaces.branch_head("work") == first


def test_a_commit_that_was_not_accepted_is_kept_by_a_ref(project: Project) -> None:
    place = project.place()
    made = project.spaces.commit(place, project.spaces.snapshot(place), "not accepted")
    project.spaces.keep("BUG-2026-001/engineer/1", made)
    assert project.git("rev-parse", "refs/tickety/BUG-2026-001/engineer/1") == made
    assert project.spaces.kept("BUG-2026-001/engineer/1") == made
    assert project.spaces.kept("BUG-2026-001/engineer/2") is None


def test_a_commit_that_does_not_exist_is_not_found(project: Project) -> None:
    for name in ("0" * 40, "--help", "nonsense", ""):
        with pytest.raises(errors.NotFound):
            project.spaces.tree_id(name)


# ------------------------------------------------------------------------------------------------------------ places


def test_a_place_is_a_private_detached_worktree_at_the_commit(project: Project) -> None:
    place = project.place()
    assert (place.path / "app.py").read_text() == FIRST["app.py"]
    assert place.path.stat().st_mode & 0o777 == 0o700
    assert place.start == project.git("rev-parse", "HEAD", at=place.path)
    assert project.git("status", "--porcelain", "--branch", at=place.path) == "## HEAD (no branch)"
    assert not place.is_settled


def test_places_of_other_names_are_other_worktrees(project: Project) -> None:
    one, two = project.spaces.take("A", "qa", "HEAD", "me"), project.spaces.take("B", "qa", "HEAD", "me")
    assert one.path != two.path
    assert one.gitdir != two.gitdir


def test_many_places_can_be_taken_at_once(project: Project) -> None:
    names = [f"step {number}" for number in range(8)]
    with futures.ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda name: project.spaces.take("BUG-1", name, "HEAD", "me"), names))
    assert len({place.gitdir for place in places}) == 8
    assert {(place.path / "app.py").read_text() for place in places} == {FIRST["app.py"]}


def test_of_many_holders_who_take_a_place_of_one_name_at_once_each_has_one_alone(project: Project) -> None:
    with futures.ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda n: project.spaces.take("BUG-1", "work", "HEAD", f"holder {n}"), range(8)))
    assert {place.path.name for place in places} == {"work", *(f"work-{number}" for number in range(2, 9))}
    assert {(place.path / "app.py").read_text() for place in places} == {FIRST["app.py"]}


def test_a_holder_who_takes_again_has_the_same_place_and_one_for_each_name(project: Project) -> None:
    work = project.spaces.take("BUG-1", "work", "HEAD", "fix-1")
    other = project.spaces.take("BUG-1", "work", "HEAD", "docs-1")
    verify = project.spaces.take("BUG-1", "verify", "HEAD", "docs-1")
    assert project.spaces.take("BUG-1", "work", "HEAD", "docs-1").path == other.path
    assert project.spaces.take("BUG-1", "work", "HEAD", "fix-1").path == work.path
    assert len({work.path, other.path, verify.path}) == 3


def test_a_place_is_handed_on_only_after_it_was_handed_back(project: Project) -> None:
    place = project.spaces.take("BUG-1", "work", "HEAD", "fix-1")
    project.write({"app.py": "mine", "tool.lock": "1"}, at=place.path)
    project.spaces.settle(place)
    assert project.spaces.take("BUG-1", "work", "HEAD", "fix-2").path != place.path
    assert (place.path / "tool.lock").exists()
    for _ in range(2):
        project.spaces.hand_back("BUG-1", "fix-1")
    again = project.spaces.take("BUG-1", "work", "HEAD", "fix-3")
    assert (again.path, again.is_settled) == (place.path, True)
    assert project.spaces.take("BUG-1", "work", "HEAD", "fix-2").path.name == "work-2"
    project.spaces.hand_back("BUG-2", "nobody")


def test_a_holder_who_is_gone_is_cleared_away_and_nobody_else_is(project: Project) -> None:
    gone = [project.spaces.take("BUG-1", name, "HEAD", "fix-1") for name in ("work", "verify")]
    stays = project.spaces.take("BUG-1", "work", "HEAD", "docs-1")
    project.write({"app.py": "mine"}, at=stays.path)
    project.spaces.retire("BUG-1", "fix-1")
    assert [place.path.exists() for place in gone] == [False, False]
    assert (stays.path / "app.py").read_text() == "mine"
    assert project.changed(stays) == {"app.py": "modified"}


def test_who_holds_places_is_told_and_what_nobody_holds_is_cleared(project: Project) -> None:
    assert (project.spaces.keys(), project.spaces.holders("BUG-1")) == ((), ())
    back, stays = (project.spaces.take("BUG-1", "work", "HEAD", holder) for holder in ("fix-1", "docs-1"))
    project.spaces.take("BUG-2", "work", "HEAD", "fix-1")
    project.spaces.hand_back("BUG-1", "fix-1")
    assert project.spaces.keys() == ("BUG-1", "BUG-2")
    assert project.spaces.holders("BUG-1") == ("docs-1",)
    for _ in range(2):
        project.spaces.clear("BUG-1")
    assert [place.path.exists() for place in (back, stays)] == [False, True]
    project.spaces.hand_back("BUG-1", "docs-1")
    project.spaces.clear("BUG-1")
    assert project.spaces.keys() == ("BUG-2",)
    assert str(back.path.parent) not in project.git("worktree", "list")


def test_a_place_of_which_nothing_can_be_remembered_is_made_anew(project: Project) -> None:
    place = project.place()
    project.write({"x.log": "kept"}, at=place.path)
    (place.path.parent / ".state" / "engineer.json").write_bytes(b"nonsense")
    assert project.spaces.take("BUG-2026-001", "engineer", "HEAD", "fix-2").path == place.path


def test_a_place_handed_on_is_clean_and_keeps_ignored_files(project: Project) -> None:
    later = project.save({"app.py": "later", "lib/core.py": None, "lib/other.py": "other"})
    place = project.place("HEAD~1")
    project.write({"app.py": "mine", "lib/deep/more.py": None, "junk/a/b.txt": "junk", "x.log": "kept"}, at=place.path)
    (place.path / "empty" / "folder").mkdir(parents=True)
    again = project.place(later)
    assert again.path == place.path
    assert again.start == later
    assert sorted(files_in(place.path)) == [".gitignore", "app.py", "lib/deep/more.py", "lib/other.py", "x.log"]
    assert (place.path / "app.py").read_text() == "later"
    assert not (place.path / "empty").exists()
    assert project.git("status", "--porcelain", at=place.path) == ""
    assert project.changed(again) == {}


def test_what_a_set_up_made_stays_and_is_never_committed(project: Project) -> None:
    place = project.place()
    project.write({"app.py": "formatted", "tool.lock": "1", "made/one": "1", "lib/made.txt": "1"}, at=place.path)
    project.spaces.settle(place)
    assert (place.path / "app.py").read_text() == FIRST["app.py"]
    project.write({"tool.lock": "2", "made/two": "2", "lib/mine.py": "mine"}, at=place.path)
    assert project.changed(place) == {"lib/mine.py": "added"}
    again = project.place()
    assert again.is_settled
    assert {"tool.lock", "made/one", "made/two", "lib/made.txt"} <= set(files_in(again.path))
    assert "lib/mine.py" not in files_in(again.path)


def test_what_a_program_made_is_disregarded_and_what_the_holder_changed_is_not(project: Project) -> None:
    place = project.place()
    project.write({"app.py": "mine", "lib/mine.py": "mine"}, at=place.path)
    held = project.spaces.snapshot(place)
    project.write({"target/debug/app": "1", "lib/made.txt": "1", "lib/core.py": "also mine"}, at=place.path)
    project.spaces.disregard(place)
    assert (place.path / "app.py").read_text() == "mine"
    project.write({"target/debug/more": "2", "lib/made.txt": "2", "lib/mine.py": "again"}, at=place.path)
    project.write({"lib/later.py": "later"}, at=place.path)
    assert project.changed(place) == {
        "app.py": "modified",
        "lib/core.py": "modified",
        "lib/later.py": "added",
        "lib/mine.py": "added",
    }
    assert project.tree(held)["lib/mine.py"] == "100644 mine"
    assert project.tree(project.spaces.snapshot(place))["lib/mine.py"] == "100644 again"


def test_what_was_disregarded_is_not_handed_on(project: Project) -> None:
    place = project.place()
    project.write({"tool.lock": "1"}, at=place.path)
    project.spaces.settle(place)
    project.write({"target/app": "1", "tool.lock": "2"}, at=place.path)
    project.spaces.disregard(place)
    assert project.changed(place) == {}
    assert files_in(project.place().path) == [*sorted(FIRST), "tool.lock"]
    project.write({"target/app": "mine"}, at=place.path)
    assert project.changed(place) == {"target/app": "added"}


def test_a_place_is_not_set_up_by_disregarding(project: Project) -> None:
    project.spaces.disregard(project.place())
    assert not project.place().is_settled


def test_a_repository_that_a_program_made_is_disregarded(project: Project) -> None:
    place = project.place()
    subprocess.run(["git", "init", "--quiet", str(place.path / "nested")], check=True)
    project.write({"nested/file": "x"}, at=place.path)
    project.spaces.disregard(place)
    assert project.changed(place) == {}
    project.place()
    assert not (place.path / "nested").exists()


def test_a_note_in_the_git_directory_of_a_place_lasts_as_long_as_the_place(project: Project) -> None:
    place = project.place()
    (place.gitdir / "tickety-note").write_text("set up")
    assert (project.place().gitdir / "tickety-note").read_text() == "set up"
    shutil.rmtree(place.path)
    assert not (project.place().gitdir / "tickety-note").exists()


def delete_git(path: Path) -> None:
    (path / ".git").unlink()


def replace_git(path: Path) -> None:
    delete_git(path)
    subprocess.run(["git", "init", "--quiet", str(path)], check=True)


def link_git_elsewhere(path: Path) -> None:
    delete_git(path)
    (path / ".git").symlink_to("/nonexistent")


def leave_locks(path: Path) -> None:
    for name in ("index.lock", "HEAD.lock"):
        Path((path / ".git").read_text().removeprefix("gitdir: ").strip(), name).touch()


def hide_a_change(path: Path) -> None:
    subprocess.run(["git", "-C", str(path), "update-index", "--assume-unchanged", "app.py"], check=True)


def switch_to_a_branch(path: Path) -> None:
    subprocess.run(["git", "-C", str(path), "checkout", "--quiet", "-b", "mine"], check=True)


def stop_in_a_merge(path: Path) -> None:
    Path((path / ".git").read_text().removeprefix("gitdir: ").strip(), "MERGE_HEAD").write_text("0" * 40)


def forbid_writing(path: Path) -> None:
    (path / "lib" / "deep").chmod(0o500)


def remove_place(path: Path) -> None:
    shutil.rmtree(path)


def remove_entry(path: Path) -> None:
    shutil.rmtree((path / ".git").read_text().removeprefix("gitdir: ").strip())


def break_head(path: Path) -> None:
    Path((path / ".git").read_text().removeprefix("gitdir: ").strip(), "HEAD").write_text("nonsense")


def break_index(path: Path) -> None:
    (path.parent / ".state" / f"{path.name}.index").write_bytes(b"nonsense")


def replace_by_link(path: Path) -> None:
    shutil.rmtree(path)
    elsewhere = path.parent.parent.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    path.symlink_to(elsewhere)


def put_folder_for_file(path: Path) -> None:
    (path / "app.py").unlink()
    (path / "app.py" / "deep").mkdir(parents=True)
    (path / "app.py" / "deep" / "x").touch()


def put_repository_inside(path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(path / "lib")], check=True)
    subprocess.run(["git", "init", "--quiet", str(path / "nested")], check=True)
    (path / "nested" / "file").touch()


@pytest.mark.parametrize(
    "harm",
    [
        delete_git, replace_git, link_git_elsewhere, leave_locks, hide_a_change, switch_to_a_branch, stop_in_a_merge,
        forbid_writing, remove_place, remove_entry, break_head, break_index, replace_by_link, put_folder_for_file,
        put_repository_inside,
    ],
)  # fmt: skip
def test_a_place_is_put_in_order_whatever_its_holder_did(project: Project, harm: object) -> None:
    place = project.place()
    project.write({"app.py": "poison('one')\n"}, at=place.path)
    assert callable(harm)
    harm(place.path)
    again = project.place()
    assert files_in(again.path) == sorted(FIRST)
    assert (again.path / "app.py").read_text() == FIRST["app.py"]
    assert project.git("status", "--porcelain", "--branch", at=again.path) == "## HEAD (no branch)"
    assert project.git("rev-parse", "--absolute-git-dir", at=again.path) == str(again.gitdir)
    assert project.git("worktree", "list").count(str(again.path)) == 1
    assert project.changed(again) == {}
    assert not (again.path / "lib" / ".git").exists()
    assert not {"MERGE_HEAD", "HEAD.lock", "index.lock"} & {file.name for file in again.gitdir.iterdir()}
    assert project.git("status", "--porcelain") == ""
    assert not list(again.path.parents[2].glob("elsewhere")) or list(again.path.parents[2].glob("elsewhere/precious"))


def test_a_folder_made_read_only_does_not_cost_what_is_kept(project: Project) -> None:
    place = project.place()
    project.write({"lib/deep/kept.log": "kept", "lib/deep/junk/file": "junk"}, at=place.path)
    (place.path / "lib" / "deep" / "junk").chmod(0o500)
    (place.path / "lib" / "deep").chmod(0o500)
    project.place()
    assert (place.path / "lib" / "deep" / "kept.log").exists()
    assert not (place.path / "lib" / "deep" / "junk").exists()


def test_a_file_put_back_with_its_old_time_and_size_is_still_reset(project: Project) -> None:
    place = project.place()
    file = place.path / "app.py"
    old = file.stat()
    file.write_text(str(FIRST["app.py"]).replace("one", "two"))
    os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert project.changed(place) == {"app.py": "modified"}
    project.place()
    assert file.read_text() == FIRST["app.py"]


def test_a_place_that_is_retired_leaves_nothing(project: Project, tmp_path: Path) -> None:
    project.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "theirs"))
    shutil.rmtree(tmp_path / "theirs")  # the user's own, on a disk that is away: not ours to prune
    place = project.place()
    project.spaces.settle(place)
    delete_git(place.path)
    project.write({"engineer.scratch/home/go/pkg/mod/x/go.mod": "x", "engineer.set-up": "x"}, at=place.path.parent)
    for folder in ("x", ".", ".."):
        (place.path.parent / "engineer.scratch" / "home" / "go" / "pkg" / "mod" / folder).chmod(0o500)
    project.spaces.retire("BUG-2026-001", "fix-1")
    project.spaces.retire("BUG-2026-001", "fix-1")
    assert not place.path.parent.exists()
    assert not place.gitdir.exists()
    assert project.git("worktree", "list").count("\n") == 1


def test_the_home_of_the_last_holder_is_not_handed_on(project: Project) -> None:
    scratch = project.place().path.with_name("engineer.scratch")
    project.write({"home/.netrc": "x"}, at=scratch)
    (scratch / "home").chmod(0o500)
    project.place()
    assert not scratch.exists()


def test_nobody_else_can_look_into_the_state_whatever_the_umask(project: Project, tmp_path: Path) -> None:
    project.save({"tool": "#!/bin/sh"})
    (project.path / "tool").chmod(0o755)
    commit = project.save({})
    before = os.umask(0)
    try:
        place = project.place(commit)
        project.write({"new.py": "new", "app.py": "two"}, at=place.path)
        project.spaces.settle(place)
        project.spaces.disregard(place)
        project.spaces.snapshot(place)
        for _ in range(2):
            assert open_to_others(tmp_path / "state", besides=place.path) == []
            assert (project.place(commit).path / "tool").stat().st_mode & 0o111 == 0o111
    finally:
        os.umask(before)


def open_to_others(top: Path, besides: Path) -> list[str]:
    """Every file and folder from ``top`` on that is not its user's alone; in a worktree its top folder counts."""
    found = [top, *(path for path in top.rglob("*") if besides not in path.parents)]
    return [f"{path} {path.stat().st_mode:o}" for path in found if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", ".state", "a\0b", "x" * 300])
def test_a_name_that_is_no_folder_name_is_refused(project: Project, name: str) -> None:
    with pytest.raises(errors.Refused):
        project.spaces.take("BUG-2026-001", name, "HEAD", "me")


def test_a_state_folder_that_cannot_be_written_is_an_error_with_a_remedy(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    spaces = worktrees.GitWorkspaces(project.path / ".git", project.path, tmp_path / "file")
    with pytest.raises(errors.Failed) as caught:
        spaces.take("BUG-2026-001", "engineer", "HEAD", "me")
    assert "state folder" in caught.value.hint


# --------------------------------------------------------------------------------------------------------- snapshots


def test_a_snapshot_is_what_the_place_holds(project: Project) -> None:
    place = project.place()
    project.write({"app.py": "two", "lib/core.py": None, "lib/new.py": "new", "x.log": "ignored"}, at=place.path)
    (place.path / "lib" / "deep" / "more.py").chmod(0o755)
    (place.path / "link").symlink_to("/etc/passwd")
    tree = project.tree(project.spaces.snapshot(place))
    assert tree == {
        ".gitignore": f"100644 {FIRST['.gitignore']}".strip(),
        "app.py": "100644 two",
        "lib/deep/more.py": "100755 MORE = 1",
        "lib/new.py": "100644 new",
        "link": "120000 /etc/passwd",
    }


def test_a_snapshot_of_nothing_is_the_commits_tree(project: Project) -> None:
    assert project.spaces.snapshot(project.place()) == project.spaces.tree_id("HEAD")


ODD_NAMES = [
    b"new\nline", b'quo"te', b"-leading", b"--all", b"bytes\xff\xfe", "grüße ☃".encode(), b"tab\t", b":(top)x",
    b"a\\b", b" ",
]  # fmt: skip


def test_files_of_every_name_are_committed_changed_and_removed(project: Project) -> None:
    place = project.place()
    for name in ODD_NAMES:
        Path(os.fsdecode(bytes(place.path) + b"/" + name)).write_text("one")
    first = project.spaces.commit(place, project.spaces.snapshot(place), "odd names")
    listed = subprocess.run(["git", "-C", str(project.path), "ls-tree", "-z", first], check=True, capture_output=True)
    assert set(ODD_NAMES) <= {line.partition(b"\t")[2] for line in listed.stdout.split(b"\0")}
    again = project.place(first)
    for name in ODD_NAMES:
        Path(os.fsdecode(bytes(place.path) + b"/" + name)).unlink()
    assert len(project.changed(again)) == len(ODD_NAMES)
    assert r"bytes\xff\xfe" in project.changed(again)
    assert project.spaces.snapshot(again) == project.spaces.tree_id("HEAD")


def test_caches_are_left_out_unless_they_are_tracked(project: Project) -> None:
    commit = project.save({"vendor/node_modules/kept.js": "1"})
    place = project.place(commit)
    caches = (
        "__pycache__/a.pyc lib/.pytest_cache/x .coverage .coverage.1 .venv/bin/x node_modules/x/y.js p.egg-info/PKG"
    )
    project.write(dict.fromkeys(caches.split(), "cache"), at=place.path)
    project.write({"vendor/node_modules/kept.js": "2", ".coveragerc": "mine"}, at=place.path)
    assert project.changed(place) == {"vendor/node_modules/kept.js": "modified", ".coveragerc": "added"}


def test_a_file_where_a_folder_was_and_a_folder_where_a_file_was(project: Project) -> None:
    place = project.place()
    shutil.rmtree(place.path / "lib")
    project.write({"app.py": None, "lib": "a file"}, at=place.path)
    project.write({"app.py/main.py": "in a folder"}, at=place.path)
    assert set(project.tree(project.spaces.snapshot(place))) == {".gitignore", "app.py/main.py", "lib"}


def test_a_folder_replaced_by_a_link_is_a_link_and_is_not_followed(project: Project, tmp_path: Path) -> None:
    place = project.place()
    (place.path / "lib").rename(tmp_path / "outside")
    (place.path / "lib").symlink_to(tmp_path / "outside")
    assert set(project.tree(project.spaces.snapshot(place))) == {".gitignore", "app.py", "lib"}
    project.place()
    assert (tmp_path / "outside" / "core.py").exists()
    assert not (place.path / "lib").is_symlink()


def test_a_pipe_where_a_file_was_does_not_stop_a_snapshot(project: Project) -> None:
    place = project.place()
    (place.path / "app.py").unlink()
    os.mkfifo(place.path / "app.py")
    os.mkfifo(place.path / "other")
    assert project.changed(place) == {"app.py": "deleted"}


def test_a_repository_inside_the_place_cannot_be_committed(project: Project) -> None:
    place = project.place()
    subprocess.run(["git", "init", "--quiet", str(place.path / "nested")], check=True)
    project.write({"nested/file": "x"}, at=place.path)
    with pytest.raises(errors.Failed, match="nested"):
        project.spaces.snapshot(place)
    shutil.rmtree(place.path / "nested" / ".git")
    assert project.changed(place) == {"nested/file": "added"}


def test_a_commit_is_tickety_s_on_top_of_the_place_s_start(project: Project) -> None:
    place = project.place()
    project.write({"app.py": "two"}, at=place.path)
    made = project.spaces.commit(place, project.spaces.snapshot(place), "Fix it\n\nBecause it was broken: 'ü'\n")
    wanted = "%an <%ae>|%cn <%ce>|%P|%B"
    who = "Tickety <tickety@localhost>"
    assert project.git("log", "-1", f"--format={wanted}", made) == (
        f"{who}|{who}|{place.start}|Fix it\n\nBecause it was broken: 'ü'"
    )
    assert project.spaces.head().commit == place.start
    assert project.git("rev-parse", "HEAD", at=place.path) == place.start


# ----------------------------------------------------------------------------------------- what was made side by side

LINES = [f"line {number}\n" for number in range(30)]


@dataclass(frozen=True)
class Fork:
    """Two commits that grew beside each other from one base."""

    project: Project
    base: str
    ours: str
    onto: str

    def joined(self, message: str = "joined") -> str | workspace.Conflict:
        before = outside_view(self.project), self.project.git("for-each-ref")
        answer = self.project.spaces.join(self.ours, self.onto, message)
        assert (outside_view(self.project), self.project.git("for-each-ref")) == before
        return answer

    def tree(self) -> dict[str, str]:
        joined = self.joined()
        assert isinstance(joined, str)
        return self.project.tree(joined)

    def conflict(self) -> set[str]:
        joined = self.joined()
        assert isinstance(joined, workspace.Conflict)
        assert list(joined.paths) == sorted(set(joined.paths))
        return set(joined.paths)


Change = dict[str, str | bytes | None]


def fork(project: Project, base: Change, ours: Change, onto: Change) -> Fork:
    """A fork; each side says what its files hold (None: gone)."""
    start = grown(project, "HEAD", base)
    made = Fork(project, start, grown(project, start, ours), grown(project, start, onto))
    project.git("checkout", "--quiet", "main")
    return made


def grown(project: Project, start: str, files: Change) -> str:
    project.git("checkout", "--quiet", "--force", "--detach", start)
    for name in sorted(files, key=lambda name: files[name] is not None):  # a file goes before a folder takes its place
        file, content = project.path / name, files[name]
        if content is None:
            file.unlink()
            folders.remove_if_empty(file.parent)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
    project.git("add", "--all", "--force")
    project.git("commit", "--quiet", "--allow-empty", "--message", "a change")
    return project.git("rev-parse", "HEAD")


def lines(**changed: str) -> str:
    """Thirty lines, some of them changed: ``_3="three"``."""
    new = {int(key[1:]): text for key, text in changed.items()}
    return "".join(f"{new[number]}\n" if number in new else line for number, line in enumerate(LINES))


def test_changes_to_one_file_in_other_places_are_joined(project: Project) -> None:
    made = fork(
        project,
        {"text": lines()},
        {"text": lines(_2="ours"), "ours.py": "1", "app.py": None},
        {"text": lines(_25="onto"), "onto.py": "2", "lib/core.py": "VALUE = 2\n"},
    )
    joined = made.joined("Joined: 'ü'\0\n\nboth of them\n")
    assert isinstance(joined, str)
    tree = project.tree(joined)
    assert tree["text"] == f"100644 {lines(_2='ours', _25='onto')}".strip()
    assert (tree["ours.py"], tree["onto.py"], tree["lib/core.py"]) == ("100644 1", "100644 2", "100644 VALUE = 2")
    assert "app.py" not in tree
    who = "Tickety <tickety@localhost>"
    wanted = f"{who}|{who}|{made.onto} {made.ours}|Joined: 'ü'\n\nboth of them"
    assert project.git("log", "-1", "--format=%an <%ae>|%cn <%ce>|%P|%B", joined) == wanted
    assert project.git("fsck", "--strict", "--no-dangling") == ""


def test_a_commit_that_holds_the_other_is_the_joined_one(project: Project) -> None:
    made = fork(project, {}, {"app.py": "two"}, {"app.py": "three"})
    assert project.spaces.join(made.ours, made.base, "x") == made.ours
    assert project.spaces.join(made.base, made.onto, "x") == made.onto
    assert project.spaces.join(made.ours, made.ours, "x") == made.ours


def test_the_same_change_on_both_sides_is_no_conflict(project: Project) -> None:
    made = fork(project, {}, {"app.py": "two", "new": "1"}, {"app.py": "two", "new": "1", "more": "2"})
    assert made.tree() == project.tree(made.onto)


SCRIPT = "#!/bin/sh\n" + lines()
CONTRADICTIONS: dict[str, tuple[Change, Change, Change, set[str]]] = {
    "the same line": ({"text": lines()}, {"text": lines(_3="ours")}, {"text": lines(_3="onto")}, {"text"}),
    "changed and deleted": ({"a": lines()}, {"a": lines(_3="x")}, {"a": None}, {"a"}),
    "two new files": ({}, {"new": "ours"}, {"new": "onto"}, {"new"}),
    "binary": ({"b": b"\0" * 99}, {"b": b"\1" + b"\0" * 98}, {"b": b"\0" * 98 + b"\1"}, {"b"}),
    "a file where a folder is": ({"d/x": "1"}, {"d/x": None, "d": "file"}, {"d/y": "2"}, {"d"}),
    "a folder where a file is": ({"d": lines()}, {"d": None, "d/x": "1"}, {"d": lines(_3="x")}, {"d"}),
    "moved to two places": ({"a": lines()}, {"a": None, "b": lines()}, {"a": None, "c": lines()}, {"a", "b", "c"}),
    "two moved to one place": (
        {"a": lines(), "b": SCRIPT},
        {"a": None, "c": lines()},
        {"b": None, "c": SCRIPT},
        {"c"},
    ),
    "new in a folder that was moved": (
        {"old/a": lines(), "old/b": SCRIPT},
        {"old/a": None, "old/b": None, "new/a": lines(), "new/b": SCRIPT},
        {"old/c": "1"},
        {"new/c", "old/c"},
    ),
    "odd names": (
        {"new\nline": lines(), "CONFLICT 2": lines(), "grüße": lines()},
        {"new\nline": lines(_3="x"), "CONFLICT 2": lines(_3="x"), "grüße": lines(_3="x")},
        {"new\nline": lines(_3="y"), "CONFLICT 2": lines(_3="y"), "grüße": None},
        {"new\nline", "CONFLICT 2", "grüße"},
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_a_conflict_that_names_the_files(project: Project, name: str) -> None:
    base, ours, onto, paths = CONTRADICTIONS[name]
    assert fork(project, base, ours, onto).conflict() == paths
    assert fork(project, base, onto, ours).conflict() == paths


def test_a_file_that_one_side_moved_takes_the_other_s_changes_along(project: Project) -> None:
    made = fork(project, {"a": lines()}, {"a": None, "b": lines(_3="ours")}, {"a": lines(_25="onto")})
    tree = made.tree()
    assert tree["b"] == f"100644 {lines(_3='ours', _25='onto')}".strip()
    assert "a" not in tree


def test_a_link_on_one_side_and_a_text_on_the_other_is_a_conflict(project: Project) -> None:
    made = fork(project, {"a": lines()}, {"a": lines(_3="x")}, {"a": None})
    project.git("checkout", "--quiet", "--detach", made.onto)
    (project.path / "a").symlink_to("/etc/passwd")
    onto = project.save({})
    project.git("checkout", "--quiet", "main")
    assert fork_of(made, onto).conflict() == {"a"}


def fork_of(made: Fork, onto: str) -> Fork:
    return Fork(made.project, made.base, made.ours, onto)


def test_files_that_are_not_to_be_merged_by_lines_are_not(project: Project) -> None:
    base: Change = {".gitattributes": "*.lock -merge\n", "sub/.gitattributes": "*.log merge=union\n"}
    texts = ("a.lock", "a.txt", "sub/a.log")
    ours, onto = dict.fromkeys(texts, lines(_2="ours")), dict.fromkeys(texts, lines(_25="onto"))
    both = {"sub/b.log": lines()}
    made = fork(
        project,
        {**base, **dict.fromkeys(texts, lines()), **both},
        {**ours, "sub/b.log": lines() + "ours\n", ".gitattributes": ""},
        {**onto, "sub/b.log": lines() + "onto\n"},
    )
    assert made.conflict() == {"a.lock"}


def test_an_agent_cannot_have_its_own_commit_joined_without_a_look(project: Project) -> None:
    """What must not be merged by lines is said by the head that is joined onto, never by the commit that joins."""
    made = fork(
        project,
        {"a": lines()},
        {"a": lines(_3="ours"), ".gitattributes": "* merge=union\n"},
        {"a": lines(_3="onto")},
    )
    assert made.conflict() == {"a"}


def test_attributes_of_a_path_that_leads_elsewhere_are_not_written_there(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    made = fork(project, {"a": lines()}, {"a": lines(_3="ours")}, {"a": lines(_25="onto")})
    blob = project.git("rev-parse", f"{made.onto}:a")
    inner = object_of(project, "tree", b"100644 .gitattributes\0" + bytes.fromhex(blob))
    evil = object_of(project, "tree", b"40000 ..\0" + bytes.fromhex(inner) + b"100644 a\0" + bytes.fromhex(blob))
    commit = project.git("commit-tree", evil, "-p", made.base, "-m", "evil")
    with contextlib.suppress(errors.TicketyError):
        project.spaces.join(made.ours, commit, "x")
    assert list((tmp_path / "temporary").iterdir()) == []


def object_of(project: Project, kind: str, content: bytes) -> str:
    command = ["git", "-C", str(project.path), "hash-object", "-t", kind, "-w", "--literally", "--stdin"]
    return subprocess.run(command, check=True, capture_output=True, input=content).stdout.decode().strip()


def test_commits_without_a_common_past_are_not_joined(project: Project) -> None:
    ours = project.save({"app.py": "two"})
    project.git("checkout", "--quiet", "--orphan", "alone")
    with pytest.raises(errors.Refused, match="no commit in common"):
        project.spaces.join(ours, project.save({"app.py": "four"}), "x")


def test_a_submodule_that_one_side_changed_is_taken_and_one_that_both_changed_is_a_conflict(tmp_path: Path) -> None:
    project = with_submodule(tmp_path)
    base = project.git("rev-parse", "HEAD")
    heads = [at_submodule(project, base, number) for number in (1, 2)]
    text = grown(project, base, {"more.txt": "1"})
    project.git("checkout", "--quiet", "main")
    joined = Fork(project, base, heads[0], text).joined()
    assert project.git("ls-tree", str(joined), "sub") == f"160000 commit {'1' * 40}\tsub"
    assert Fork(project, base, heads[0], heads[1]).conflict() == {"sub"}


def at_submodule(project: Project, base: str, number: int) -> str:
    """A commit that records a further commit of the submodule."""
    project.git("checkout", "--quiet", "--force", "--detach", base)
    project.git("update-index", "--cacheinfo", f"160000,{str(number) * 40},sub")
    project.git("commit", "--quiet", "--message", "a submodule moved")
    made = project.git("rev-parse", "HEAD")
    project.git("reset", "--quiet", "--hard", base)
    return made


def test_commits_in_a_bare_repository_are_joined(tmp_path: Path) -> None:
    project = bare(tmp_path)
    places = [project.spaces.take("BUG-1", "work", "HEAD", holder) for holder in ("fix", "docs")]
    for place, name in zip(places, ("fix.txt", "docs.txt"), strict=True):
        project.write({name: name}, at=place.path)
    ours, onto = (project.spaces.commit(place, project.spaces.snapshot(place), "x") for place in places)
    assert {"fix.txt", "docs.txt"} <= set(project.tree(str(project.spaces.join(ours, onto, "joined"))))
    assert sorted(file.name for file in project.path.iterdir() if file.name.startswith((".merge", "tickety"))) == []


OLD_GIT = """#!/bin/sh
case "$1" in version) echo "git version 2.37.1" ;; *) exec {git} "$@" ;; esac
"""
JOINS = """
import sys
from pathlib import Path
from tickety.core import errors
from tickety.workspaces import worktrees
try:
    worktrees.GitWorkspaces(Path(sys.argv[1], ".git"), None, Path("state")).join(sys.argv[2], sys.argv[3], "x")
except errors.Failed as error:
    print(error.message, error.hint)
"""


def test_a_git_that_is_too_old_to_join_is_named(project: Project, tmp_path: Path) -> None:
    made = fork(project, {}, {"a": "1"}, {"b": "2"})
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(OLD_GIT.format(git=shutil.which("git")))
    (tmp_path / "bin" / "git").chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": ":".join(sys.path)}
    words = [sys.executable, "-c", JOINS, str(project.path), made.ours, made.onto]
    told = subprocess.run(words, env=environment, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert "git 2.37, is too old to join" in told
    assert "2.38" in told


# --------------------------------------------------------------------------------------------- what the past can tell


def test_a_tree_has_paths_and_texts(project: Project) -> None:
    (project.path / "link").symlink_to("app.py")
    (project.path / "binary").write_bytes(b"a\0b")
    (project.path / "latin").write_bytes(b"\xe9")
    commit = project.save({"big": "x" * (1024 * 1024 + 1), "just": "x" * 1024 * 1024, "empty": ""})
    tree = project.spaces.tree_at(commit)
    assert tree.paths == {*FIRST, "link", "binary", "latin", "big", "just", "empty"}
    assert tree.text("app.py") == FIRST["app.py"]
    assert tree.text("empty") == ""
    assert len(tree.text("just") or "") == 1024 * 1024
    assert [tree.text(path) for path in ("link", "binary", "latin", "big", "absent")] == [None] * 5


def test_changes_tell_status_and_both_texts(project: Project) -> None:
    old = project.save({"gone.py": "gone\n", "moved.py": "moved\n", "blob": "text"})
    (project.path / "blob").write_bytes(b"\0")
    new = project.save({"app.py": "two\n", "gone.py": None, "moved.py": None, "to.py": "moved\n"})
    assert project.spaces.changes(old, new) == (
        change.Change("app.py", "modified", "print('one')\n", "two\n"),
        change.Change("blob", "modified", "text", None),
        change.Change("gone.py", "deleted", "gone\n", None),
        change.Change("moved.py", "deleted", "moved\n", None),
        change.Change("to.py", "added", None, "moved\n"),
    )
    assert project.spaces.changes(new, project.spaces.tree_id(new)) == ()


def test_a_diff_is_a_patch(project: Project) -> None:
    old = project.spaces.head().commit
    new = project.save({"app.py": "two\n"})
    assert "-print('one')\n+two\n" in project.spaces.diff(old, new)
    assert project.spaces.diff(new, new) == ""


def test_grep_finds_lines_by_an_extended_expression(project: Project) -> None:
    commit = project.save({"odd\nname": "a:b\nVALUE\n", "many": "same\n" * 300})
    assert project.spaces.grep(commit, "VALU(E|X) ?") == (
        workspace.Hit("lib/core.py", 1, "VALUE = 1"),
        workspace.Hit("odd\nname", 2, "VALUE"),
    )
    assert len(project.spaces.grep(commit, "same")) == 200
    assert project.spaces.grep(commit, "--nowhere") == ()
    with pytest.raises(errors.Usage):
        project.spaces.grep(commit, "(")


def test_commits_are_those_that_one_side_lacks_newest_first(project: Project) -> None:
    old = project.spaces.head().commit
    saved = [project.save({"app.py": str(number)}) for number in range(52)]
    past = project.spaces.commits(old, saved[-1])
    assert [each.commit for each in past] == list(reversed(saved))[:50]
    assert past[0].subject == "a change"
    assert project.spaces.commits(saved[-1], old) == ()


def test_pickaxe_finds_who_brought_a_text_in(project: Project) -> None:
    commit = project.save({"app.py": "needle --x\n"})
    for number in range(7):
        project.save({"count": "needle\n" * number})
    past = project.spaces.pickaxe(commit, "needle --x")
    assert [(each.commit, each.author, each.subject) for each in past] == [(commit, "Ada", "a change")]
    assert len(project.spaces.pickaxe("HEAD", "needle")) == 5
    assert project.spaces.pickaxe("HEAD", "--never") == ()
    assert project.spaces.pickaxe("HEAD", "") == ()


# --------------------------------------------------------------------------------------- what the user's checkout lends


def test_copies_and_links_are_lent_and_never_committed(project: Project) -> None:
    project.write({".env": "SECRET=1", "conf/a/local": "1", "cache/x": "big", "app.py": "dirty"})
    (project.path / ".env").chmod(0o600)
    place = project.place()
    project.spaces.furnish(place, [".env", "./conf", "app.py", "missing"], ["cache", "lib", "absent"])
    assert (place.path / ".env").read_text() == "SECRET=1"
    assert (place.path / ".env").stat().st_mode & 0o777 == 0o600
    assert (place.path / "conf" / "a" / "local").read_text() == "1"
    assert (place.path / "cache").readlink() == project.path / "cache"
    assert (place.path / "app.py").read_text() == FIRST["app.py"]
    assert not (place.path / "lib").is_symlink()
    project.write({"conf/mine": "mine"}, at=place.path)
    assert project.changed(place) == {"conf/mine": "added"}
    project.spaces.furnish(project.place(), [".env"], ["cache"])
    assert (place.path / "conf" / "a" / "local").exists()
    assert (project.path / "cache" / "x").read_text() == "big"


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "leads/out", "leads", ".", "", "lib/../../secret"])
def test_nothing_outside_the_checkout_is_lent(project: Project, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "out").write_text("secret")
    (project.path / "leads").symlink_to(tmp_path / "elsewhere")
    place = project.place()
    with pytest.raises(errors.Refused):
        project.spaces.furnish(place, [path], [])
    with pytest.raises(errors.Refused):
        project.spaces.furnish(place, [], [path])


def test_nothing_is_lent_through_a_link_in_the_place(project: Project, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    project.write({"conf/local": "1", "file": "2"})
    place = project.place()
    (place.path / "conf").symlink_to(tmp_path / "victim")
    with pytest.raises(errors.Refused):
        project.spaces.furnish(place, ["conf/local"], [])
    (place.path / "file").symlink_to(tmp_path / "victim" / "file")
    project.spaces.furnish(place, ["file"], [])
    assert list((tmp_path / "victim").iterdir()) == []
    assert (place.path / "file").read_text() == "2"


# ------------------------------------------------------------------------------------------ repositories of every shape


def plain(tmp_path: Path) -> Project:
    return make_project(tmp_path, "plain")


def with_spaces(tmp_path: Path) -> Project:
    return make_project(tmp_path, "with spaces, ünïcödé\nand 'more'")


def of_sha256(tmp_path: Path) -> Project:
    return make_project(tmp_path, "sha256", "--object-format=sha256")


def bare(tmp_path: Path) -> Project:
    made = make_project(tmp_path, "origin")
    made.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    return Project(tmp_path / "bare.git", worktrees.GitWorkspaces(tmp_path / "bare.git", None, tmp_path / "state"))


def linked(tmp_path: Path) -> Project:
    made = make_project(tmp_path, "main one")
    made.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "theirs")
    spaces = worktrees.GitWorkspaces(made.path / ".git", tmp_path / "linked", tmp_path / "state")
    return Project(tmp_path / "linked", spaces)


def with_submodule(tmp_path: Path) -> Project:
    other = make_project(tmp_path, "other")
    made = make_project(tmp_path, "super")
    made.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "sub")
    made.git("commit", "--quiet", "--message", "a submodule")
    return made


def inside_submodule(tmp_path: Path) -> Project:
    outer = with_submodule(tmp_path)
    path = outer.path / "sub"
    spaces = worktrees.GitWorkspaces(outer.path / ".git" / "modules" / "sub", path, tmp_path / "state")
    return Project(path, spaces)


def shallow(tmp_path: Path) -> Project:
    made = make_project(tmp_path, "origin")
    made.save({"app.py": "two"})
    made.git("clone", "--quiet", "--depth=1", made.path.as_uri(), str(tmp_path / "shallow"))
    path = tmp_path / "shallow"
    return Project(path, worktrees.GitWorkspaces(path / ".git", path, tmp_path / "state"))


def reached_by_a_link(tmp_path: Path) -> Project:
    make_project(tmp_path, "real")
    (tmp_path / "by link").symlink_to(tmp_path)
    path = tmp_path / "by link" / "real"
    return Project(path, worktrees.GitWorkspaces(path / ".git", path, tmp_path / "by link" / "state"))


def dirty(tmp_path: Path) -> Project:
    made = make_project(tmp_path, "dirty")
    made.write({"app.py": "staged"})
    made.git("add", "app.py")
    made.write({"app.py": "changed", "new.py": "new", "lib/core.py": None})
    return made


@pytest.mark.parametrize(
    "shape",
    [plain, with_spaces, of_sha256, bare, linked, with_submodule, inside_submodule, shallow, reached_by_a_link, dirty],
)
def test_a_step_from_start_to_branch_leaves_the_checkout_as_it_was(tmp_path: Path, shape: object) -> None:
    assert callable(shape)
    project: Project = shape(tmp_path)
    before = outside_view(project)
    head = project.spaces.head()
    assert project.spaces.checked_out_at(head.branch or "") == (None if shape is bare else project.path.resolve())
    project.spaces.create_branch("tickety/bug", head.commit)
    for step in ("research", "engineer"):
        place = project.spaces.take("BUG 1", step, project.spaces.branch_head("tickety/bug") or "", step)
        project.write({f"made by {step}": "set up"}, at=place.path)
        project.spaces.settle(place)
        project.write({"app.py": step, f"{step}.txt": step}, at=place.path)
        made = project.spaces.commit(place, project.spaces.snapshot(place), step)
        project.spaces.move_branch("tickety/bug", made, place.start)
    final = project.spaces.branch_head("tickety/bug") or ""
    statuses = {each.path: each.status for each in project.spaces.changes(head.commit, final)}
    assert statuses == {"app.py": "modified", "engineer.txt": "added", "research.txt": "added"}
    assert project.spaces.tree_at(final).text("app.py") == "engineer"
    for step in ("research", "engineer"):
        again = project.spaces.take("BUG 1", step, final, step)
        assert project.changed(again) == {}
        assert (again.path / f"made by {step}").exists()
        project.spaces.retire("BUG 1", step)
    assert outside_view(project) == before
    assert project.git("fsck", "--strict") in {"", "notice: HEAD points to an unborn branch"}


def test_what_a_set_up_put_into_a_submodule_stays_and_what_an_agent_put_there_does_not(tmp_path: Path) -> None:
    project = with_submodule(tmp_path)
    place = project.place()
    project.write({"sub/by agent": "x"}, at=place.path)
    project.place()
    assert files_in(place.path / "sub") == []
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", at=place.path)
    project.spaces.settle(place)
    assert project.changed(place) == {}
    project.place()
    assert "app.py" in files_in(place.path / "sub")


def outside_view(project: Project) -> tuple[str, ...]:
    """All that the user can see of the checkout."""
    if not (project.path / ".git").exists():
        return (project.git("rev-parse", "HEAD"),)
    index = Path(project.git("rev-parse", "--absolute-git-dir"), "index").read_bytes().hex()
    status = project.git("status", "--porcelain=v2", "--branch", "--ignored")
    return (status, project.git("symbolic-ref", "HEAD"), project.git("stash", "list"), index)


def files_in(folder: Path) -> list[str]:
    """Every file below a folder, ``.git`` of its top apart."""
    found = [Path(above, name).relative_to(folder) for above, _, names in os.walk(folder) for name in names]
    return sorted(file.as_posix() for file in found if file.parts[0] != ".git")


def test_what_a_holder_has_is_found_again_as_they_left_it(project: Project) -> None:
    place = project.spaces.take("BUG-1", "work", "HEAD", "fix-1")
    project.spaces.take("BUG-1", "verify", "HEAD", "fix-1")
    project.write({"app.py": "mine"}, at=place.path)
    (place.path / ".git").write_text("gitdir: /elsewhere")

    found = project.spaces.held("BUG-1", "work", "fix-1")

    assert found == place
    assert (place.path / "app.py").read_text() == "mine"
    assert project.spaces.held("BUG-1", "work", "fix-2") is None
    assert project.spaces.held("BUG-2", "work", "fix-1") is None
    project.spaces.hand_back("BUG-1", "fix-1")
    assert project.spaces.held("BUG-1", "work", "fix-1") is None


def test_a_holder_whose_worktree_was_removed_has_none(project: Project) -> None:
    place = project.spaces.take("BUG-1", "work", "HEAD", "fix-1")
    shutil.rmtree(place.path)

    assert project.spaces.held("BUG-1", "work", "fix-1") is None
