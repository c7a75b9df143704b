"""The SQLite store among real processes, real kills, full disks and other people's files."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tickety import store
from tickety.core import errors, ids
from tickety.stores import lock, sqlite

ROOT = Path(__file__).parents[2]
NOBODY = 65534
IS_ROOT = os.geteuid() == 0

WRITE = """
import os, sys
from tests import builders
from tickety.stores import sqlite

path, shared, count = sys.argv[1:]
kept = sqlite.SqliteStore(path)
print("ready", flush=True)
input()
for index in range(int(count)):
    print(builders.open_one(kept).id, flush=True)
    builders.append(kept, shared, [builders.edited(**{f"{os.getpid()}-{index}": True})])
"""
TRY = """
import os, sys
from tests import builders
from tickety.core import errors
from tickety.stores import sqlite

def attempt(verb, path):
    kept = sqlite.SqliteStore(path)
    try:
        print("took", builders.open_one(kept).id if verb == "write" else kept.page(["open"], 9, None, whole=False).rows)
    except errors.TicketyError as error:
        print(type(error).__name__, error.message, error.hint, sep="\\n")

verb, path, own, user = sys.argv[1:]
attempt("write", own)  # loads what is loaded late: as somebody else we may not be able to
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
attempt(verb, path)
"""
HOLD = """
import sys
from tickety.stores import lock

with lock.held(sys.argv[1]):
    print("held", flush=True)
    input()
"""


def start(script: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *words], stdin=-1, stdout=-1, text=True, cwd=ROOT, env=environment()
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def shown(path: Path) -> list[str]:
    """The ids that somebody who comes by now reads."""
    kept = sqlite.SqliteStore(str(path))
    page = kept.page(builders.EVERY_STATUS, 100_000, None, whole=False)
    kept.close()
    return sorted(row.id for row in page.rows)


def is_sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    answer = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return answer == [("ok",)]


def names(count: int) -> list[str]:
    return [ids.format_id("BUG", builders.YEAR, number) for number in range(1, count + 1)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tickety" / "tickety.db"


@pytest.fixture
def kept(path: Path) -> Iterator[sqlite.SqliteStore]:
    opened = sqlite.SqliteStore(str(path))
    yield opened
    opened.close()


# Many at once.


@pytest.mark.slow
def test_twelve_processes_writing_at_once_lose_nothing_and_share_nothing(path: Path, kept: sqlite.SqliteStore) -> None:
    shared = builders.open_one(kept).uid
    writers = [start(WRITE, str(path), shared, "10") for _ in range(12)]
    assert [line(writer) for writer in writers] == ["ready"] * 12

    for writer in writers:
        go(writer)
    said = [writer.communicate()[0].split() for writer in writers]

    assert [writer.returncode for writer in writers] == [0] * 12
    assert sorted(name for names_of_one in said for name in names_of_one) == names(121)[1:]
    assert shown(path) == names(121)
    assert len(kept.load(shared).metadata) == 120
    log = [event for document in whole(kept) for event in kept.log(document)]
    assert sorted(event.seq for event in log) == list(range(1, 242))
    assert [event.n for event in kept.log(shared)] == list(range(1, 122))
    assert is_sound(path)


def whole(kept: store.Store) -> list[str]:
    return [str(document["uid"]) for document in kept.page(builders.EVERY_STATUS, 1000, None, whole=True).documents]


# kill -9.


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_kill_9_again_and_again(path: Path, kept: sqlite.SqliteStore) -> None:
    shared = builders.open_one(kept).uid
    kept.close()
    acknowledged = names(1)
    for cycle in range(25):
        writer = start(WRITE, str(path), shared, "1000000")
        assert line(writer) == "ready"
        go(writer)
        acknowledged += [line(writer) for _ in range(1 + cycle % 4)]
        writer.kill()
        rest = writer.communicate()[0]
        acknowledged += rest.splitlines()[: rest.count("\n")]

        there = shown(path)

        assert set(acknowledged) <= set(there)
        assert there == names(len(there))
        assert is_sound(path)
    assert len(acknowledged) > 50
    assert builders.open_one(kept).id == ids.format_id("BUG", builders.YEAR, len(shown(path)))


def test_a_killed_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    holder = start(HOLD, str(tmp_path / "x.lock"))
    assert line(holder) == "held"

    holder.kill()
    holder.communicate()

    with lock.held(str(tmp_path / "x.lock"), patience=0):
        pass


def test_a_lock_that_is_not_free_in_time_names_who_holds_it(tmp_path: Path) -> None:
    holder = start(HOLD, str(tmp_path / "x.lock"))
    assert line(holder) == "held"

    with (
        pytest.raises(errors.Refused, match=f"held by process {holder.pid} ") as refusal,
        lock.held(str(tmp_path / "x.lock"), patience=0),
    ):
        pass

    assert f"ps -p {holder.pid}" in refusal.value.hint
    holder.communicate("\n")


def test_the_last_holder_is_named_and_not_an_earlier_one_with_a_longer_number(tmp_path: Path) -> None:
    (tmp_path / "x.lock").write_text("99999999999999999999")
    holder = start(HOLD, str(tmp_path / "x.lock"))
    assert line(holder) == "held"

    with (
        pytest.raises(errors.Refused, match=f"held by process {holder.pid} "),
        lock.held(str(tmp_path / "x.lock"), patience=0),
    ):
        pass

    holder.communicate("\n")


# Durable, and private.


def test_every_commit_is_flushed_and_every_file_is_the_users_own_from_the_start(path: Path) -> None:
    before = os.umask(0)
    kept = sqlite.SqliteStore(str(path))

    def look(_: store.Transaction) -> dict[str, int]:
        return {file.name: stat.S_IMODE(file.stat().st_mode) for file in (path.parent, *path.parent.iterdir())}

    first = kept.change(builders.author(), look)
    builders.open_one(kept)
    second = kept.change(builders.author(), look)
    os.umask(before)

    private = dict.fromkeys(("tickety.db", "tickety.db-wal", "tickety.db-shm", "tickety.db.lock"), 0o600)
    assert first == second == {"tickety": 0o700, **private}
    kept.close()


def test_the_stores_own_connection_keeps_a_log_and_flushes_every_commit(kept: sqlite.SqliteStore) -> None:
    builders.open_one(kept)
    connection = kept._reading()  # noqa: SLF001 - the promise is kept by each connection for itself

    asked = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "mmap_size")
    }

    assert asked == {"journal_mode": "wal", "synchronous": 2, "mmap_size": 0}


def test_reading_makes_no_change_to_the_store(path: Path, kept: sqlite.SqliteStore) -> None:
    builders.open_one(kept)
    kept.close()
    before = path.read_bytes()

    assert shown(path) == names(1)

    assert path.read_bytes() == before


def test_a_long_text_is_kept_once_however_often_its_ticket_changes(path: Path, kept: sqlite.SqliteStore) -> None:
    long = "".join(f"line {number}\n" for number in range(20_000))
    uid = builders.open_one(kept, description=long).uid

    for count in range(20):
        builders.append(kept, uid, [builders.edited(count=count, output=long)])

    kept.close()
    assert len(long) < path.stat().st_size < 3 * len(long)


# Files of somebody else's.


def refused(path: Path) -> errors.Refused:
    """Reading and writing are refused with the same words, and the file is left as it was."""
    before = path.read_bytes()
    said = []
    for verb in (shown, lambda path: builders.open_one(sqlite.SqliteStore(str(path)))):
        with pytest.raises(errors.Refused) as refusal:
            verb(path)
        said.append((refusal.value.message, refusal.value.hint))
    assert said[0] == said[1]
    assert path.read_bytes() == before
    return errors.Refused(*said[0])


@pytest.mark.parametrize(
    "content",
    [b"my notes\n", b"x", b"\0" * 4096, b"SQLite format 2\0" + b"\0" * 4096, b"SQLite format 3\0" + b"x" * 4096],
    ids=["text", "one letter", "zeros", "another format", "a torn database"],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    error = refused(path)

    assert error.message == f"{path} is not a Tickety store"
    assert f"mv '{path}' '{path}.other'" in error.hint


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE notes (x)", "PRAGMA application_id = 1", "PRAGMA user_version = 1"],
    ids=["tables", "mark", "version"],
)
def test_a_database_of_something_else_is_refused_and_left_alone(path: Path, statement: str) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(statement)
    other.close()

    assert refused(path).message == f"{path} is not a Tickety store"


def test_a_store_of_a_newer_release_is_refused_and_left_alone(path: Path, kept: sqlite.SqliteStore) -> None:
    builders.open_one(kept)
    kept.close()
    newer = sqlite3.connect(path, isolation_level=None)
    newer.execute(f"PRAGMA user_version = {store.SCHEMA + 1}")
    newer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    newer.close()

    error = refused(path)

    assert f"schema {store.SCHEMA + 1}, this one knows {store.SCHEMA}" in error.message
    assert "upgrade tickety" in error.hint


def test_an_empty_file_becomes_a_store_because_a_kill_may_have_left_it(path: Path, kept: sqlite.SqliteStore) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)

    assert shown(path) == []
    assert builders.open_one(kept).id == "BUG-2026-001"


# Network mounts.


def mounted(tmp_path: Path, *lines: str) -> sqlite.SqliteStore:
    """A store in ``tmp_path/a folder`` as it would be under these mounts."""
    table = tmp_path / "mounts"
    table.write_text("".join(f"{entry} rw 0 0\n" for entry in ("/dev/vda / ext4", *lines)))
    return sqlite.SqliteStore(str(tmp_path / "a folder" / "tickety" / "tickety.db"), str(table))


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "virtiofs"])
def test_a_store_on_a_network_mount_is_refused_with_the_remedy(tmp_path: Path, kind: str) -> None:
    with pytest.raises(errors.Refused, match=rf"network mount \({kind}\)") as refusal:
        builders.open_one(mounted(tmp_path, f"server:/home {tmp_path} {kind}"))

    assert "local disk" in refusal.value.hint
    assert not (tmp_path / "a folder").exists()


def test_a_network_mount_whose_name_has_a_space_is_one_too(tmp_path: Path) -> None:
    with pytest.raises(errors.Refused, match="network mount"):
        builders.open_one(mounted(tmp_path, f"server:/home {tmp_path}/a\\040folder nfs"))


def test_a_network_mount_that_covers_a_local_one_counts(tmp_path: Path) -> None:
    with pytest.raises(errors.Refused, match="network mount"):
        builders.open_one(mounted(tmp_path, f"/dev/vdb {tmp_path} ext4", f"server:/home {tmp_path} nfs"))


@pytest.mark.parametrize(
    "lines",
    [
        ("server:/home {}/a nfs",),
        ("server:/home {} nfs", "/dev/vdb {}/a\\040folder ext4"),
        ("server:/home {} nfs", "/dev/vdb {} ext4"),
        ("server:/home {} fuse.portal",),
    ],
    ids=["a neighbour", "a local disk within", "a local disk on top", "a local fuse"],
)
def test_a_local_disk_is_taken_whatever_is_mounted_beside_it(tmp_path: Path, lines: tuple[str, ...]) -> None:
    kept = mounted(tmp_path, *(entry.format(tmp_path) for entry in lines))

    assert builders.open_one(kept).id == "BUG-2026-001"
    kept.close()


def test_without_a_table_of_mounts_every_disk_is_taken_for_local(tmp_path: Path) -> None:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"), str(tmp_path / "no such table"))

    assert builders.open_one(kept).id == "BUG-2026-001"
    kept.close()


# Folders that may not be written, or not even read.


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that another user can reach, and into which this test's children must not write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder / "git"
        for entry in (folder, *folder.rglob("*")):
            entry.chmod(0o755)


def attempt(verb: str, folder: Path, own: Path) -> list[str]:
    """What reading or writing the store says to a user who may not: root, who may everything, becomes nobody."""
    words = [verb, str(folder / "tickety" / "tickety.db"), str(own / "tickety" / "tickety.db"), str(NOBODY)]
    ended = subprocess.run(
        [sys.executable, "-c", TRY, *words], check=False, capture_output=True, text=True, cwd=ROOT, env=environment()
    )
    assert not ended.stderr
    own_answer, *said = ended.stdout.splitlines()
    assert own_answer == "took BUG-2026-001"
    return said


def filled(folder: Path) -> Path:
    folder.mkdir()
    kept = sqlite.SqliteStore(str(folder / "tickety" / "tickety.db"))
    builders.open_one(kept)
    kept.close()
    return folder / "tickety"


def test_a_folder_that_takes_no_store_is_named_with_the_remedy(ground: Path, tmp_path: Path) -> None:
    ground.mkdir()
    ground.chmod(0o555)

    said = attempt("write", ground, tmp_path)

    assert said[0] == "Failed"
    assert f"{ground}/tickety cannot be written" in said[1]
    assert "chmod" in said[2]
    assert list(ground.iterdir()) == []


def test_a_store_that_may_only_be_read_does_not_take_a_change(ground: Path, tmp_path: Path) -> None:
    inside = filled(ground)
    for file in inside.iterdir():
        file.chmod(0o444)
    inside.chmod(0o555)

    said = attempt("write", ground, tmp_path)

    assert said[0] == "Failed"
    assert f"{inside} cannot be written" in said[1]


def test_a_store_that_may_not_be_read_is_not_taken_for_an_empty_one(ground: Path, tmp_path: Path) -> None:
    filled(ground).chmod(0o000)

    said = attempt("read", ground, tmp_path)

    assert said[0] == "Failed"
    assert "Permission denied" in said[1]


def test_a_file_that_may_not_be_read_is_not_taken_for_an_empty_store(ground: Path, tmp_path: Path) -> None:
    inside = filled(ground)
    inside.chmod(0o755)
    (inside / "tickety.db").chmod(0o000)

    assert attempt("read", ground, tmp_path)[0] == "Failed"


# A full disk.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if not IS_ROOT:
        pytest.skip("mounting a small disk needs root")
    point = tmp_path / "small"
    point.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "small", point], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield point
    subprocess.run(["umount", "--lazy", point], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096) == 4096:
                pass
        except OSError:
            pass
    return ballast


def write_until_full(kept: store.Store) -> tuple[list[str], errors.Failed]:
    acknowledged: list[str] = []
    for index in range(1000):
        try:
            acknowledged.append(builders.open_one(kept, description=f"{index} words " * 2_000).id)
        except errors.Failed as failed:
            return acknowledged, failed
    raise AssertionError("the disk was never full")


def test_a_disk_that_fills_up_is_named_and_what_was_acknowledged_is_kept(small_disk: Path) -> None:
    path = small_disk / "tickety" / "tickety.db"
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 256 * 1024)
    kept = sqlite.SqliteStore(str(path))

    acknowledged, failed = write_until_full(kept)

    assert acknowledged == names(len(acknowledged)) != []
    assert str(path) in failed.message
    assert "free some space" in failed.hint
    assert [row.id for row in kept.page(["open"], 1000, None, whole=False).rows] == acknowledged
    ballast.unlink()
    assert builders.open_one(kept).id == names(len(acknowledged) + 1)[-1]
    kept.close()
    assert shown(path) == names(len(acknowledged) + 1)
    assert is_sound(path)


def test_a_disk_that_is_full_before_the_first_ticket_takes_it_once_there_is_room(small_disk: Path) -> None:
    path = small_disk / "tickety" / "tickety.db"
    ballast = fill(small_disk)
    kept = sqlite.SqliteStore(str(path))

    with pytest.raises(errors.Failed) as failed:
        builders.open_one(kept)

    assert "free some space" in failed.value.hint
    ballast.unlink()
    assert builders.open_one(kept).id == "BUG-2026-001"
    kept.close()
    assert is_sound(path)


def test_a_store_on_a_disk_that_is_full_can_still_be_read_while_it_is_open(small_disk: Path) -> None:
    kept = sqlite.SqliteStore(str(small_disk / "tickety" / "tickety.db"))
    opened = builders.open_one(kept)
    fill(small_disk)

    assert kept.load(opened.uid) == opened
    assert shown(small_disk / "tickety" / "tickety.db") == names(1)
    kept.close()
