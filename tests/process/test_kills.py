"""kill -9 at any moment: what was acknowledged stays, what was not is whole or not there.

``TICKETY_KILLS`` says how often; `make soak` kills 5,000 times.
"""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import builders
from tickety import store
from tickety.core import query
from tickety.stores import sqlite

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("TICKETY_KILLS", "150"))
NURSERY = """
import os, sys
from tests import builders
from tickety.core import document, events, history, lifecycle, undo
from tickety.stores import audit, lock, migrate, projection, rows, sqlite, upkeep

path, acks, shared = sys.argv[1:]

def write():
    kept = sqlite.SqliteStore(path)
    said = os.open(acks, os.O_WRONLY | os.O_APPEND)
    while True:
        for verb in (fresh, pair):
            author = builders.author()
            kept.change(author, verb)
            os.write(said, (author.command_id + "\\n").encode())
        if os.getpid() % 3 == 0:
            kept.close()  # checkpoints

def fresh(changing):
    number = changing.take_number("BUG", builders.YEAR)
    subject = changing.open(builders.new_uid(), builders.opening(f"BUG-2026-{number:03}", tags=["a"]))
    changing.append(subject, [events.Draft("ticket.voted", {"votes": 1})])

def pair(changing):
    number = os.urandom(1)[0]
    words = "x" * (number * 400)  # now and then a text that is kept apart
    changing.append(changing.load(shared), [builders.edited(**{f"k{number % 20}": words}), builders.edited(b=number)])

for _ in sys.stdin:
    child = os.fork()
    if not child:
        write()
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


class Nursery:
    """A process that has loaded everything, and whose children write until they are killed."""

    def __init__(self, process: "subprocess.Popen[str]", acks: Path) -> None:
        self._process = process
        self._acks = acks
        self._read = 0

    def kill_one(self, after: int, moment: int) -> list[str]:
        """Start a writer, kill it ``moment`` looks after its first ``after`` acknowledgements; all it acknowledged."""
        assert self._process.stdin is not None
        print("go", file=self._process.stdin, flush=True)
        pid = int(self._line())
        while self._acks.stat().st_size < self._read + after * 17:
            pass
        for _ in range(moment):
            self._acks.stat()
        os.kill(pid, 9)
        assert self._line() == "gone"
        with self._acks.open() as file:
            file.seek(self._read)
            said = file.read()
        self._read += len(said)
        return said.split()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def nursery(path: Path, shared: str) -> Iterator[Nursery]:
    acks = path.parent.parent / "acks"
    acks.touch()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))}
    words = [sys.executable, "-c", NURSERY, str(path), str(acks), shared]
    with subprocess.Popen(words, stdin=-1, stdout=-1, text=True, env=environment, cwd=ROOT) as process:
        yield Nursery(process, acks)


def test_what_was_acknowledged_is_there_and_whole_after_kill_9_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "tickety" / "tickety.db"
    chance = random.Random(KILLS)  # noqa: S311 - moments, no secrets
    kept = sqlite.SqliteStore(str(path))
    shared = builders.open_one(kept).uid
    kept.close()
    seq, acknowledged = 1, 0
    with nursery(path, shared) as writers:
        for cycle in range(1, KILLS + 1):
            said = writers.kill_one(chance.randrange(4), chance.randrange(4000))
            acknowledged += len(said)

            reader = sqlite.SqliteStore(str(path))
            log = reader.since(seq, 100_000)
            commands = Counter(event.command_id for event in log)
            assert commands.keys() >= set(said)
            assert set(commands.values()) <= {2}
            assert len(commands.keys() - set(said)) <= 1
            seq = log[-1].seq if log else seq
            if cycle % 250 == 0 or cycle == KILLS:
                assert list(reader.examine()) == []
            reader.close()

    assert acknowledged >= KILLS
    assert_gapless(kept)
    kept.close()


def assert_gapless(kept: store.Store) -> None:
    """The next number follows the last one: a number that a killed writer took was given back."""
    opened = kept.count(query.EVERYTHING)

    assert builders.open_one(kept).id == f"BUG-2026-{opened + 1:03}"
