"""Many processes come by at once: each rule is told by one of them."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests import builders
from tickety.stores import sqlite

CROWD = 8
ATTEND = """
import sys
from pathlib import Path
from tests.desk import room
from tickety.desk import rules

desk = room.memory_in(Path(sys.argv[1]))
desk.clock.go_on(30 * 3600)
print("ready", flush=True)
sys.stdin.readline()
print(len(rules.attend(desk)), flush=True)
"""


def test_eight_processes_that_look_at_once_tell_each_cause_once(tmp_path: Path) -> None:
    kept = sqlite.SqliteStore(str(tmp_path / "tickety" / "tickety.db"))
    for number in range(40):
        builders.open_one(kept, priority="critical" if number % 2 else "high")
    root = Path(__file__).parents[2]
    crowd = [
        subprocess.Popen([sys.executable, "-c", ATTEND, str(tmp_path)], stdin=-1, stdout=-1, text=True, cwd=root)
        for _ in range(CROWD)
    ]
    for process in crowd:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [int(process.communicate()[0]) for process in crowd]

    raised = Counter(
        (event.ticket_uid, event.data["id"]) for event in kept.since(0, 9999) if event.type == "escalation.raised"
    )
    assert set(raised.values()) == {1}
    assert sum(told) == len(raised) == 40 * 2 + 20
    assert list(kept.examine()) == []
    kept.close()
