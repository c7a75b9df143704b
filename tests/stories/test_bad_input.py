"""Everything that can be wrong around a sentence: one clear error with the remedy, and nothing lost."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stories import house as houses

ROOT = os.geteuid() == 0


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[None]:
    """A file system of its own in a folder; the story is skipped where root may not mount."""
    folder.mkdir(mode=0o700)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_outside_a_repository_it_says_so(tmp_path: Path, notes: houses.House) -> None:
    ended = notes.tickety(houses.SENTENCE, "--json", cwd=tmp_path)

    assert ended.code == 3
    assert "not in a git repository" in ended.error["message"]
    assert "git init" in ended.error["hint"]


@pytest.mark.slow
def test_a_dirty_checkout_is_said_and_left_alone(notes: houses.House) -> None:
    (notes.path / "notes" / "about.py").write_text("broken = (\n")
    before = notes.footprint()

    ended = notes.tickety(houses.SENTENCE, "--yes")

    assert ended.code == 0, ended.err
    assert "uncommitted changes" in ended.err
    assert notes.footprint() == before


def test_without_a_commit_the_ticket_is_kept_and_the_remedy_named(empty: houses.House) -> None:
    ended = empty.tickety(houses.SENTENCE, "--yes")

    assert ended.code == 4
    assert "commit" in ended.err
    assert len(empty.tickety("list", "--json").data["tickets"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "no words"),
        ("  \n ", "no words"),
        (b"\x00\x01\x02 binary", "binary"),
        (b"\xff\xfe\xfa", "binary"),
        ("x " * 600_000, "long"),
    ],
    ids=["empty", "blank", "nul", "not UTF-8", "enormous"],
)
def test_words_that_are_none_are_refused_and_nothing_is_opened(
    notes: houses.House, words: str | bytes, said: str
) -> None:
    ended = notes.tickety("-", "--json", stdin=words)

    assert ended.code == 2
    assert said in ended.error["message"]
    assert notes.tickety("list", "--json").data["tickets"] == []


def test_a_long_text_is_kept_whole(notes: houses.House) -> None:
    words = "The log says:\n" + "ImportError: no\n" * 20_000

    opened = notes.tickety("new", "-", "--json", stdin=words)

    assert opened.code == 0
    assert notes.tickety("show", "1", "--json").data["description"] == words.strip()


def test_a_store_that_is_no_database_is_named_with_the_remedy(notes: houses.House) -> None:
    store = notes.path / ".git" / "tickety" / "tickety.db"
    store.parent.mkdir()
    store.write_text("these are my recipes")

    for call in (("list",), ("new", "It fails")):
        ended = notes.tickety(*call, "--json")
        assert ended.code == 4
        assert "not a Tickety store" in ended.error["message"]
        assert "mv" in ended.error["hint"]
    assert store.read_text() == "these are my recipes"


def test_a_store_of_a_newer_release_is_left_alone(notes: houses.House) -> None:
    notes.tickety("new", "It fails")
    store = sqlite3.connect(notes.path / ".git" / "tickety" / "tickety.db")
    store.execute("PRAGMA user_version = 999")
    store.close()

    for call in (("list",), ("new", "It fails")):
        ended = notes.tickety(*call, "--json")
        assert ended.code == 4
        assert "newer Tickety" in ended.error["message"]
        assert "upgrade" in ended.error["hint"]


def test_without_a_verification_no_pass_is_invented(empty: houses.House) -> None:
    empty.commit({"hello.sh": "echo hello\n"})

    waiting = empty.tickety("The greeting is wrong", "--yes", "--json")
    ticket_id = waiting.ticket["id"]
    answered = empty.tickety("retry", ticket_id, "--verify", "grep -q hallo hello.sh", "--json")

    assert waiting.code == 5
    assert f"tickety retry {ticket_id} --verify" in waiting.error["hint"]
    assert waiting.ticket["status"] == "open"
    receipts = [receipt for update in answered.ticket["agent_updates"] for receipt in update["receipts"]]
    assert receipts[0]["command"] == ["grep", "-q", "hallo", "hello.sh"]
    assert receipts[0]["exit_code"] == 1


def test_a_failing_set_up_is_no_failing_test_and_no_agent_is_paid(notes: houses.House) -> None:
    witness = notes.home / "witness"
    notes.write({"tickety.toml": '[workspace]\nsetup = [["sh", "-c", "echo no space here >&2; exit 3"]]\n'})
    notes.seat("Research", f"open({str(witness)!r}, 'w')\n")

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 5
    assert ended.ticket["waiting_for"].startswith("set-up failed: ")
    assert "no space here" in ended.ticket["waiting_for"]
    assert not witness.exists()
    receipt = ended.ticket["agent_updates"][0]["receipts"][0]
    assert (receipt["phase"], receipt["exit_code"]) == ("setup", 3)


@pytest.mark.slow
def test_a_failed_set_up_that_was_mended_starts_again_from_the_newest_commit(notes: houses.House) -> None:
    notes.commit({"tickety.toml": '[workspace]\nsetup = [["false"]]\n'})
    waiting = notes.tickety(houses.SENTENCE, "--yes", "--json").ticket

    notes.commit({"tickety.toml": '[workspace]\nsetup = [["true"]]\n'}, "mend the set-up")
    ended = notes.tickety("retry", waiting["id"], "--yes", "--json")

    assert ended.code == 0, ended.err
    assert ended.ticket["base"] == notes.git("rev-parse", "main").strip()


def test_a_verification_whose_runner_is_missing_is_no_red(notes: houses.House) -> None:
    notes.commit(
        {"tickety.toml": '[verification]\ncommand = ["python3", "-m", "no_such_runner"]\n[workspace]\nsetup = []\n'}
    )

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 5
    assert "no_such_runner is not installed" in ended.ticket["waiting_for"]


def test_a_mistyped_verb_is_never_a_ticket(notes: houses.House) -> None:
    ended = notes.tickety("lsit", "--json")

    assert ended.code == 2
    assert "did you mean `tickety list`?" in ended.error["hint"]
    assert notes.tickety("list", "--json").data["tickets"] == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [("[verification]\ncommand = 3\n", "command"), ("= =", "tickety.toml"),
     ('[verification]\ncommand = "pytest | tee"\n', "shell"), ('[roster.Barista]\nagent = "mechanic"\n', "Barista")],
)  # fmt: skip
def test_a_mistake_in_the_settings_is_named(notes: houses.House, settings: str, said: str) -> None:
    notes.commit({"tickety.toml": settings})

    ended = notes.tickety(houses.SENTENCE, "--yes")

    assert ended.code == 2
    assert said in ended.err
    assert len(notes.tickety("list", "--json").data["tickets"]) == 1


def test_a_table_that_is_misspelt_is_named_before_a_ticket_is_opened(notes: houses.House) -> None:
    notes.commit({"tickety.toml": "[verificaton]\n"})

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert (ended.code, "[verificaton]" in ended.error["message"]) == (2, True)
    assert "did you mean [verification]?" in ended.error["hint"]
    assert not (notes.path / ".git" / "tickety").exists()


@pytest.mark.slow
@pytest.mark.skipif(not ROOT, reason="only root can mount a small disk and act as another user")
def test_a_full_disk_loses_nothing_that_was_acknowledged(notes: houses.House) -> None:
    with small_disk(notes.path / ".git" / "tickety", "size=1200k,mode=700"):
        opened = [notes.tickety("new", f"Fault number {number}: " + "x" * 40_000, "--json") for number in range(30)]
        listed = notes.tickety("list", "--json", "--all")

    kept = [one.data["id"] for one in opened if one.code == 0]
    refused = [one for one in opened if one.code != 0]
    assert kept
    assert refused
    assert {one.code for one in refused} == {1}
    assert all("space" in one.error["hint"] for one in refused)
    assert [ticket["id"] for ticket in listed.data["tickets"]] == kept


@pytest.mark.skipif(not ROOT, reason="only root can mount a disk that nobody writes to")
def test_a_folder_that_cannot_be_written_is_named(notes: houses.House) -> None:
    disk = notes.path / ".git" / "tickety"
    with small_disk(disk, "size=400k,ro"):
        ended = notes.tickety("new", "It fails", "--json")

    assert ended.code == 1
    assert f"{disk} cannot be written" in ended.error["message"]
    assert "mount it for writing" in ended.error["hint"]


@pytest.mark.skipif(not ROOT, reason="only root can make a mount table of its own")
def test_a_network_mount_is_refused_with_the_remedy(notes: houses.House) -> None:
    mounts = notes.home / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/home {notes.path} nfs4 rw 0 0\n")
    new = [sys.executable, "-m", "tickety", "new", "It fails", "--json"]
    call = 'mount --bind "$0" /proc/$$/mounts && exec "$@"'
    ended = subprocess.run(
        ["unshare", "--mount", "sh", "-c", call, str(mounts), *new],
        capture_output=True, cwd=notes.path, env=notes.environment, text=True, check=False,
    )  # fmt: skip
    if "mount:" in ended.stderr or "unshare:" in ended.stderr:
        pytest.skip("this machine does not let root mount")

    assert ended.returncode == 4
    assert "lies on a network mount (nfs4)" in ended.stderr
    assert "clone the repository to a local disk" in ended.stderr
    assert not (notes.path / ".git" / "tickety").exists()


@pytest.mark.skipif(not ROOT, reason="only root can mount")
def test_what_is_kept_can_be_read_on_a_full_disk_and_on_one_that_nobody_writes_to(notes: houses.House) -> None:
    disk = notes.path / ".git" / "tickety"
    with small_disk(disk, "size=300k,mode=700"):
        assert notes.tickety("new", "It fails").code == 0
        filled = subprocess.run(["dd", "if=/dev/zero", f"of={disk}/filler", "bs=4k"], capture_output=True, check=False)
        assert filled.returncode != 0
        on_full = [notes.tickety(*verb, "--json").code for verb in (("list",), ("show", "1"), ("log", "1"), ())]
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        on_read_only = [notes.tickety(*verb, "--json").code for verb in (("list",), ("show", "1"), ("log", "1"), ())]

    assert on_full == [0, 0, 0, 0]
    assert on_read_only == [0, 0, 0, 0]


@pytest.mark.slow
def test_a_store_that_was_emptied_is_not_taken_for_a_new_one(notes: houses.House) -> None:
    notes.tickety(houses.SENTENCE, "--yes")
    store = notes.path / ".git" / "tickety" / "tickety.db"
    for path in store.parent.glob("tickety.db*"):
        path.unlink()
    store.touch()

    for verb in (("list",), ("new", "It fails again")):
        ended = notes.tickety(*verb, "--json")
        assert ended.code == 4
        assert "is empty" in ended.error["message"]


def test_a_state_folder_in_the_checkout_is_refused(notes: houses.House) -> None:
    before = notes.footprint()

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json", XDG_STATE_HOME=str(notes.path / "state"))

    assert ended.code == 4
    assert "XDG_STATE_HOME" in ended.error["hint"]
    assert notes.footprint() == before


@pytest.mark.slow
def test_a_ticket_that_is_stuck_does_not_stop_the_others(notes: houses.House) -> None:
    notes.tickety("new", "The greeting is wrong", "--type", "doc", "--priority", "critical")
    notes.tickety("new", houses.SENTENCE)

    ended = notes.tickety("run", "--yes", "--json")

    results = [line["ticket"] for line in ended.lines if line["type"] == "result"]
    assert [ticket["status"] for ticket in results] == ["in_progress", "closed"]
    assert ended.code == 5
