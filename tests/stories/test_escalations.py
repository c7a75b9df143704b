"""What needs people reaches them: rules that run by themselves, questions, a yes and a no."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import builders
from tests.stories import house as houses
from tickety.core import events, times
from tickety.stores import sqlite

ASKING = """
import json, os
answer = [q["answer"] for q in json.load(open(os.environ["TICKETY_TICKET_PATH"]))["questions"]]
said = {"status": "needs_human", "summary": "s", "question": "Which of the two?"}
if answer:
    said = {"status": "passed", "summary": f"took {answer[0]}"}
json.dump(said, open(os.environ["TICKETY_REPORT"], "w"))
"""
SILENCING = """
import json, os, pathlib
pathlib.Path("runs").write_text("x")
test = pathlib.Path("tests/test_version.py")
for path in pathlib.Path("tests").glob("test_*.py"):
    if "version" in path.read_text():
        path.unlink()
open(os.environ["COUNT"], "a").write("x") if "COUNT" in os.environ else None
json.dump({"status": "passed", "summary": "the tests are gone"}, open(os.environ["TICKETY_REPORT"], "w"))
"""
RELEASE = """
type = "task"
agents_required = ["Ops Agent"]
workflow = "deploy"
approvals = ["deploy"]
"""


def ago(hours: float) -> str:
    return times.as_text(datetime.now(UTC) - timedelta(hours=hours))


def store_of(house: houses.House) -> sqlite.SqliteStore:
    return sqlite.SqliteStore(str(house.path / ".git" / "tickety" / "tickety.db"))


def old_ticket(house: houses.House, hours: float, **changes: object) -> str:
    """A ticket that was opened so long ago."""
    kept = store_of(house)
    subject = builders.open_one(kept, at=ago(hours), due_at=ago(-100), **changes)  # type: ignore[arg-type]  # its fields
    kept.close()
    return subject.id


def test_a_critical_ticket_that_stays_open_is_escalated_once_seen_once_and_over_when_it_is_closed(
    empty: houses.House,
) -> None:
    old = old_ticket(empty, 2.1, priority="critical")

    empty.tickety("new", "Something else happens")
    empty.tickety("new", "And something else again")

    (raised,) = empty.tickety("inbox", "--json").data["items"]
    assert raised["text"] == f"{old} is critical and has been open for 2 h"
    assert empty.tickety("ack", old).code == 0
    assert empty.tickety("inbox", "--json").data["items"] == []
    empty.tickety("close", old, "--resolution", "wont_fix")
    told = [line["type"] for line in empty.tickety("log", old, "--json").lines if line["type"].startswith("escal")]
    assert told == ["escalation.raised", "escalation.acknowledged", "escalation.resolved"]


def hears(house: houses.House) -> Path:
    """The user of a house wants to be told on their desktop; where what they were told is written."""
    programs, heard = house.home / "bin", house.home / "heard"
    programs.mkdir()
    (programs / "notify-send").write_text(f'#!/bin/sh\necho "$@" >> {heard}\n')
    (programs / "notify-send").chmod(0o700)
    own = house.home / ".config" / "tickety" / "notify.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[notify]\ndesktop = true\n")
    house.extra["PATH"] = f"{programs}:{house.environment['PATH']}"
    return heard


def test_on_saturday_the_timer_tells_what_is_due_and_whoever_wants_to_hear_of_it_does(empty: houses.House) -> None:
    heard = hears(empty)
    old_ticket(empty, 3, priority="critical")
    shown = empty.tickety("run", "--rules-only", "--dry-run", "--json")
    assert ([one["rule"] for one in shown.data["raised"]], shown.data["sent"]) == (["critical_open"], 0)

    first = empty.tickety("run", "--rules-only", "--json")
    second = empty.tickety("run", "--rules-only", "--json")

    assert [one["rule"] for one in first.data["raised"]] == ["critical_open"]
    assert second.data["raised"] == []
    assert (first.data["sent"], second.data["sent"]) == (1, 0)
    assert "is critical and has been open for 3 h" in heard.read_text()


def test_the_rules_run_outside_of_git(tmp_path: Path) -> None:
    house = houses.House(tmp_path / "plain", tmp_path / "home", {"GIT_CEILING_DIRECTORIES": str(tmp_path)})
    for folder in (house.path, house.home):
        folder.mkdir()
    house.tickety("init")
    house.tickety("new", "It fails", "--priority", "critical")

    ran = house.tickety("run", "--rules-only", "--json")

    assert (ran.code, ran.data) == (0, {"schema": 1, "raised": [], "sent": 0})


def wait_for(path: Path) -> bool:
    """The file is there, or comes within some seconds."""
    until = time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        pass
    return path.exists()


def test_a_verb_that_blocks_a_ticket_waits_for_nobody_and_people_hear_of_it(empty: houses.House) -> None:
    heard = hears(empty)
    empty.tickety("new", "It fails")

    empty.tickety("block", "1", "the vendor has to answer")

    assert wait_for(heard)
    assert "the vendor has to answer" in heard.read_text()


def test_a_question_that_nobody_answers_for_a_day_is_escalated_and_over_with_the_answer(empty: houses.House) -> None:
    kept = store_of(empty)
    subject = builders.open_one(kept, at=ago(26), due_at=ago(2))
    builders.start(kept, subject.uid, "diagnose")
    asked = {"step": "diagnose", "id": "diagnose-1", "kind": "question", "text": "Which of the two?"}
    waits = events.Draft("step.waiting", {"step": "diagnose", "reason": "Which of the two?"}, 1)
    builders.append(kept, subject.uid, [waits, events.Draft("question.asked", asked, 1)], at=ago(25))
    kept.close()

    empty.tickety("run", "--rules-only")

    (raised,) = empty.tickety("escalations", "--json").data["escalations"]
    assert (raised["rule"], raised["text"]) == ("answer_overdue", "BUG-2026-001 waits for an answer: Which of the two?")
    answered = empty.tickety("answer", "1", "the second", "--json").data
    assert ago(-22.9) < answered["due_at"] < ago(-23.1)
    assert [one["rule"] for one in empty.tickety("escalations", "--json").data["escalations"]] == []


@pytest.mark.slow
def test_an_answer_reaches_the_next_attempt(notes: houses.House) -> None:
    notes.seat("Research", ASKING)
    notes.tickety("trust", "--yes")
    waiting = notes.tickety("It fails when a note is empty", "--yes", "--json")
    assert (waiting.code, waiting.ticket["waiting_for"]) == (5, "Which of the two?")

    notes.tickety("answer", waiting.ticket["id"], "the second")
    after = notes.tickety("run", waiting.ticket["id"], "--json").ticket

    assert after["agent_updates"][1]["details"] == "took the second"


@pytest.mark.slow
def test_a_deployment_that_is_rejected_blocks_its_ticket_and_one_that_is_approved_begins(notes: houses.House) -> None:
    notes.write({".tickety/templates/release.toml": RELEASE})
    notes.seat("Ops", f"open({str(notes.home / 'deployed')!r}, 'a').write('x')")
    notes.tickety("trust", "--yes")
    for words in ("Release it", "Release it again"):
        notes.tickety("new", words, "--template", "release")
        notes.tickety("run")

    no = notes.tickety("reject", "1", "--because", "not on a Friday", "--json").data
    assert (no["status"], no["blocker"]) == ("blocked", "user:ada rejected it: not on a Friday")
    assert notes.tickety("run", "1", "--json").code != 0
    assert not (notes.home / "deployed").exists()

    notes.tickety("approve", "2")
    done = notes.tickety("run", "2", "--json")
    assert (done.code, (notes.home / "deployed").read_text()) == (0, "x"), done.err
    assert done.ticket["status"] == "closed"


@pytest.mark.slow
def test_work_that_a_person_approves_counts_as_it_is(notes: houses.House) -> None:
    counted = notes.home / "ran"
    notes.seat(
        "Engineer",
        SILENCING.replace('os.environ["COUNT"]', repr(str(counted))).replace('if "COUNT" in os.environ else None', ""),
    )
    notes.tickety("trust", "--yes")
    notes.tickety("new", "Tidy up the tests", "--type", "task")
    waits = notes.tickety("run", "1", "--json")
    assert waits.code == 5, waits.out
    asked = waits.ticket["questions"][0]
    assert (asked["kind"], asked["text"].startswith("a person has to approve")) == ("approval", True)

    approved = notes.tickety("approve", "1", "--json").data
    (step, *_) = approved["orchestration"]["steps"]
    assert (step["state"], bool(step["by_hand"])) == ("ready", True)
    after = notes.tickety("run", "1", "--json").ticket

    (step, *_) = after["orchestration"]["steps"]
    assert (step["state"], step["commit"]) == ("passed", approved["orchestration"]["steps"][0]["by_hand"])
    assert counted.read_text() == "x"
    assert notes.git("rev-parse", notes.branch).strip() == step["commit"]


@pytest.mark.parametrize("setting", ["[escalation]\ncritical_open = 3\n", "not toml ["])
def test_settings_that_cannot_be_read_stop_no_verb_that_does_not_need_them(empty: houses.House, setting: str) -> None:
    empty.tickety("new", "It fails")
    empty.write({"tickety.toml": setting + "\n# escalation\n"})

    said = empty.tickety("comment", "1", "Still here.")

    assert said.code == 0
    assert "the rules were not looked after" in said.err


def test_the_projects_own_delays_count_from_the_next_change_on(empty: houses.House) -> None:
    old_ticket(empty, 0.5, priority="critical")
    empty.write({"tickety.toml": '[escalation]\ncritical_open = "10 minutes"\nowner = "user:boss"\n'})

    empty.tickety("comment", "1", "Still here.")

    (raised,) = empty.tickety("escalations", "--json").data["escalations"]
    assert (raised["rule"], raised["owner"]) == ("critical_open", "user:boss")
    assert events.VERSIONS["escalation.raised"] == 1


def test_who_watches_lets_the_rules_run(empty: houses.House) -> None:
    old = old_ticket(empty, 3, priority="critical", kind="epic")

    watched = empty.tickety("watch", "--until-idle", "--json")

    assert [line["data"]["rule"] for line in watched.lines if line["type"] == "escalation.raised"] == ["critical_open"]
    assert empty.tickety("log", old, "--json").lines[-1]["by"] == "system:critical_open"
