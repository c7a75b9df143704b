"""The record of a user's projects: never in the way, and never wrong for long."""

import json
import os
import stat
from pathlib import Path

import pytest

from tickety import places
from tickety.bootstrap import memory
from tickety.stores import projects_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tickety" / "projects.json"


@pytest.fixture
def projects(path: Path) -> projects_file.ProjectsFile:
    return projects_file.ProjectsFile(str(path))


def project(folder: Path, name: str = "notes") -> projects_file.Project:
    """A project with a store."""
    store = folder / name / ".git" / "tickety" / "tickety.db"
    store.parent.mkdir(parents=True)
    store.touch()
    return projects_file.Project(str(folder / name), str(store))


def test_nothing_is_known_at_first_and_looking_makes_no_file(
    projects: projects_file.ProjectsFile, tmp_path: Path
) -> None:
    assert projects.known() == ()
    assert list(tmp_path.iterdir()) == []


def test_projects_are_known_in_the_order_in_which_they_were_noted(
    projects: projects_file.ProjectsFile, tmp_path: Path
) -> None:
    one, two = project(tmp_path, "one"), project(tmp_path, "two")
    for each in (one, two, one):
        projects.note(each)

    assert projects.known() == (one, two)


def test_noting_what_is_known_writes_nothing(projects: projects_file.ProjectsFile, path: Path, tmp_path: Path) -> None:
    one = project(tmp_path)
    projects.note(one)
    before = path.stat()

    projects.note(one)

    assert path.stat() == before


def test_a_project_that_is_gone_is_passed_over_and_dropped_with_the_next_note(
    projects: projects_file.ProjectsFile, path: Path, tmp_path: Path
) -> None:
    gone, there = project(tmp_path, "gone"), project(tmp_path, "there")
    projects.note(gone)
    Path(gone.store).unlink()

    assert projects.known() == ()
    projects.note(there)

    assert list(json.loads(path.read_text())["projects"]) == [there.store]


def test_a_project_that_moved_keeps_one_entry(projects: projects_file.ProjectsFile, tmp_path: Path) -> None:
    one = project(tmp_path)
    projects.note(one)
    moved = projects_file.Project("/elsewhere", one.store)

    projects.note(moved)

    assert projects.known() == (moved,)


def test_the_file_and_its_folders_are_the_users_own(
    projects: projects_file.ProjectsFile, path: Path, tmp_path: Path
) -> None:
    projects.note(project(tmp_path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in list(path.parents)[:2]] == [0o700] * 2
    assert list(path.parent.iterdir()) == [path]


def test_a_path_that_is_no_unicode_comes_back_as_it_is(projects: projects_file.ProjectsFile, tmp_path: Path) -> None:
    one = project(tmp_path, os.fsdecode(b"\xe9t\xe9"))
    projects.note(one)

    assert projects.known() == (one,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'{"projects": ["/x"]}',
        b'{"projects": {"/x": 1}}',
        b'{"projects": {"x/../y": "/z"}}',
        b"\xff",
        b"{",
    ],
)
def test_a_file_that_is_broken_is_an_empty_one(
    projects: projects_file.ProjectsFile, path: Path, tmp_path: Path, content: bytes
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert projects.known() == ()
    one = project(tmp_path)

    projects.note(one)

    assert projects.known() == (one,)


def test_a_state_folder_that_cannot_be_made_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    projects = projects_file.ProjectsFile(str(tmp_path / "state" / "tickety" / "projects.json"))

    projects.note(project(tmp_path))

    assert projects.known() == ()


def test_the_first_change_in_a_project_notes_it_and_looking_does_not(tmp_path: Path) -> None:
    from tests import builders

    (tmp_path / "notes" / ".git").mkdir(parents=True)
    found = places.Places(str(tmp_path / "notes" / ".git"), str(tmp_path / "notes"), str(tmp_path / "state"))
    projects = projects_file.ProjectsFile(found.projects)
    kept = memory.open_memory(found, "user:ada").store
    try:
        assert kept.since(0, 10) == ()
        assert not Path(found.projects).exists()
        builders.open_one(kept)
    finally:
        kept.close()

    assert projects.known() == (projects_file.Project(str(tmp_path / "notes"), found.store),)
