"""The guide's scenarios and examples, with its own words and data, by the real command line and agents."""

import re
import subprocess
import sys
from typing import Any

import pytest

from tests.stories import house as houses

EMERGENCY = "Production is down! ImportError in core service!"
PLANNING = "Plan implementation for custom agent templates feature"

WRITES = """
import os, pathlib
name = os.environ["TICKETY_TICKET"] + "-" + os.environ["TICKETY_STEP"] + ".md"
pathlib.Path(name).write_text("done\\n")
print("wrote", name)
"""
LOOKS = "print('looked')\n"
DEPLOYS = """
import json, os
with open(os.environ["TICKETY_REPORT"], "w") as file:
    json.dump({"status": "passed", "summary": "deployed"}, file)
"""

REBUILD = """
type = "epic"

[[children]]
key = "module"
type = "feature"
title = "Refactor authentication module"

[[children]]
key = "logic"
type = "feature"
title = "Update authorization logic"

[[children]]
key = "docs"
type = "doc"
title = "Update auth documentation"
blocked_by = ["module", "logic"]

[[children]]
key = "suite"
type = "qa"
title = "Create auth test suite"
starts_with = ["module"]
"""


def _without_years(told: str) -> str:
    return re.sub(r"-\d{4}-", "-2025-", told)


def _log(house: houses.House, ticket_id: str) -> list[dict[str, Any]]:
    return house.tickety("log", ticket_id, "--json").lines


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "The claude-pm --version command is throwing an ImportError",
            [
                "I'll open a high-priority bug ticket and coordinate the fix across the agent team.",
                "Creating ticket BUG-2025-001: The claude-pm --version command is throwing an ImportError",
                "  1. Research Agent will investigate the root cause",
                "  2. Engineer Agent will implement the fix",
                "  3. QA Agent will verify the resolution",
            ],
        ),
        (
            "I want to create custom agent templates (12 user votes)",
            [
                "I'll open a high-priority feature ticket and coordinate the implementation across the agent team.",
                "  high         12 users voted for it",
                "Creating ticket FEAT-2025-001: I want to create custom agent templates (12 user votes)",
                "  1. Research Agent will investigate best practices",
                "  2. Engineer Agent will design and implement",
                "  3. Documentation Agent will create user guides",
                "  4. QA Agent will test the feature",
            ],
        ),
        (
            "Update the README with ticketing instructions",
            [
                "I'll open a medium-priority doc ticket and have it written.",
                "Creating ticket DOC-2025-001: Update the README with ticketing instructions",
                "  1. Documentation Agent will write the documentation",
            ],
        ),
    ],
    ids=["scenario 1", "scenario 2", "scenario 3"],
)
def test_a_scenario_is_answered_as_in_the_guide(empty: houses.House, words: str, told: list[str]) -> None:
    opened = empty.tickety("new", words)

    assert opened.code == 0, opened.err
    lines = _without_years(opened.out).splitlines()
    assert [line for line in lines if line in told] == told


def test_an_emergency_is_answered_as_in_the_guide_and_mended_at_once(notes: houses.House) -> None:
    ended = notes.tickety(EMERGENCY, "--repro", "python3 -m notes --version", "--yes")

    lines = _without_years(ended.out).splitlines()
    assert lines[0] == "I've created critical ticket BUG-2025-001 and initiated emergency response:"
    assert lines[4:11] == [
        "🚨 Emergency Coordination:",
        "- Research Agent: Analyzing error logs",
        "- Engineer Agent: Standing by for fix implementation",
        "- QA Agent: Preparing emergency test suite",
        "- Ops Agent: Ready for deployment (nobody yet: it will wait for you, once a person approves)",
        "",
        "I'll update you as each agent reports progress.",
    ]
    assert [line for line in lines if "milestone" in line] == [
        "  milestone 25 %: 1 of 4 steps are done",
        "  milestone 50 %: 2 of 4 steps are done",
        "  milestone 75 %: 3 of 4 steps are done",
    ]
    assert ended.code == 5
    ticket = notes.tickety("show", "1", "--json").data
    assert [step["state"] for step in ticket["orchestration"]["steps"]] == ["passed", "passed", "passed", "waiting"]
    assert "once a person approves it" in ticket["waiting_for"]


def test_all_agents_of_an_emergency_hear_of_it_before_one_of_them_begins(notes: houses.House) -> None:
    notes.tickety("new", EMERGENCY)

    told = [(event["data"]["agent"], event["data"]["words"]) for event in _log(notes, "1")[1:]]
    assert told == [
        ("Research Agent", "URGENT"),
        ("Engineer Agent", "STANDBY"),
        ("QA Agent", "PREPARE"),
        ("Ops Agent", "STANDBY"),
    ]
    assert len({event["command_id"] for event in _log(notes, "1")}) == 1


@pytest.mark.slow
def test_an_emergency_is_over_once_a_person_let_it_be_deployed(notes: houses.House) -> None:
    notes.seat("Ops", DEPLOYS)
    first = notes.tickety(EMERGENCY, "--repro", "python3 -m notes --version", "--yes", "--json")
    assert first.code == 5

    ended = notes.tickety("retry", "1", "--yes", "--json")
    assert ended.code == 0, ended.err
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "fixed")
    types = [event["type"] for event in _log(notes, "1")]
    assert types.count("step.alerted") == 4
    assert types.count("progress.reached") == 3


@pytest.mark.slow
def test_an_eta_is_told_once_five_attempts_were_measured(notes: houses.House) -> None:
    told = notes.tickety(EMERGENCY, "--yes").out
    assert "ETA" not in told

    for _ in range(4):
        notes.tickety(houses.SENTENCE, "--yes")
    told = notes.tickety(EMERGENCY, "--yes").out
    assert re.search(r"^- Research Agent: Analyzing error logs \(ETA: \d+ s\)$", told, re.MULTILINE), told


def test_a_feature_is_planned_in_the_guides_phases(sound: houses.House) -> None:
    ended = sound.tickety(PLANNING, "--yes")

    told = re.sub(r" \((?:investigator|mechanic|checker|nobody yet: it will wait for you)\)", "", ended.out)
    told = re.sub(r", until \d{4}-\d\d-\d\d\)", ")", _without_years(told))
    expected = """\
I'll coordinate a comprehensive feature implementation plan.
  feature      it is to be planned: 'Plan implementation'
  medium       standard work

Created FEAT-2025-001 with the following phases: Plan implementation for custom agent templates feature

📋 Phase 1: Research & Design (This week)
- Research Agent: Best practices analysis
- Documentation Agent: API design draft

📋 Phase 2: Implementation (Next week)
- Engineer Agent: Core functionality
- Data Engineer Agent: Storage design

📋 Phase 3: Testing & Documentation (Week 3)
- QA Agent: Comprehensive testing
- Documentation Agent: User guides

Starting Phase 1 coordination now…
"""
    assert told.startswith(expected), told
    assert ended.code == 5
    ticket = sound.tickety("show", "1", "--json").data
    assert "nobody fills the role Documentation yet" in ticket["waiting_for"]


def test_a_planned_feature_goes_through_its_phases_one_after_the_other(sound: houses.House) -> None:
    sound.seat("Research", LOOKS)
    toml = (sound.path / "tickety.toml").read_text()
    sound.commit({"writes.py": WRITES, "tickety.toml": f"{toml}\n[engine]\nworkers = 1\n"})
    for role in ("Engineer", '"Data Engineer"', "Documentation"):
        toml = (sound.path / "tickety.toml").read_text()
        seat = f'\n[roster.{role}]\nagent = {{command = ["{sys.executable}", "writes.py"]}}\n'
        sound.commit({"tickety.toml": toml + seat})

    ended = sound.tickety(PLANNING, "--yes", "--json")

    assert ended.code == 0, ended.err
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "done")
    log = _log(sound, "1")
    begun = [event["data"]["step"] for event in log if event["type"] == "step.started"]
    assert [set(begun[:2]), set(begun[2:4]), set(begun[4:])] == [
        {"research", "draft"}, {"implement", "storage"}, {"test", "document"},
    ]  # fmt: skip
    told = [event["data"]["phase"] for event in log if event["type"] == "phase.done"]
    assert told == ["Research & Design", "Implementation", "Testing & Documentation"]
    assert [event["data"]["percent"] for event in log if event["type"] == "progress.reached"] == [25, 50, 75]


RUN_ALL = """
import asyncio
from tickety import api
from tickety.desk import run
with api.open_desk() as desk:
    asyncio.run(run.run(desk._whole, None))
    for event in desk.memory.store.since(0, 10_000):
        if event.type in {"step.started", "ticket.closed"}:
            print(desk.memory.store.load(event.ticket_uid).id[:-9] + desk.memory.store.load(event.ticket_uid).id[-1],
                  event.type, event.data.get("step", ""))
"""


def _worked_on(house: houses.House) -> list[tuple[str, str, str]]:
    """Everything that is ready is worked on in one process; what began and what was closed, in the log's order."""
    ended = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        capture_output=True,
        cwd=house.path,
        env=house.environment,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return [(line.split(" ")[0], line.split(" ")[1], line.split(" ")[2]) for line in ended.stdout.splitlines()]


@pytest.mark.slow
def test_the_guides_third_example_starts_its_parts_in_the_guides_order(sound: houses.House) -> None:
    sound.commit({".tickety/templates/rebuild.toml": REBUILD, "writes.py": WRITES})
    sound.seat("Research", LOOKS)
    for role in ("Engineer", "Documentation", "QA"):
        toml = (sound.path / "tickety.toml").read_text()
        seat = f'\n[roster.{role}]\nagent = {{command = ["{sys.executable}", "writes.py"]}}\n'
        sound.commit({"tickety.toml": toml + seat})
    sound.tickety("trust", "--yes")
    words = "We need to refactor the auth system and update all documentation"
    opened = sound.tickety("new", words, "--template", "rebuild", "--json").data["tickets"]
    assert sorted(one["id"].split("-")[0] for one in opened) == ["DOC", "EPIC", "FEAT", "FEAT", "QA"]

    happened = _worked_on(sound)

    begins = {one: happened.index(next(entry for entry in happened if entry[:2] == (one, "step.started"))) for one in
              ("FEAT1", "FEAT2", "DOC1", "QA1")}  # fmt: skip
    closed = {entry[0]: happened.index(entry) for entry in happened if entry[1] == "ticket.closed"}
    assert max(begins["FEAT1"], begins["FEAT2"]) < min(closed.values()), "independent parts begin side by side"
    assert begins["DOC1"] > max(closed["FEAT1"], closed["FEAT2"]), "documentation comes after both features"
    assert begins["FEAT1"] < begins["QA1"] < closed["FEAT1"], "tests begin with the development"
    assert closed.keys() == {"FEAT1", "FEAT2", "DOC1", "QA1"}


COMPLETION = """
import tickety

with tickety.open_desk() as desk:
    bug = desk.create_bug_ticket("It crashes", "Reading an empty file crashes.")
    for name, result in (
        ("Research Agent", {"status": "passed", "summary": "found the root cause"}),
        ("Engineer Agent", {"status": "failed", "summary": "no luck", "error": "the parser cannot be built"}),
    ):
        bug = desk.handle_agent_completion(bug.id, name, result)
    print(bug.status, bug.blocker)
    print([(update.agent, update.result, update.details) for update in bug.agent_updates])
"""


def test_an_agents_completion_is_handled_as_the_guides_function_does(sound: houses.House) -> None:
    sound.tickety("trust", "--yes")

    ended = subprocess.run(
        [sys.executable, "-c", COMPLETION],
        capture_output=True,
        cwd=sound.path,
        env=sound.environment,
        text=True,
        check=True,
    )
    status, updates = ended.stdout.splitlines()
    assert status == "blocked Engineer Agent reported: the parser cannot be built"
    assert updates == str(
        [
            ("Research Agent", "passed", "found the root cause"),
            ("Engineer Agent", "failed", "no luck\nthe parser cannot be built"),
        ]
    )
