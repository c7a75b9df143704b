"""What earlier releases wrote is read for ever: their logs fold to the same tickets, their stores are brought up."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import builders
from tests.golden import write
from tickety import store
from tickety.core import document, errors, events, query
from tickety.core.exchange import log as dialect
from tickety.stores import sqlite

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LOGS = sorted(HERE.glob("*.ndjson"))
MIGRATE = """
import sys
from tests import builders
from tickety.stores import sqlite

kept = sqlite.SqliteStore(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
kept.change(builders.author(), lambda _: None)
print("migrated", flush=True)
"""


def whole(documents: object) -> Any:  # noqa: ANN401 - any JSON
    """What a release of today shows of what an older one kept: the same, beside what is new."""
    return json.loads(json.dumps(documents))


def is_within(old: object, new: object) -> bool:
    """Every field of the old is in the new, and says the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and is_within(value, new[name]) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(is_within, old, new))
    return old == new


# Logs.


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_log_that_is_kept_folds_to_the_tickets_that_are_kept(path: Path) -> None:
    log = [dialect.read(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = json.loads(path.with_suffix(".tickets.json").read_text(encoding="utf-8"))

    shown = whole([document.from_ticket(subject) for subject in write.folded(log)])

    assert is_within(kept, shown)
    assert [document.from_ticket(document.to_ticket(entry)) for entry in shown] == shown


def test_some_log_that_is_kept_holds_every_type_of_event_that_this_release_knows() -> None:
    lines = [json.loads(line) for path in LOGS for line in path.read_text(encoding="utf-8").splitlines()]

    assert {(line["type"], line["v"]) for line in lines} >= set(events.VERSIONS.items())


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_log_that_is_kept_can_be_taken_over_by_a_store(path: Path, tmp_path: Path) -> None:
    log = [dialect.read(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))

    def adopt(changing: store.Transaction) -> None:
        for event in log:
            changing.adopt(event)

    kept.change(builders.author(), adopt)

    assert [event.as_json() for event in kept.since(0, 1000)] == [event.as_json() for event in log]
    assert list(kept.examine()) == []
    kept.close()


# A store of schema 1.


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store that release 0.1 left, with a closed, a waiting and two open tickets."""
    path = tmp_path / "tickety" / "tickety.db"
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript((HERE / "0.1.schema-1.sql").read_text(encoding="utf-8"))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return path


@pytest.fixture
def kept(old: Path) -> Iterator[sqlite.SqliteStore]:
    opened = sqlite.SqliteStore(str(old))
    yield opened
    opened.close()


def shown(kept: store.Store) -> list[dict[str, Any]]:
    return sorted(whole(kept.page(query.EVERYTHING, 99, None, whole=True).documents), key=lambda entry: entry["id"])


EXPECTED = sorted(
    json.loads((HERE / "0.1.schema-1.json").read_text(encoding="utf-8")), key=lambda entry: str(entry["id"])
)


def schema(path: Path) -> int:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return int(version)


def test_an_older_store_is_read_as_it_was_without_being_changed(old: Path, kept: sqlite.SqliteStore) -> None:
    before = old.read_bytes()

    assert is_within(EXPECTED, shown(kept))
    assert [event.v for event in kept.since(0, 99) if event.type == "ticket.edited"] == [1, 1]
    assert list(kept.examine()) == []
    kept.close()

    assert old.read_bytes() == before
    assert schema(old) == 1
    assert {entry.name for entry in old.parent.iterdir()} <= {"tickety.db", "tickety.db-wal", "tickety.db-shm"}


def test_the_first_change_brings_an_older_store_up_after_a_private_backup(old: Path, kept: sqlite.SqliteStore) -> None:
    before = os.umask(0)
    opened = builders.open_one(kept)
    os.umask(before)

    assert opened.id == "BUG-2026-002"
    assert schema(old) == store.SCHEMA
    assert is_within(EXPECTED, [entry for entry in shown(kept) if entry["id"] != opened.id])
    assert list(kept.examine()) == []
    backup = old.with_name("tickety.db.schema-1")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert schema(backup) == 1
    assert is_within(EXPECTED, shown(sqlite.SqliteStore(str(backup))))


def test_a_backup_that_is_there_is_never_written_over(old: Path, kept: sqlite.SqliteStore) -> None:
    earlier = old.with_name("tickety.db.schema-1")
    earlier.write_text("precious")

    builders.open_one(kept)

    assert earlier.read_text() == "precious"
    assert schema(old.with_name("tickety.db.schema-1.2")) == 1


MARKS: tuple[Callable[[Path], bool], ...] = (
    lambda path: path.with_name("tickety.db.lock").exists(),
    lambda path: path.with_name("tickety.db.schema-1.unfinished").exists(),
    lambda path: path.with_name("tickety.db.schema-1").exists(),
    lambda path: wal(path) > 0,
    lambda path: wal(path) > 100_000,
    lambda path: schema(path) == store.SCHEMA,
)


def wal(path: Path) -> int:
    log = path.with_name("tickety.db-wal")
    return log.stat().st_size if log.exists() else 0


@pytest.mark.parametrize("mark", MARKS, ids=["locked", "copying", "copied", "begun", "written", "done"])
def test_a_kill_while_a_store_is_brought_up_leaves_the_old_one_or_the_new_one(
    old: Path, mark: Callable[[Path], bool]
) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", MIGRATE, str(old)], stdin=-1, stdout=-1, text=True, env=environment, cwd=ROOT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()
    while not mark(old) and process.poll() is None:
        pass
    process.kill()
    process.communicate()

    assert schema(old) in {1, store.SCHEMA}
    reader = sqlite.SqliteStore(str(old))
    assert is_within(EXPECTED, shown(reader))
    assert list(reader.examine()) == []
    reader.close()
    kept = sqlite.SqliteStore(str(old))
    assert builders.open_one(kept).id == "BUG-2026-002"
    assert list(kept.examine()) == []
    assert schema(old.with_name("tickety.db.schema-1")) == 1
    kept.close()


# Events of a release to come.


@pytest.fixture(params=[("ticket.dreamt", 1), ("ticket.voted", 2)], ids=["a new type", "a new version"])
def strange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlite.SqliteStore]:
    """A store in which a newer release of the same schema wrote an event."""
    path = tmp_path / "tickety" / "tickety.db"
    kept = sqlite.SqliteStore(str(path))
    uid = builders.open_one(kept).uid
    kept.close()
    connection = sqlite3.connect(path, isolation_level=None)
    row = (uid, *request.param, "later", "user:bob", "c", '{"dream":"sheep"}')
    connection.execute(
        "INSERT INTO event (ticket_uid, n, type, v, at, by, command_id, data) VALUES (?, 2, ?, ?, ?, ?, ?, ?)", row
    )
    connection.execute("INSERT OR IGNORE INTO event_kind VALUES (?, ?)", request.param)
    connection.close()
    yield kept
    kept.close()


def test_an_event_of_a_newer_release_is_kept_and_shown_and_nothing_is_changed_on_top_of_it(
    strange: sqlite.SqliteStore,
) -> None:
    (before,) = shown(strange)
    log = strange.log(before["uid"])
    assert log[-1].data == {"dream": "sheep"}

    for change in (
        lambda: builders.open_one(strange),
        lambda: builders.append(strange, before["uid"], [builders.edited(a=1)]),
        strange.rebuild,
        lambda: strange.mend(anew=True),
    ):
        with pytest.raises(errors.Refused, match="can only be read: it holds events of a newer Tickety") as refusal:
            change()
        assert refusal.value.exit_code == 4
        assert "upgrade tickety" in refusal.value.hint

    assert shown(strange) == [before]
    assert strange.log(before["uid"]) == log
    assert ["of a newer Tickety" in finding.sentence for finding in strange.examine()] == [True]


def test_an_older_store_with_a_strange_event_is_read_and_stays_as_it_is(old: Path) -> None:
    connection = sqlite3.connect(old, isolation_level=None)
    connection.execute("UPDATE event SET type = 'ticket.dreamt' WHERE type = 'ticket.edited'")
    connection.close()
    kept = sqlite.SqliteStore(str(old))

    assert len(shown(kept)) == 4
    with pytest.raises(errors.Refused, match=r"ticket\.dreamt"):
        builders.open_one(kept)

    kept.close()
    assert schema(old) == 1
