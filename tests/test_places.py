"""Where Tickety keeps things: the same store from everywhere in a repository."""

import os
import subprocess
from pathlib import Path

import pytest

from tickety import places
from tickety.core import errors


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "my project"
    git(tmp_path, "init", "-q", str(path))
    git(path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x")
    return path


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def find(folder: Path) -> places.Places:
    return places.find(str(folder), os.environ)


def test_a_store_lies_in_the_git_folder_and_nowhere_in_the_checkout(repository: Path) -> None:
    found = find(repository)

    assert found.checkout == str(repository)
    assert found.store == str(repository / ".git" / "tickety" / "tickety.db")
    assert found.runs == str(repository / ".git" / "tickety" / "runs")


def test_looking_for_places_makes_none_of_them(repository: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))

    find(repository)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_subfolder_belongs_to_its_repository(repository: Path) -> None:
    deep = repository / "src" / "deep"
    deep.mkdir(parents=True)

    assert find(deep) == find(repository)


def test_the_git_folder_itself_belongs_to_its_repository(repository: Path) -> None:
    assert find(repository / ".git").store == find(repository).store
    assert find(repository / ".git" / "refs").store == find(repository).store


def test_a_linked_worktree_shares_everything_but_its_checkout(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "other"))

    there, here = find(tmp_path / "other"), find(repository)

    assert there.checkout == str(tmp_path / "other")
    assert (there.store, there.worktrees, there.trust) == (here.store, here.worktrees, here.trust)


def test_a_bare_repository_has_a_store_and_no_checkout(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "bare.git")

    found = find(tmp_path / "bare.git")

    assert found.checkout is None
    assert found.store == str(tmp_path / "bare.git" / "tickety" / "tickety.db")


def test_a_worktree_of_a_bare_repository_uses_the_bare_ones_store(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    git(tmp_path / "bare.git", "worktree", "add", "-q", str(tmp_path / "tree"))

    assert find(tmp_path / "tree").store == find(tmp_path / "bare.git").store
    assert find(tmp_path / "tree").checkout == str(tmp_path / "tree")


def test_a_submodule_is_a_repository_of_its_own(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(repository), "outer")
    git(tmp_path / "outer", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository), "inner")

    found = find(tmp_path / "outer" / "inner")

    assert found.store == str(tmp_path / "outer" / ".git" / "modules" / "inner" / "tickety" / "tickety.db")
    assert found.checkout == str(tmp_path / "outer" / "inner")


def test_a_link_to_a_repository_leads_to_the_same_store(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository)

    assert find(tmp_path / "link") == find(repository)


def test_outside_a_repository_nothing_is_found_and_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFound, match="is not in a git repository") as refusal:
        find(tmp_path)

    assert "git init" in refusal.value.hint


def test_a_worktree_whose_repository_is_gone_is_not_in_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(f"gitdir: {tmp_path}/gone/.git/worktrees/x\n")

    with pytest.raises(errors.NotFound):
        find(tmp_path)


def test_what_is_the_users_own_lies_in_the_users_state_folder(repository: Path, tmp_path: Path) -> None:
    found = find(repository)

    assert found.worktrees.startswith(f"{tmp_path}/home/.local/state/tickety/worktrees/my-project-")
    assert found.trust == found.worktrees.replace("worktrees", "trust") + ".json"


def test_the_state_folder_may_be_put_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    assert find(repository).trust.startswith(f"{tmp_path}/state/tickety/trust/my-project-")


def test_an_empty_state_folder_is_none(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "")

    assert find(repository).state == f"{tmp_path}/home/.local/state/tickety"


def test_two_repositories_of_one_name_keep_their_worktrees_apart(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    git(tmp_path, "clone", "-q", str(repository), "elsewhere/my project")

    one, other = find(repository), find(tmp_path / "elsewhere" / "my project")

    assert one.worktrees.rpartition("-")[0] == other.worktrees.rpartition("-")[0]
    assert one.worktrees != other.worktrees


def test_a_name_that_could_leave_the_folder_or_confuse_a_shell_is_spelled_plainly(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "..; $x ключ")

    name = Path(find(tmp_path / "..; $x ключ").worktrees).name

    assert name.isascii()
    assert name.replace("-", "").isalnum()


def test_an_empty_git_folder_is_no_repository_and_a_relative_state_folder_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "project" / ".git").mkdir(parents=True)
    with pytest.raises(errors.NotFound):
        places.find(str(tmp_path / "project"), {})

    (tmp_path / "project" / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    found = places.find(str(tmp_path / "project"), {"XDG_STATE_HOME": "state"})

    assert found.state == str(Path.home() / ".local" / "state" / "tickety")
