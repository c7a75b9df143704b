"""Somebody watches from another terminal while a ticket is worked on."""

import json
import select
import signal
import subprocess
from typing import Any

import pytest

from tests.stories import house as houses
from tests.stories.test_terminal import Terminal


def _line(watch: "subprocess.Popen[str]") -> str:
    assert watch.stdout is not None
    return watch.stdout.readline()


def test_who_watches_a_ticket_hears_each_thing_once_and_is_let_go_when_it_is_closed(notes: houses.House) -> None:
    notes.tickety("new", houses.SENTENCE)
    watch = notes.start("watch", "1")
    assert "open 0/3" in _line(watch)

    assert notes.tickety("run", "1", "--yes").code == 0
    told, err = watch.communicate(timeout=60)

    assert (watch.returncode, err) == (0, "")
    lines = [line.partition(" BUG-")[2][9:] for line in told.splitlines()]
    assert [line for line in lines if line.startswith(("▸", "  milestone", "  closed"))] == [
        *(line for line in lines if "works since" in line and "diagnose" in line),
        "  milestone 25 %: 1 of 3 steps are done",
        *(line for line in lines if "works since" in line and "fix" in line),
        "  milestone 50 %: 2 of 3 steps are done",
        *(line for line in lines if "works since" in line and "test" in line),
        "  closed, fixed",
    ]
    assert all(" BUG-" in line for line in told.splitlines()), "each line says whose it is"


def test_a_program_that_watches_gets_the_log_itself(sound: houses.House) -> None:
    sound.tickety("new", "It fails")
    watch = sound.start("watch", "--json", "1")
    assert watch.stdout is not None
    while not select.select([watch.stdout], [], [], 0.2)[0]:
        sound.tickety("comment", "1", "is anybody there?")

    sound.tickety("close", "1", "--as", "user:ada")
    told: list[dict[str, Any]] = [json.loads(line) for line in watch.communicate(timeout=60)[0].splitlines()]

    *events, result = told
    assert (result["type"], result["exit_code"], result["ticket"]["status"]) == ("result", 0, "closed")
    log = sound.tickety("log", "1", "--json").lines
    assert events == log[-len(events) :]
    assert events[-1]["type"] == "ticket.closed"


def test_who_stops_watching_stops_nothing_else(empty: houses.House) -> None:
    empty.tickety("new", "It fails")
    watch = empty.start("watch", "1")
    _line(watch)

    watch.send_signal(signal.SIGINT)
    watch.communicate(timeout=60)
    assert watch.returncode == 130
    assert empty.tickety("show", "1", "--json").data["status"] == "open"


@pytest.mark.slow
def test_a_terminal_shows_a_table_that_goes_when_the_watch_ends(notes: houses.House) -> None:
    notes.tickety("new", houses.SENTENCE)
    notes.tickety("run", "1", "--yes")

    watched = Terminal(notes, "watch", "1")
    assert watched.end() == 0
    assert "3/3" in watched.seen
    assert "milestone 50 %" in watched.seen
    # The last word is what stays on the screen.
    assert watched.seen.rstrip().endswith(f"fixed: {houses.SENTENCE}")


@pytest.mark.slow
def test_several_tickets_side_by_side_are_told_apart_by_their_ids(sound: houses.House) -> None:
    for role in ("Research", "Engineer"):
        sound.seat(role, "import pathlib\npathlib.Path('done.md').write_text('done')\n" if role == "Engineer" else "")
    sound.tickety("trust", "--yes")
    for number in range(2):
        sound.tickety("new", f"Rename module {number}", "--type", "task")
    watch = sound.start("watch", "--until-idle")
    ended = sound.tickety("run", "--yes")

    told, _ = watch.communicate(timeout=120)
    assert ended.code in {0, 5}
    for line in told.splitlines():
        assert "TASK-" in line
