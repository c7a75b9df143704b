"""What is put wrong in a SQLite store behind Tickety's back is named, and what the log can mend is mended."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tickety import store
from tickety.core import errors, events, query
from tickety.stores import sqlite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickety" / "tickety.db"


@pytest.fixture
def kept(path: Path) -> Iterator[sqlite.SqliteStore]:
    opened = sqlite.SqliteStore(str(path))
    one = builders.open_one(opened, tags=["auth"], title="The parser fails")
    two = builders.open_one(opened, description="words " * 20_000)
    link = {"ticket_id": one.id, "relationship": "blocked_by"}
    builders.append(opened, two.uid, [events.Draft("ticket.linked", link)])
    opened.close()
    yield opened
    opened.close()


def tamper(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def everything(kept: store.Store) -> list[object]:
    asked = [query.Query(words=("parser",)), query.EVERYTHING.where("tag", "in", "auth"), query.READY]
    pages = [kept.page(wanted, 9, None, whole=True) for wanted in (query.EVERYTHING, *asked)]
    return [*pages, kept.work(None), kept.linked_from("BUG-2026-001")]


FAULTS = {
    "UPDATE ticket SET document = replace(document, 'parser', 'lexer')": "BUG-2026-001 is not what its log adds up to",
    "UPDATE ticket SET document = '{' WHERE number = 1": "BUG-2026-001 is not what its log adds up to",
    "UPDATE ticket SET document = '[]' WHERE number = 1": "BUG-2026-001 is not what its log adds up to",
    "UPDATE ticket SET title = 'x' WHERE number = 1": "BUG-2026-001 is listed as something else than it is",
    "UPDATE ticket SET votes = 9 WHERE number = 2": "BUG-2026-002 is listed as something else than it is",
    "DELETE FROM tag": "BUG-2026-001 is found by other tags than it has",
    "INSERT INTO tag SELECT 'ui', key FROM ticket WHERE number = 2": "BUG-2026-002 is found by other tags than it has",
    "DELETE FROM link": "BUG-2026-002 is found by other links than it has",
    "UPDATE link SET other = 'BUG-2026-009'": "BUG-2026-002 is found by other links than it has",
    "DELETE FROM work": "BUG-2026-001 has other work than its plan says",
    "UPDATE work SET turn = 3": "BUG-2026-001 has other work than its plan says",
    "DELETE FROM alarm": "BUG-2026-001 would be escalated for other causes than it has",
    "UPDATE alarm SET anchor = 3": "BUG-2026-001 would be escalated for other causes than it has",
    "INSERT INTO spending SELECT uid, '2026-11-22', 1, 2, 3, 4 FROM ticket WHERE number = 1": (
        "BUG-2026-001 is charged something else than it spent"
    ),
    "UPDATE ticket SET held_by = NULL": "BUG-2026-002 does not know what it waits for",
    "INSERT INTO words (words) VALUES ('delete-all')": "BUG-2026-001 is found by other words than it has",
    "INSERT INTO words (rowid, title) SELECT key, 'lexer' FROM ticket WHERE number = 2":
        "BUG-2026-002 is found by other words than it has",
    "INSERT INTO words (rowid, title) VALUES (99, 'lexer')": "something that is no ticket is found by other words",
    "UPDATE counter SET last = 1": "the counter of BUG-2026 is behind its ticket 2",
    "DELETE FROM counter": "the counter of BUG-2026 is behind its ticket 2",
}  # fmt: skip


@pytest.mark.parametrize("statement", FAULTS)
def test_a_row_that_was_tampered_with_is_named_and_mended(path: Path, kept: sqlite.SqliteStore, statement: str) -> None:
    before = everything(kept)
    kept.close()
    tamper(path, statement)

    found = list(kept.examine())

    assert any(FAULTS[statement] in finding.sentence for finding in found), found
    assert all(finding.is_mendable for finding in found)
    assert kept.mend()[-1] == "made everything anew that follows from the log"
    assert list(kept.examine()) == []
    assert everything(kept) == before
    backup = path.with_name("tickety.db.before-rebuild")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_ticket_without_a_log_is_named_and_taken_away_with_its_claim(path: Path, kept: sqlite.SqliteStore) -> None:
    builders.start(kept, kept.work(None)[0].ticket_uid, "diagnose")
    kept.close()
    tamper(path, "DELETE FROM event WHERE ticket_uid = (SELECT uid FROM ticket WHERE number = 1)")

    assert "BUG-2026-001 has no log" in [finding.sentence for finding in kept.examine()]
    kept.mend()

    assert [row.id for row in kept.page(query.EVERYTHING, 9, None, whole=False).rows] == ["BUG-2026-002"]
    assert list(kept.examine()) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM event WHERE n = 1 AND seq = 2", "cannot be read"),
        ("UPDATE event SET n = 5 WHERE n = 2", "has a gap"),
        ("UPDATE event SET data = '{' WHERE seq = 1", "cannot be read"),
        ("DELETE FROM long_text", "cannot be read"),
    ],
)
def test_a_log_that_was_tampered_with_is_named_and_left_alone(
    path: Path, kept: sqlite.SqliteStore, statement: str, said: str
) -> None:
    tamper(path, statement)

    damaged = [finding for finding in kept.examine() if not finding.is_mendable]

    assert len(damaged) == 1
    assert said in damaged[0].sentence


def test_files_that_others_can_get_at_are_named_and_closed(path: Path, kept: sqlite.SqliteStore) -> None:
    for name in ("HEAD", "objects", "refs"):  # of a git directory: then the folder is Tickety's own
        (path.parent.parent / name).touch()
    path.parent.chmod(0o755)
    path.chmod(0o644)

    found = [finding.sentence for finding in kept.examine()]

    assert [f"chmod 700 '{path.parent}'" in found[0], f"chmod 600 '{path}'" in found[1]] == [True, True]
    assert len(kept.mend()) >= 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(kept.examine()) == []


def test_a_folder_that_is_not_the_stores_own_keeps_its_mode(path: Path, kept: sqlite.SqliteStore) -> None:
    path.parent.chmod(0o755)

    assert list(kept.examine()) == []
    kept.mend(anew=True)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


@pytest.mark.parametrize("trace", ["the mark in its lock", "a backup", "a log"])
def test_an_empty_file_where_tickets_were_kept_is_not_taken_for_a_new_store(
    path: Path, kept: sqlite.SqliteStore, trace: str
) -> None:
    lock = path.with_name("tickety.db.lock")
    if trace != "the mark in its lock":
        lock.unlink()
    if trace == "a backup":
        path.with_name("tickety.db.schema-2").write_bytes(path.read_bytes())
    if trace == "a log":
        path.with_name("tickety.db-wal").write_bytes(b"x" * 64)
    os.truncate(path, 0)

    with pytest.raises(errors.Refused, match="is empty, though tickets were kept here") as refusal:
        builders.open_one(kept)

    assert ("tickety.db.schema-2" in refusal.value.hint) == (trace == "a backup")
    assert path.stat().st_size == 0


def test_a_first_writer_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh" / "tickety.db"
    fresh.parent.mkdir()
    fresh.touch()
    fresh.with_name("tickety.db.lock").write_bytes(b"4711".ljust(20))
    one = sqlite.SqliteStore(str(fresh))

    assert builders.open_one(one).id == "BUG-2026-001"
    one.close()


def test_a_change_to_a_damaged_store_is_refused_and_names_the_backup(path: Path, kept: sqlite.SqliteStore) -> None:
    kept.mend(anew=True)
    kept.close()
    os.truncate(path, 8192)

    with pytest.raises(errors.Failed, match="is damaged") as failed:
        builders.open_one(kept)

    assert "cp -p" in failed.value.hint
    assert "tickety.db.before-rebuild" in failed.value.hint


def test_a_damaged_page_is_told_as_damage_and_not_as_a_file_of_somebody_else(
    path: Path, kept: sqlite.SqliteStore
) -> None:
    tamper(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    for page in range(2, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(whole)

    try:
        said = " ".join(finding.sentence for finding in kept.examine())
    except errors.Failed as failed:
        said = failed.message

    assert "SQLite: " in said or "is damaged" in said


def test_a_store_that_a_newer_release_brought_up_meanwhile_takes_no_change_of_this_one(
    path: Path, kept: sqlite.SqliteStore
) -> None:
    builders.open_one(kept)
    tamper(path, f"PRAGMA user_version = {store.SCHEMA + 1}")

    with pytest.raises(errors.Refused, match="newer Tickety"):
        builders.open_one(kept)
