"""Reading on by cursor while many processes append: nothing is missed, nothing comes twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import builders
from tests.contract.houses import House
from tickety.core import events

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WRITERS, CHANGES = 16, 12
WRITE = """
import sys
from pathlib import Path
from tests import builders
from tests.contract import houses

name, folder, shared, changes = sys.argv[1:]
kept = houses.HOUSES[name](Path(folder))()
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(changes)):
    if number % 3:
        builders.append(kept, shared, [builders.edited(a=number), builders.edited(b=number)])
    else:
        builders.open_one(kept)
kept.close()
"""


def test_a_cursor_misses_nothing_and_repeats_nothing_while_sixteen_writers_append(
    house: House, house_name: str, tmp_path: Path
) -> None:
    kept, reader = house(), house()
    shared = builders.open_one(kept).uid
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path))}
    words = [sys.executable, "-c", WRITE, house_name, str(tmp_path), shared, str(CHANGES)]
    writers = [
        subprocess.Popen(words, stdin=-1, stdout=-1, text=True, env=environment, cwd=ROOT) for _ in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()

    followed: list[events.Event] = []
    looks = 0
    while any(writer.poll() is None for writer in writers):
        followed += reader.since(followed[-1].seq if followed else 0, 1 + looks % 7)
        looks += 1
    while more := reader.since(followed[-1].seq if followed else 0, 50):
        followed += more
    for writer in writers:
        writer.communicate()

    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert tuple(followed) == house().since(0, 10_000)
    assert len(followed) == 1 + WRITERS * (CHANGES // 3 + 2 * (CHANGES - CHANGES // 3))
    assert len({event.seq for event in followed}) == len(followed)
    numbers: dict[str, list[int]] = {}
    for event in followed:
        numbers.setdefault(event.ticket_uid, []).append(event.n)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert looks > 10
