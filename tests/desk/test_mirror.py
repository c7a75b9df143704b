"""The mirror follows within every change, catches up, and stays in its folder."""

import fcntl
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import builders
from tickety import places, store
from tickety.bootstrap import memory

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, ".")
from tests import builders
from tests.desk import test_mirror
kept = test_mirror.opened_at(Path(sys.argv[1]))
builders.append(kept, sys.argv[2], [builders.edited(a=1)])
"""
TOML = '[mirror]\nfolder = "tickets"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "project" / "tickety.toml").write_text(TOML)
    return tmp_path / "project"


@pytest.fixture
def kept(checkout: Path) -> Iterator[store.Store]:
    opened = opened_at(checkout)
    yield opened
    opened.close()


def opened_at(checkout: Path) -> store.Store:
    found = places.Places(str(checkout / ".git"), str(checkout), str(checkout.parent / "state"))
    return memory.open_memory(found, "user:ada").store


def version(checkout: Path, ticket_id: str) -> int:
    found: int = json.loads((checkout / "tickets" / f"{ticket_id}.json").read_text())["version"]
    return found


def test_a_change_is_in_the_mirror_when_it_is_made(checkout: Path, kept: store.Store) -> None:
    first = builders.open_one(kept)
    builders.append(kept, first.uid, [builders.edited(a=1), builders.edited(b=2)])

    assert version(checkout, first.id) == 3
    assert [path.name for path in (checkout / "tickets").iterdir()] == [f"{first.id}.json"]


def test_what_a_killed_writer_left_undone_is_caught_up(checkout: Path, kept: store.Store) -> None:
    first = builders.open_one(kept)
    (checkout / "tickety.toml").write_text("")
    silent = opened_at(checkout)
    builders.append(silent, first.uid, [builders.edited(a=1)])
    silent.close()
    assert version(checkout, first.id) == 1

    (checkout / "tickety.toml").write_text(TOML)
    builders.open_one(kept)

    assert version(checkout, first.id) == 2


def test_a_writer_that_is_killed_between_its_change_and_the_mirror_is_caught_up(
    checkout: Path, kept: store.Store
) -> None:
    first = builders.open_one(kept)
    record = checkout / ".git" / "tickety" / "mirror.json"
    with record.with_name("mirror.json.lock").open("r+") as lock:
        # Whoever changes a ticket now waits for the mirror, with its change made.
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen([sys.executable, "-c", WRITER, str(checkout), first.uid], cwd=ROOT) as writer:
            while kept.load(first.uid).version == 1:
                assert writer.poll() is None
            writer.kill()
        assert writer.returncode == -signal.SIGKILL
    assert (version(checkout, first.id), kept.load(first.uid).version) == (1, 2)

    second = builders.open_one(kept)

    assert (version(checkout, first.id), version(checkout, second.id)) == (2, 1)


def test_a_file_that_was_removed_is_written_again_with_the_next_change(checkout: Path, kept: store.Store) -> None:
    first, second = builders.open_one(kept), builders.open_one(kept)
    (checkout / "tickets" / f"{first.id}.json").unlink()
    (checkout / "tickets" / "notes.txt").write_text("mine")

    builders.append(kept, second.uid, [builders.edited(a=1)])

    assert (version(checkout, first.id), version(checkout, second.id)) == (1, 2)
    assert (checkout / "tickets" / "notes.txt").read_text() == "mine"


def test_a_change_writes_no_file_but_its_own(checkout: Path, kept: store.Store) -> None:
    first, second = builders.open_one(kept), builders.open_one(kept)
    untouched = (checkout / "tickets" / f"{first.id}.json").stat()

    builders.append(kept, second.uid, [builders.edited(a=1)])

    assert (checkout / "tickets" / f"{first.id}.json").stat() == untouched


def test_a_folder_that_was_removed_is_made_whole_again(checkout: Path, kept: store.Store) -> None:
    first, second = builders.open_one(kept), builders.open_one(kept)
    for path in (checkout / "tickets").iterdir():
        path.unlink()
    (checkout / "tickets").rmdir()
    builders.append(kept, second.uid, [builders.edited(a=1)])

    assert (version(checkout, first.id), version(checkout, second.id)) == (1, 2)


def test_a_link_is_not_followed_and_the_change_is_made_all_the_same(
    checkout: Path, kept: store.Store, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = checkout.parent / "outside"
    outside.mkdir()
    (checkout / "tickets").symlink_to(outside)

    first = builders.open_one(kept)

    assert kept.load(first.uid).id == first.id
    assert list(outside.iterdir()) == []
    assert "does not follow" in capsys.readouterr().err


def test_a_file_that_is_a_link_is_replaced_and_never_written_through(checkout: Path, kept: store.Store) -> None:
    precious = checkout / "precious"
    precious.write_text("mine")
    (checkout / "tickets").mkdir()
    (checkout / "tickets" / "BUG-2026-001.json").symlink_to(precious)

    builders.open_one(kept)

    assert precious.read_text() == "mine"
    assert not (checkout / "tickets" / "BUG-2026-001.json").is_symlink()


@pytest.mark.parametrize("folder", ["../out", "/x/y", ".git", "a/../b", "", "a//b", ".", "x/.GIT/hooks"])
def test_a_folder_that_leads_out_of_the_checkout_is_refused(
    checkout: Path, kept: store.Store, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "tickety.toml").write_text(f'[mirror]\nfolder = "{folder}"\n')
    builders.open_one(kept)

    assert "leads out of the checkout" in capsys.readouterr().err
    assert sorted(path.name for path in checkout.iterdir()) == [".git", "tickety.toml"]


def test_without_a_mirror_nothing_is_written_into_the_checkout(checkout: Path, kept: store.Store) -> None:
    (checkout / "tickety.toml").unlink()
    builders.open_one(kept)

    assert [path.name for path in checkout.iterdir()] == [".git"]
