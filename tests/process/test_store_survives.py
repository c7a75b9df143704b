"""The SQLite store among real processes, real kills, full disks and other people's files."""

import os
import shutil
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
from tickety.core import errors, ids, query
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
        opened = builders.of_status("open")
        print("took", builders.open_one(kept).id if verb == "write" else kept.page(opened, 9, None, whole=False).rows)
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
    page = kept.page(query.EVERYTHING, 100_000, None, whole=False)
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


# The lock.


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


# Locks, and what is flushed.


def test_another_process_that_leaves_never_takes_the_log_from_under_one_that_stays(
    path: Path, kept: sqlite.SqliteStore
) -> None:
    builders.open_one(kept)
    kept.close()
    reader, second = sqlite.SqliteStore(str(path)), sqlite.SqliteStore(str(path))
    assert len(reader.page(query.EVERYTHING, 9, None, whole=False).rows) == 1
    builders.open_one(reader)
    second.count(query.EVERYTHING)
    log = path.with_name("tickety.db-wal")
    before = log.stat().st_ino

    passer_by = start(WRITE, str(path), reader.log(builders.open_one(reader).uid)[0].ticket_uid, "1")
    assert line(passer_by) == "ready"
    go(passer_by)
    passer_by.communicate()

    assert log.stat().st_ino == before
    builders.open_one(reader)
    assert shown(path) == names(5)
    assert is_sound(path)
    for one in (reader, second):
        one.close()


def test_every_acknowledgement_comes_after_a_flush_of_the_log(path: Path, kept: sqlite.SqliteStore) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    shared = builders.open_one(kept).uid
    kept.close()
    script = WRITE.replace("input()\n", "").replace("for index", "os.write(1, b'begin')\nfor index")
    words = ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync,write,pwrite64", sys.executable, "-c", script]
    traced = subprocess.run(
        [*words, str(path), shared, "2"], capture_output=True, text=True, cwd=ROOT, env=environment(), check=False
    )
    if traced.returncode:
        pytest.skip(f"nothing can be traced here: {traced.stderr[-100:]}")

    calls = [entry for entry in traced.stderr.partition("begin")[2].splitlines() if "-wal>" in entry or "BUG-" in entry]
    kinds = ["ack" if "BUG-" in call and "-wal>" not in call else call.partition("(")[0] for call in calls]

    assert kinds.count("ack") == 2
    for index, kind in enumerate(kinds):
        if kind == "ack":
            assert kinds[index - 1] in {"fsync", "fdatasync"}


def test_every_file_is_private_at_every_moment_of_its_life(path: Path) -> None:
    """What another user could open while a writer is between making a file and writing to it."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    script = "import os; os.umask(0)\n" + WRITE.replace("input()\n", "").replace(
        "append(kept, shared", "append(kept, uid"
    )
    script = script.replace("    print(builders", "    uid = builders.open_one(kept).uid\n    print(builders")
    words = ["strace", "-f", "-e", "trace=openat,open,mkdir,mkdirat,chmod,fchmod", sys.executable, "-c", script]
    traced = subprocess.run(
        [*words, str(path), "", "2"], capture_output=True, text=True, cwd=ROOT, env=environment(), check=False
    )
    if traced.returncode:
        pytest.skip(f"nothing can be traced here: {traced.stderr[-300:]}")

    made = [
        entry
        for entry in traced.stderr.splitlines()
        if str(path.parent) in entry and ("O_CREAT" in entry or "mkdir" in entry or "chmod" in entry)
    ]

    assert any("-wal" in entry for entry in made)
    assert any("-shm" in entry for entry in made)
    assert any(".lock" in entry for entry in made)
    assert all("0600" in entry or "0700" in entry for entry in made), made
    for file in (path.parent, *path.parent.iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) == (0o700 if file.is_dir() else 0o600)


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
    assert len(long) < path.stat().st_size < 4 * len(long)


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
    assert [row.id for row in kept.page(builders.of_status("open"), 1000, None, whole=False).rows] == acknowledged
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


def test_a_store_on_a_read_only_mount_is_read_and_says_why_it_takes_no_change(small_disk: Path) -> None:
    path = small_disk / "tickety" / "tickety.db"
    kept = sqlite.SqliteStore(str(path))
    opened = builders.open_one(kept)
    kept.close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    assert kept.load(opened.uid) == opened
    assert list(kept.examine()) == []
    with pytest.raises(errors.Failed, match="read-only file system") as failed:
        builders.open_one(kept)

    assert "mount it for writing" in failed.value.hint
    kept.close()
