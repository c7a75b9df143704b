"""Workflows as people meet them: the guide's patterns to the letter, from a file to a ticket and back on the screen."""

import json
from typing import Any

import pytest

import tickety
from tests.stories import house as houses

SEQUENTIAL = """{
    "steps": [
        {"agent": "Research Agent", "task": "Analyze problem", "depends_on": null},
        {"agent": "Engineer Agent", "task": "Implement solution", "depends_on": "Research Agent"},
        {"agent": "QA Agent", "task": "Test solution", "depends_on": "Engineer Agent"}
    ]
}
"""
PARALLEL = """{
    "parallel_groups": [
        {
            "group": 1,
            "agents": ["Research Agent", "Security Agent"],
            "can_run_together": true
        },
        {
            "group": 2,
            "agents": ["Engineer Agent"],
            "depends_on_group": 1
        }
    ]
}
"""
CONDITIONAL = """{
    "initial": "Research Agent",
    "conditions": {
        "if_security_issue": "Security Agent",
        "if_performance_issue": "Ops Agent",
        "default": "Engineer Agent"
    }
}
"""
PATTERNS = {
    SEQUENTIAL: [("Research Agent", "ready"), ("Engineer Agent", "pending"), ("QA Agent", "pending")],
    PARALLEL: [("Research Agent", "ready"), ("Security Agent", "ready"), ("Engineer Agent", "pending")],
    CONDITIONAL: [
        ("Research Agent", "ready"), ("Security Agent", "pending"), ("Ops Agent", "pending"),
        ("Engineer Agent", "pending"),
    ],
}  # fmt: skip
RELEASE = """
[[phases]]
name = "Research & Design"
due = "This week"
[[phases.steps]]
agent = "Research Agent"
task = "Best practices analysis"
[[phases.steps]]
agent = "Documentation Agent"
task = "API design draft"

[[phases]]
name = "Implementation"
due = "Next week"
[[phases.steps]]
agent = "Engineer Agent"
task = "Core functionality"
attempts = 5
"""
REPORT = """
import json, os
with open(os.environ["TICKETY_REPORT"], "w") as file:
    json.dump({"status": "passed", "summary": "looked", "signals": ["security_issue"]}, file)
"""


def opened(house: houses.House, workflow: str, *words: str) -> dict[str, Any]:
    """The ticket of a workflow that lies in a file."""
    name = "workflow.json" if workflow.startswith("{") else "workflow.toml"
    house.write({name: workflow})
    made = house.tickety("new", "Look into it", "--type", "task", "--workflow", name, "--json", *words)
    assert made.code == 0, made.err
    ticket: dict[str, Any] = made.data
    return ticket


def shown(house: houses.House, *words: str) -> str:
    told = house.tickety("workflow", "show", *words)
    assert told.code == 0, told.err
    return told.out


@pytest.mark.parametrize("workflow", PATTERNS)
def test_a_pattern_of_the_guide_is_a_ticket_with_these_steps_and_shown_as_it_was_written(
    empty: houses.House, workflow: str
) -> None:
    ticket = opened(empty, workflow)

    steps = ticket["orchestration"]["steps"]
    assert [(step["agent"], step["state"]) for step in steps] == PATTERNS[workflow]
    assert json.loads(ticket["orchestration"]["workflow"]) == json.loads(workflow)
    assert shown(empty, ticket["id"]).startswith(workflow)
    assert json.loads(empty.tickety("workflow", "show", ticket["id"], "--json").data["workflow"]) == json.loads(
        workflow
    )


@pytest.mark.parametrize("workflow", PATTERNS)
def test_the_same_data_is_taken_by_the_python_api(
    empty: houses.House, monkeypatch: pytest.MonkeyPatch, workflow: str
) -> None:
    for name, value in empty.environment.items():
        monkeypatch.setenv(name, value)
    with tickety.open_desk(empty.path, "user:ada") as desk:
        ticket = desk.open_ticket("Look into it", workflow=json.loads(workflow))

        assert [(step.agent, step.state) for step in ticket.orchestration.steps] == PATTERNS[workflow]
        with pytest.raises(tickety.TicketyError, match="there is no role 'Nobody'"):
            desk.open_ticket("Look into it", workflow={"steps": [{"agent": "Nobody"}]})
        with pytest.raises(tickety.TicketyError, match="is no workflow"):
            desk.open_ticket("Look into it", workflow=5)


def test_what_the_first_agent_signals_decides_who_goes_on(notes: houses.House) -> None:
    notes.seat("Research", REPORT)
    notes.seat("Security", REPORT)
    assert notes.tickety("trust", "--yes").code == 0
    ticket = opened(notes, CONDITIONAL)

    done = notes.tickety("run", ticket["id"], "--yes", "--json").ticket

    states = {step["name"]: step["state"] for step in done["orchestration"]["steps"]}
    assert states == {"research": "passed", "security": "passed", "ops": "skipped", "engineer": "skipped"}


def test_phases_have_dates_and_tell_how_far_they_are(empty: houses.House) -> None:
    ticket = opened(empty, RELEASE)
    phases = ticket["orchestration"]["phases"]

    assert [phase["said"] for phase in phases] == ["This week", "Next week"]
    assert ticket["created_at"] < phases[0]["due"] < phases[1]["due"]
    assert f"Phase 1 · Research & Design (this week, due {phases[0]['due'][:10]}): 0 of 2" in shown(empty, ticket["id"])
    assert "Phase 2 · Implementation" in empty.tickety("show", ticket["id"]).out
    assert [step["attempts"] for step in ticket["orchestration"]["steps"]] == [3, 3, 5]


def test_a_plan_is_announced_with_what_waits_for_what(empty: houses.House) -> None:
    empty.write({"release.toml": RELEASE})
    told = empty.tickety("new", "Plan custom templates", "--type", "feature", "--workflow", "release.toml").out

    assert "- Research Agent: Best practices analysis\n- Documentation Agent: API design draft\n" in told
    assert "📋 Phase 2: Implementation (Next week, until " in told
    assert "- Engineer Agent: Core functionality\n" in told


def test_a_step_that_waits_for_another_of_its_phase_says_so(empty: houses.House) -> None:
    review = '[[phases.steps]]\nagent = "QA Agent"\nname = "review"\nneeds = ["engineer"]\n'
    empty.write({"release.toml": RELEASE + review})
    told = empty.tickety("new", "Custom templates", "--type", "feature", "--workflow", "release.toml").out

    assert "- QA Agent: review the work, after engineer\n" in told, told


def test_what_is_shown_as_toml_is_the_same_workflow(empty: houses.House) -> None:
    first = opened(empty, RELEASE)
    second = opened(empty, shown(empty, first["id"], "--as", "toml"))

    assert second["orchestration"]["steps"] == first["orchestration"]["steps"]
    assert second["orchestration"]["phases"] == first["orchestration"]["phases"]


def test_a_chart_can_be_pasted_and_a_tree_is_one_line_a_step(empty: houses.House) -> None:
    ticket = opened(empty, CONDITIONAL)
    chart, tree = shown(empty, ticket["id"], "--as", "mermaid"), shown(empty, ticket["id"], "--as", "tree")

    assert chart.startswith("flowchart LR\n")
    assert '|"security_issue"|' in chart
    assert ":::ready" in chart
    assert len(tree.splitlines()) == 4
    assert "└─ engineer  pending" in tree


def test_a_workflow_is_checked_before_anything_is_saved(empty: houses.House) -> None:
    circle = '[[steps]]\nname = "fix"\nneeds = ["test"]\n[[steps]]\nname = "test"\nneeds = ["fix"]\n'
    empty.write({"circle.toml": circle})

    checked = empty.tickety("workflow", "check", "circle.toml", "--json")
    refused = empty.tickety("new", "It fails", "--workflow", "circle.toml", "--json")

    assert (checked.code, refused.code) == (2, 2)
    assert "in a circle: fix -> test -> fix" in checked.error["message"]
    assert checked.error == refused.error
    assert empty.tickety("list", "--json").data["tickets"] == []


def test_a_workflow_with_commands_is_a_persons_only(empty: houses.House) -> None:
    proved = '[[steps]]\nname = "test"\nreceipts = [["true"]]\n'
    empty.write({"proved.toml": proved, ".tickety/templates/proved.toml": f'type = "qa"\n{proved}'})

    given = empty.tickety("new", "Prove it", "--workflow", "proved.toml", "--json")
    piped = empty.tickety("new", "Prove it", "--workflow", "-", "--json", stdin=proved)
    by_agent = empty.tickety("new", "Prove it", "--workflow", "proved.toml", "--json", CLAUDECODE="1")
    template = empty.tickety("new", "Prove it", "--template", "proved", "--json")

    assert given.data["orchestration"]["steps"][0]["receipts"] == [["true"]]
    assert given.data["origin"]["workflow"] == "user"
    assert [one.code for one in (piped, by_agent, template)] == [2, 2, 2]
    assert "cannot name commands to be run" in piped.error["message"]


def test_commands_that_came_with_an_imported_ticket_are_not_run(empty: houses.House) -> None:
    opened(empty, '[[steps]]\nname = "test"\nreceipts = [["touch", "x"]]\n')
    exported = empty.tickety("export").out
    other = houses.empty(empty.path / "elsewhere")

    assert other.tickety("import", "-", stdin=exported).code == 0
    taken = other.tickety("show", "1", "--json").data
    assert taken["orchestration"]["steps"][0]["receipts"] == [["touch", "x"]]


TYPES = """
[types.release]
prefix = "REL"
like = "task"
[types.release.workflow]
initial = "Research Agent"
[types.release.workflow.conditions]
if_breaking = "Documentation Agent"
default = "Ops Agent"

[types.launch]
prefix = "LAU"
[[types.launch.phases]]
name = "Shipping"
due = "in 5 days"
[[types.launch.steps]]
name = "build"
agent = "Engineer Agent"
phase = "Shipping"
"""
TEMPLATE = """
type = "task"
approvals = ["deploy"]
[[steps]]
name = "implement"
[[steps]]
name = "deploy"
needs = ["implement"]
due = 5
"""


def test_types_and_templates_take_every_spelling(empty: houses.House) -> None:
    template = TEMPLATE.replace("due = 5\n", "")
    empty.write({"tickety.toml": TYPES, ".tickety/templates/ship.toml": template})

    release = empty.tickety("new", "Release 2.0", "--type", "release", "--json").data["orchestration"]
    launch = empty.tickety("new", "Launch it", "--type", "launch", "--json").data["orchestration"]
    shipped = empty.tickety("new", "Ship it", "--template", "ship", "--json").data["orchestration"]
    written = empty.tickety("template", "new", "mine", "--from", "ship", "--json")

    assert [step["agent"] for step in release["steps"]] == ["Research Agent", "Documentation Agent", "Ops Agent"]
    assert launch["phases"][0]["due"] is not None
    assert [(step["name"], step["mode"]) for step in shipped["steps"]] == [
        ("implement", "normal"), ("deploy", "approval"),
    ]  # fmt: skip
    assert written.code == 0
    assert empty.tickety("template", "show", "mine", "--json").data["steps"] == [
        {"name": "implement"}, {"name": "deploy", "needs": ["implement"]},
    ]  # fmt: skip
    assert empty.tickety("workflow", "show", "launch", "--json").data["steps"][0]["name"] == "build"


def test_a_fault_in_a_template_or_a_type_names_the_file_and_the_step(empty: houses.House) -> None:
    empty.write({".tickety/templates/ship.toml": TEMPLATE})
    fault = empty.tickety("template", "check", "--json").data["faults"][0]
    assert "the step 'deploy' has no field 'due'" in fault["reason"]

    empty.write({"tickety.toml": TYPES.replace("Engineer Agent", "Engine Agent")})
    refused = empty.tickety("new", "Launch it", "--type", "launch", "--json")
    assert refused.code == 2
    assert "tickety.toml: [types.launch] the step 'build': there is no role 'Engine Agent'" in refused.error["message"]
    assert "did you mean Engineer Agent?" in refused.error["hint"]


def test_a_gate_of_a_template_stays_under_another_workflow(empty: houses.House) -> None:
    workflow = ("--template", "performance_issue", "--workflow", "optimize -> deploy")
    steps = empty.tickety("new", "It is slow", *workflow, "--json").data["orchestration"]["steps"]

    assert [(step["name"], step["mode"]) for step in steps] == [("optimize", "normal"), ("deploy", "approval")]


def test_a_workflow_is_changed_while_it_runs_and_what_has_begun_stays(notes: houses.House) -> None:
    notes.seat("Engineer", "raise SystemExit('I give up')\n")
    assert notes.tickety("trust", "--yes").code == 0
    blocked = notes.tickety(houses.SENTENCE, "--yes", "--json").ticket
    assert [step["state"] for step in blocked["orchestration"]["steps"]] == ["passed", "failed", "pending"]

    dropped = notes.tickety("workflow", "set", "1", "diagnose -> test", "--json")
    changed = notes.tickety("workflow", "set", "1", "diagnose -> fix -> (test | document)", "--json")

    assert dropped.code == 4
    assert "the step 'fix' has begun (failed), and the new workflow leaves it out" in dropped.error["message"]
    steps = changed.data["orchestration"]["steps"]
    assert steps[:2] == blocked["orchestration"]["steps"][:2]
    assert [(step["name"], step["state"]) for step in steps[2:]] == [("test", "pending"), ("document", "pending")]
    assert "fix  failed" in shown(notes, "1", "--as", "tree")
