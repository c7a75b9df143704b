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


# Outside of git, and more stores than one.


def keep(folder: Path) -> Path:
    """Make a store's file in a folder."""
    path = folder / ".tickety" / "tickety.db"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_outside_of_git_the_nearest_folder_above_that_keeps_tickets_counts(tmp_path: Path) -> None:
    store = keep(tmp_path / "papers")
    deep = tmp_path / "papers" / "a" / "b"
    deep.mkdir(parents=True)

    found = find(deep)

    assert (found.store, found.checkout, found.is_git) == (str(store), None, False)
    assert found.runs == str(store.parent / "runs")
    with pytest.raises(errors.Refused, match="agents work in git worktrees") as refusal:
        places.require_git(found)
    assert "git init" in refusal.value.hint


def test_a_folder_for_agents_and_templates_is_no_store(repository: Path, tmp_path: Path) -> None:
    for folder in (repository, tmp_path):
        (folder / ".tickety" / "agents").mkdir(parents=True)

    assert find(repository).store == str(repository / ".git" / "tickety" / "tickety.db")
    with pytest.raises(errors.NotFound, match="no folder above it keeps tickets") as refusal:
        find(tmp_path)
    assert "tickety init" in refusal.value.hint


def test_two_stores_on_the_way_up_are_refused_naming_both(tmp_path: Path) -> None:
    outer, inner = keep(tmp_path / "papers"), keep(tmp_path / "papers" / "inner")

    with pytest.raises(errors.Refused) as refusal:
        find(inner.parent.parent)

    assert str(outer) in refusal.value.message
    assert str(inner) in refusal.value.message
    assert f"TICKETY_STORE='{inner}'" in refusal.value.hint
    assert find(tmp_path / "papers").store == str(outer)


@pytest.mark.parametrize("is_above", [True, False], ids=["above the checkout", "in the checkout"])
def test_a_store_beside_that_of_a_repository_is_refused_naming_both(
    repository: Path, tmp_path: Path, *, is_above: bool
) -> None:
    git_store = Path(find(repository).store)
    git_store.parent.mkdir()
    git_store.touch()
    other = keep(tmp_path if is_above else repository)

    with pytest.raises(errors.Refused, match="there are two stores here") as refusal:
        find(repository)

    assert str(git_store) in refusal.value.message
    assert str(other) in refusal.value.message


def test_a_database_that_came_with_a_checkout_is_never_taken_for_those_of_the_repository(repository: Path) -> None:
    other = keep(repository)

    with pytest.raises(errors.Refused, match="but this is a git repository") as refusal:
        find(repository)

    assert str(other) in refusal.value.message
    assert f"mv '{other}'*" in refusal.value.hint


def test_the_environment_chooses_a_store_whatever_else_is_there(repository: Path, tmp_path: Path) -> None:
    keep(repository)
    chosen = {**os.environ, places.STORE: str(tmp_path / "elsewhere" / "tickety.db")}

    inside, outside = places.find(str(repository), chosen), places.find(str(tmp_path), chosen)

    assert inside.store == outside.store == str(tmp_path / "elsewhere" / "tickety.db")
    assert (inside.is_git, inside.checkout, outside.is_git) == (True, str(repository), False)
    assert inside.runs == str(tmp_path / "elsewhere" / "runs")


def test_a_chosen_store_must_be_a_file_and_may_be_named_from_here(repository: Path) -> None:
    relative = places.find(str(repository), {**os.environ, places.STORE: "mine.db"})
    assert relative.store == str(repository / "mine.db")

    with pytest.raises(errors.Usage, match="names a folder"):
        places.find(str(repository), {**os.environ, places.STORE: str(repository)})


def test_a_project_has_a_home_and_a_name_wherever_its_store_is(repository: Path, tmp_path: Path) -> None:
    outside = places.outside(str(tmp_path / "plain"), os.environ)

    assert (find(repository).home, outside.home) == (str(repository), str(tmp_path / "plain"))
    assert find(repository).name.startswith("my-project-")
    assert find(repository).name != outside.name


def test_what_is_the_users_own_lies_in_the_users_own_folders(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    assert places.own_notify(os.environ) == str(home / ".config" / "tickety" / "notify.toml")
    assert places.projects(os.environ) == find(repository).projects

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")

    assert places.own_notify(os.environ) == str(tmp_path / "c" / "tickety" / "notify.toml")
    assert places.projects(os.environ) == str(home / ".local" / "state" / "tickety" / "projects.json")
