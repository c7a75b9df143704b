"""Thirty-two processes at once on one store, through the command line: every verb succeeds, nothing is lost."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.stories import house as houses
from tickety.core import events
from tickety.stores import sqlite

pytestmark = pytest.mark.slow

CROWD = 32
WORK = """
import contextlib, io, json, os, sys
from tickety.cli import main, changing, close, comment, edit, link, new, reopen, tag, vote

number, shared = sys.argv[1:]
me = ("--as", "user:w" + number)

def say(*words):
    answer = io.StringIO()
    with contextlib.redirect_stdout(answer):
        code = main.cli.main([*words, *me, "--json"], standalone_mode=False)
    assert not code, (words, code)
    shown = json.loads(answer.getvalue()).get("id")
    print(json.dumps([words[0], words[-1], shown]), flush=True)
    return shown

print("ready", flush=True)
sys.stdin.readline()
own = []
for round in range(5):
    mark = f"w{number}-{round}"
    kind = ("bug", "feature", "task")[(int(number) + round) % 3]
    own.append(say("new", "Something is to be done for " + mark, "--type", kind))
    say("comment", shared, "first " + mark)
    say("edit", shared, "--title", "Title of " + mark)
    say("tag", shared, "tag-of-" + mark)
    say("vote", shared)
    say("comment", own[-1], "second " + mark)
    say("edit", own[-1], "--estimate", str(round + 1))
    say("link", own[-1], "related_to", shared)
    say("close", own[-1], "--resolution", "cancelled")
    say("reopen", own[-1])
"""


def start(house: houses.House, number: int, shared: str) -> "subprocess.Popen[str]":
    environment = {**house.environment, "PYTHONPATH": ":".join(filter(None, sys.path))}
    words = [sys.executable, "-c", WORK, str(number), shared]
    return subprocess.Popen(words, stdin=-1, stdout=-1, stderr=-1, text=True, cwd=house.path, env=environment)


def test_thirty_two_processes_do_fifty_verbs_each_and_nobody_is_refused_and_nothing_is_lost(
    empty: houses.House,
) -> None:
    shared = str(empty.tickety("new", "Everybody works on this", "--type", "bug", "--json").data["id"])
    crowd = [start(empty, number, shared) for number in range(CROWD)]
    for process in crowd:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    passers_by = [empty.start("comment", shared, f"passer-by {number}") for number in range(6)]
    ended = [process.communicate() for process in crowd]
    walked = [process.communicate() for process in passers_by]

    assert [(process.returncode, err) for process, (_, err) in zip(crowd, ended, strict=True)] == [(0, "")] * CROWD
    assert [(process.returncode, err) for process, (_, err) in zip(passers_by, walked, strict=True)] == [(0, "")] * 6
    acknowledged = [json.loads(line) for out, _ in ended for line in out.splitlines()]
    assert len(acknowledged) == CROWD * 50
    kept = sqlite.SqliteStore(str(empty.path / ".git" / "tickety" / "tickety.db"))
    _assert_all_is_there(kept.since(0, 100_000), acknowledged, shared)
    assert list(kept.examine()) == []
    kept.close()
    assert empty.tickety("doctor").code == 0


def _assert_all_is_there(log: tuple[events.Event, ...], acknowledged: list[list[Any]], shared: str) -> None:
    ids = {event.ticket_uid: event.data["id"] for event in log if event.type == "ticket.opened"}
    done = Counter(event.type for event in log)
    verbs = Counter(verb for verb, *_ in acknowledged)
    assert done["ticket.opened"] == verbs["new"] + 1
    assert done["ticket.voted"] == verbs["vote"]
    assert done["ticket.commented"] == verbs["comment"] + 6
    assert done["ticket.closed"] == done["ticket.reopened"] == verbs["close"]
    assert done["ticket.linked"] == 2 * verbs["link"]
    assert done["ticket.edited"] == verbs["edit"] + verbs["tag"]
    said = {event.data["text"] for event in log if event.type == "ticket.commented"}
    assert said >= {word for verb, word, _ in acknowledged if verb == "comment"}
    given = [ticket_id for verb, _, ticket_id in acknowledged if verb == "new"]
    assert sorted([*given, shared]) == sorted(ids.values())
    _assert_gapless(log, list(ids.values()))


def _assert_gapless(log: tuple[events.Event, ...], ids: list[str]) -> None:
    """Numbers are unique and without a gap in each counter, events in each ticket."""
    counters: dict[str, list[int]] = {}
    for ticket_id in ids:
        prefix, _, number = ticket_id.rpartition("-")
        counters.setdefault(prefix, []).append(int(number))
    assert len(counters) == 3
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in counters.values())
    events_of: dict[str, list[int]] = {}
    for event in log:
        events_of.setdefault(event.ticket_uid, []).append(event.n)
    assert all(found == list(range(1, len(found) + 1)) for found in events_of.values())


def test_the_real_command_line_writes_from_many_processes_at_once(empty: houses.House, tmp_path: Path) -> None:
    del tmp_path
    started = [empty.start("new", f"Thing number {number} is to be done", "--json") for number in range(12)]

    ids = [json.loads(process.communicate()[0])["id"] for process in started]

    assert len(set(ids)) == 12
    assert sorted(int(ticket_id.rpartition("-")[2]) for ticket_id in ids) == list(range(1, 13))
