"""`tickety doctor`: what is well, what is not, and what it mends."""

import sqlite3
from pathlib import Path

import pytest

from tests.stories import house as houses
from tickety import store
from tickety.desk import checkup


def machine(**changes: object) -> checkup.Machine:
    known: dict[str, object] = {"python": (3, 11, 7), "sqlite": (3, 51, 3), "git": "git version 2.39.5 (Apple)\n",
                                "place": "/p/.git/tickety/tickety.db", "has_store": True, "free": 10**12}  # fmt: skip
    return checkup.Machine(**{**known, **changes})  # type: ignore[arg-type]  # each test names fields that are there


def wrong(*findings: store.Finding, **changes: object) -> list[str]:
    return [line.subject for line in checkup.look(machine(**changes), findings) if not line.is_ok]


@pytest.mark.parametrize(
    ("changes", "subjects"),
    [
        ({}, []),
        ({"git": None}, ["git"]),
        ({"git": "git version 2.35.9"}, ["git"]),
        ({"git": "git version 2.36.0"}, []),
        ({"git": "git version 3.0.0"}, []),
        ({"git": "what?"}, ["git"]),
        ({"free": 1000}, ["disk"]),
        ({"mount": "/p lies on a network mount (nfs)"}, ["mount"]),
        ({"is_writable": False}, ["writing"]),
        ({"place": None, "fault": "not here", "has_store": False}, ["store"]),
        ({"has_store": False}, []),
        ({"sqlite": (3, 40, 1)}, []),
    ],
)
def test_each_thing_is_judged_by_itself(changes: dict[str, object], subjects: list[str]) -> None:
    assert wrong(**changes) == subjects


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 50, 6), (3, 51, 2)])
def test_a_sqlite_with_the_race_is_named_and_harmless(version: tuple[int, int, int]) -> None:
    (line,) = [line for line in checkup.look(machine(sqlite=version), ()) if line.subject == "sqlite"]

    assert line.is_ok
    assert "WAL-reset race; writers take turns at a lock file" in line.sentence


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 52, 0)])
def test_a_sqlite_without_the_race_is_not_accused(version: tuple[int, int, int]) -> None:
    assert "race" not in next(
        line.sentence for line in checkup.look(machine(sqlite=version), ()) if line.subject == "sqlite"
    )


def test_what_is_found_in_the_store_is_a_line_each_with_its_remedy() -> None:
    found = (store.Finding("X is not right", is_mendable=True), store.Finding("Y is broken", is_mendable=False))

    lines = [line for line in checkup.look(machine(), found) if line.subject == "tickets"]

    assert [(line.sentence, line.hint) for line in lines] == [
        ("X is not right", "tickety doctor --fix"), ("Y is broken", ""),
    ]  # fmt: skip


def test_a_store_that_is_wrong_is_named_then_mended_after_a_backup(empty: houses.House) -> None:
    empty.tickety("new", "The parser fails", "--as", "user:ada")
    path = empty.path / ".git" / "tickety" / "tickety.db"
    assert empty.tickety("doctor").code == 0
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM work")
    connection.commit()
    connection.close()
    path.chmod(0o644)

    looked = empty.tickety("doctor")
    tried = empty.tickety("doctor", "--fix", "--dry-run")
    mended = empty.tickety("doctor", "--fix", "--json")

    assert (looked.code, tried.code, mended.code) == (1, 1, 0)
    assert "!  tickets" in looked.out
    assert "has other work than its plan says" in looked.out
    assert any("anew" in sentence for sentence in mended.data["done"])
    assert path.stat().st_mode & 0o777 == 0o600
    again = empty.tickety("doctor")
    assert again.code == 0
    assert "tickety.db.before-rebuild can be removed" in again.out


def test_outside_of_git_a_store_is_begun_used_and_looked_at(tmp_path: Path) -> None:
    house = houses.House(tmp_path / "papers", tmp_path / "home")
    for folder in (house.path, house.home):
        folder.mkdir()
    refused = house.tickety("list", "--json")
    assert (refused.code, "tickety init" in refused.error["hint"]) == (3, True)
    assert house.tickety("doctor").code == 1

    assert house.tickety("init").code == 0
    assert house.tickety("init").code == 0

    folder = house.path / ".tickety"
    assert (folder.stat().st_mode & 0o777, [entry.name for entry in house.path.iterdir()]) == (0o700, [".tickety"])
    assert house.tickety("list", cwd=folder).code == 0
    looked = house.tickety("doctor")
    assert (looked.code, "(outside of git)" in looked.out) == (0, True)
    ran = house.tickety("run", "--json")
    assert (ran.code, "git worktrees" in ran.error["message"]) == (4, True)


def test_an_event_of_a_newer_release_makes_the_store_readable_only_and_doctor_says_so(empty: houses.House) -> None:
    opened = empty.tickety("new", "The parser fails", "--json", "--as", "user:ada").data
    connection = sqlite3.connect(empty.path / ".git" / "tickety" / "tickety.db")
    connection.execute(
        "INSERT INTO event (ticket_uid, n, type, v, at, by, command_id, data) VALUES (?, 99, 'ticket.dreamt', 1, 'x',"
        " 'user:bob', 'c', '{\"dream\": 1}')", (opened["uid"],))  # fmt: skip
    connection.execute("INSERT INTO event_kind VALUES ('ticket.dreamt', 1)")
    connection.commit()
    connection.close()

    assert [empty.tickety(*words).code for words in (["list"], ["show", opened["id"]])] == [0, 0]
    logged = empty.tickety("log", opened["id"])
    assert (logged.code, "ticket.dreamt" in logged.out) == (0, True)
    refused = empty.tickety("vote", opened["id"], "--json")
    assert (refused.code, "can only be read" in refused.error["message"]) == (4, True)
    looked = empty.tickety("doctor")
    assert (looked.code, "ticket.dreamt" in looked.out) == (1, True)
