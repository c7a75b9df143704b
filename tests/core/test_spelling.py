"""Every spelling of a workflow, the guide's own to the letter, and what is refused in each."""

import json
from typing import Any

import pytest

from tickety.core import errors, spelling, ticket
from tickety.core.spelling import manner, written

SEQUENTIAL = {
    "steps": [
        {"agent": "Research Agent", "task": "Analyze problem", "depends_on": None},
        {"agent": "Engineer Agent", "task": "Implement solution", "depends_on": "Research Agent"},
        {"agent": "QA Agent", "task": "Test solution", "depends_on": "Engineer Agent"},
    ]
}
PARALLEL = {
    "parallel_groups": [
        {"group": 1, "agents": ["Research Agent", "Security Agent"], "can_run_together": True},
        {"group": 2, "agents": ["Engineer Agent"], "depends_on_group": 1},
    ]
}
CONDITIONAL = {
    "initial": "Research Agent",
    "conditions": {
        "if_security_issue": "Security Agent",
        "if_performance_issue": "Ops Agent",
        "default": "Engineer Agent",
    },
}
FULL = """
# Written by hand.
[[phases]]
name = "Research & Design"
due = "This week"
[[phases]]
name = "Shipping"
due = 2026-12-24

[[steps]]
name = "research"
agent = "Research Agent"
task = "Best practices analysis"
phase = 1
[[steps]]
name = "build"
agent = "Engineer Agent"
needs = ["research"]
starts_with = ["ready"]
when = {all = [{step = "research", outcome = "passed"}, {not = {signal = "stop"}}]}
attempts = 5
timeout = "2 hours"
phase = "Shipping"
receipts = [["pytest", "-q"], ["make", "lint"]]
[[steps]]
name = "ready"
agent = "Ops"
mode = "standby"
writes = false
phase = "Shipping"
[[steps]]
name = "deploy"
depends_on = "Engineer Agent"
mode = "approval"
phase = 2
"""


def outline(plan: ticket.Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(step.name, step.agent.removesuffix(" Agent"), step.needs) for step in plan.steps]


def refusal(spelled: object) -> errors.Usage:
    with pytest.raises(errors.Usage) as refused:
        spelling.read(spelled)
    return refused.value


# The guide's patterns.


def test_the_guides_sequence_is_one_step_after_the_other() -> None:
    plan = spelling.read(SEQUENTIAL)

    assert outline(plan) == [
        ("research", "Research", ()), ("engineer", "Engineer", ("research",)), ("qa", "QA", ("engineer",)),
    ]  # fmt: skip
    assert [step.task for step in plan.steps] == ["Analyze problem", "Implement solution", "Test solution"]
    assert [step.writes for step in plan.steps] == [False, True, False]
    assert plan.agents_required == ("Research Agent", "Engineer Agent", "QA Agent")


def test_the_guides_groups_run_side_by_side_and_wait_for_each_other() -> None:
    assert outline(spelling.read(PARALLEL)) == [
        ("research", "Research", ()), ("security", "Security", ()), ("engineer", "Engineer", ("research", "security")),
    ]  # fmt: skip


def test_the_guides_conditions_ask_for_signals_and_the_default_for_none_of_them() -> None:
    plan = spelling.read(CONDITIONAL)

    assert outline(plan) == [
        ("research", "Research", ()), ("security", "Security", ("research",)),
        ("ops", "Ops", ("research",)), ("engineer", "Engineer", ("research",)),
    ]  # fmt: skip
    assert [step.when for step in plan.steps] == [
        None,
        {"signal": "security_issue"},
        {"signal": "performance_issue"},
        {"not": {"any": [{"signal": "security_issue"}, {"signal": "performance_issue"}]}},
    ]


def test_a_default_alone_is_always_done() -> None:
    plan = spelling.read({"initial": "Research Agent", "conditions": {"default": "QA Agent"}})

    assert plan.step("qa").when is None


@pytest.mark.parametrize("spelled", [SEQUENTIAL, PARALLEL, CONDITIONAL])
def test_data_and_its_json_mean_the_same_and_are_shown_as_they_were_written(spelled: dict[str, Any]) -> None:
    indented = json.dumps(spelled, indent=2)

    assert json.loads(spelling.read(spelled).workflow) == spelled
    assert spelling.read(indented).workflow == indented
    assert spelling.read(indented).steps == spelling.read(spelled).steps


def test_the_full_form_says_everything() -> None:
    plan = spelling.read(FULL)

    assert plan.workflow == FULL.strip()
    assert plan.phases == (
        {"name": "Research & Design", "due": None, "said": "This week"},
        {"name": "Shipping", "due": None, "said": "2026-12-24"},
    )
    build = plan.step("build")
    assert (build.needs, build.starts_with, build.attempts, build.timeout) == (("research",), ("ready",), 5, 7200.0)
    assert build.receipts == (("pytest", "-q"), ("make", "lint"))
    assert build.when == {"all": [{"step": "research", "outcome": "passed"}, {"not": {"signal": "stop"}}]}
    assert [step.phase for step in plan.steps] == ["Research & Design", "Shipping", "Shipping", "Shipping"]
    assert (plan.step("ready").mode, plan.step("ready").writes) == ("standby", False)
    assert (plan.step("deploy").agent, plan.step("deploy").needs) == ("Ops Agent", ("build",))
    assert (plan.step("research").attempts, plan.step("research").timeout) == (3, None)


def test_steps_below_their_phases_wait_for_the_phase_before_unless_they_say_what_for() -> None:
    plan = spelling.read({"phases": [
        {"name": "One", "steps": [{"name": "a", "agent": "Research"}, {"name": "b", "agent": "QA", "needs": ["a"]},
                                  {"name": "c", "agent": "Security"}]},
        {"name": "Two", "steps": [{"name": "d", "agent": "Engineer"},
                                  {"name": "e", "agent": "QA", "depends_on": "Engineer"}]}]})  # fmt: skip

    assert [step.needs for step in plan.steps] == [(), ("a",), (), ("b", "c"), ("d",)]
    assert [step.phase for step in plan.steps] == ["One", "One", "One", "Two", "Two"]


def test_a_line_may_come_with_its_crew() -> None:
    plan = spelling.read({"agents_required": ["Security Agent", "Engineer Agent", "QA Agent"],
                          "workflow": "assess -> patch -> verify"})  # fmt: skip

    assert [agent for _, agent, _ in outline(plan)] == ["Security", "Engineer", "QA"]


@pytest.mark.parametrize(("spelled", "said"), [
    ("diagnose -> fix", "a line"), (SEQUENTIAL, "a list of steps"), (PARALLEL, "parallel groups"),
    (CONDITIONAL, "conditions"), (FULL, "the full form with phases"),
    ({"steps": [{"name": "fix"}]}, "the full form")])  # fmt: skip
def test_each_spelling_has_a_name(spelled: object, said: str) -> None:
    assert spelling.form(spelled) == said


# Who depends on whom.


def steps(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"steps": list(entries)}


def test_an_agent_of_several_steps_means_its_latest_one_before() -> None:
    plan = spelling.read(steps(
        {"agent": "Research Agent"},
        {"agent": "Engineer Agent", "depends_on": "Research Agent"},
        {"agent": "Research Agent", "depends_on": ["Engineer Agent", "Research Agent"]},
        {"agent": "QA Agent", "depends_on": "@research"},
        {"agent": "Research Agent", "depends_on": "QA Agent"},
    ))  # fmt: skip

    assert [step.needs for step in plan.steps] == [
        (), ("research",), ("engineer", "research"), ("research-2",), ("qa",),
    ]  # fmt: skip


def test_two_steps_of_an_agent_of_which_none_is_later_are_refused_naming_both() -> None:
    twice = steps({"agent": "Research"}, {"agent": "Research"}, {"agent": "QA", "depends_on": "Research Agent"})

    assert "'qa' depends on 'Research Agent', which can mean research and research-2" in refusal(twice).message


def test_a_name_that_is_a_step_and_an_agents_latest_step_is_refused() -> None:
    both = steps({"name": "qa", "agent": "Engineer"}, {"name": "check", "agent": "QA"},
                 {"name": "last", "agent": "Ops", "depends_on": "qa"})  # fmt: skip

    assert "can mean qa and check" in refusal(both).message
    assert spelling.read(steps(*both["steps"][:2], {"name": "last", "agent": "Ops", "needs": "qa"}))


def test_an_agent_that_is_listed_later_only_can_be_depended_on() -> None:
    plan = spelling.read(steps({"agent": "QA", "depends_on": "Engineer"}, {"agent": "Engineer"}))

    assert plan.step("qa").needs == ("engineer",)


def test_depending_on_oneself_alone_is_refused() -> None:
    assert "no other step" in refusal(steps({"agent": "QA", "depends_on": "QA Agent"})).message


# What is refused.


@pytest.mark.parametrize(("spelled", "said", "hint"), [
    (steps({"name": "a", "agent": "Engine"}), "the step 'a': there is no role 'Engine'", "did you mean Engineer?"),
    (steps({"name": "a"}), "whose step 'a' is", "name one agent"),
    (steps({"agent": "QA", "need": []}), "step 1 has no field 'need'", "did you mean needs?"),
    (steps({"name": "a", "agent": "QA", "needs": ["b"]}), "'a' needs 'b'", "its steps are: a"),
    (steps({"name": "a", "agent": "QA"}, {"name": "a", "agent": "QA"}), "'a' twice", "name of its own"),
    (steps({"name": "a", "agent": "QA", "when": {"sginal": "x"}}), "the step 'a': when:", "{signal ="),
    (steps({"name": "a", "agent": "QA", "when": "leak"}), "is no condition", "{signal ="),
    (steps({"name": "a", "agent": "QA", "mode": "standbye"}), "no mode 'standbye'", "did you mean standby?"),
    (steps({"name": "a", "agent": "QA", "attempts": 0}), "the step 'a': attempts", "from 1 to 20"),
    (steps({"name": "a", "agent": "QA", "attempts": True}), "attempts: True", "from 1 to 20"),
    (steps({"name": "a", "agent": "QA", "timeout": "soon"}), "timeout: 'soon'", "30min"),
    (steps({"name": "a", "agent": "QA", "timeout": -1}), "timeout: -1", "a length of time"),
    (steps({"name": "a", "agent": "QA", "timeout": float("nan")}), "is nan, which is no number", "write a number"),
    (steps({"name": "a", "agent": "QA", "timeout": 10**30}), "too large a number", "smaller"),
    (steps({"name": "a", "agent": "QA", "writes": "yes"}), "writes: 'yes'", "true or false"),
    (steps({"name": "a", "agent": "QA", "needs": {"b": 1}}), "needs: {'b': 1}", "list of names"),
    (steps({"name": "a", "agent": "QA", "receipts": ["pytest -q"]}), "receipts", '[["pytest", "-q"]]'),
    (steps({"name": "a", "agent": "QA", "receipts": [[]]}), "receipts", '[["pytest", "-q"]]'),
    (steps({"name": "../a", "agent": "QA"}), "'../a' cannot be the name of a step", "small letters"),
    (steps({"name": "..", "agent": "QA"}), "cannot be the name", "small letters"),
    (steps({"name": "a/b", "agent": "QA"}), "cannot be the name", "small letters"),
    (steps({"name": "A", "agent": "QA"}), "cannot be the name", "small letters"),
    (steps({"name": "", "agent": "QA"}), "cannot be the name", "small letters"),
    (steps({"name": "a\x00", "agent": "QA"}), "control characters", "plain letters"),
    (steps({"name": "a\x1b[31m", "agent": "QA"}), "control characters", "plain letters"),
    (steps({"name": "a", "agent": "QA", "task": "\u202eevil"}), "control characters", "plain letters"),
    (steps({"name": "a", "agent": "QA", "task": "\ud800"}), "control characters", "plain letters"),
    (steps({"name": 5, "agent": "QA"}), "name: 5", "a text"),
    (steps(), "has no steps", "diagnose -> fix"),
    ({"steps": "fix"}, "'fix' is no list", "[[steps]]"),
    ({"steps": [5]}, "step 1: 5 is no table", "its fields are"),
    ({"steps": [{"name": f"s{n}", "agent": "QA"} for n in range(41)]}, "more than 40 steps", "epic"),
    ({}, "says nothing", "one of: steps"),
    ({"stepss": []}, "no field 'stepss'", "did you mean steps?"),
    ({**SEQUENTIAL, **PARALLEL}, "says parallel_groups and steps", "one of"),
    ({"initial": "QA Agent"}, "says initial, which", "one of"),
    ({"initial": "QA", "conditions": {}}, "no conditions", "if_security_issue"),
    ({"initial": "QA", "conditions": {"perhaps": "QA"}}, "'perhaps' is no condition", "if_SIGNAL"),
    ({"initial": "QA", "conditions": {"if_": "QA"}}, "'if_' is no condition", "if_SIGNAL"),
    ({"initial": "QA", "conditions": {"if_x": None}}, "no agent is named", "Research Agent"),
    ({"initial": None, "conditions": {"if_x": "QA"}}, "initial: no agent", "Research Agent"),
    ({"parallel_groups": [{"group": 1, "agents": []}]}, "the parallel_group 1 has no agents", "Research Agent"),
    ({"parallel_groups": [{"group": 1, "agents": ["QA"]}, {"group": 1, "agents": ["QA"]}]}, "groups '1'", "its own"),
    ({"parallel_groups": [{"group": 1, "agents": ["QA"], "depends_on_group": 7}]}, "which is no group", "groups: 1"),
    ({"parallel_groups": [{"group": 1, "agents": ["QA"], "depends_on_group": 1}]}, "waits for itself", "take it out"),
    ({"phases": [{"name": "One"}], "steps": [{"name": "fix"}]}, "the phase 'One' has no step", "phase ="),
    ({"phases": [{"name": "One", "due": "soon"}], "steps": []}, "the phase 'One': due: 'soon'", "this week"),
    ({"phases": [{"due": "today"}], "steps": []}, "has no name", "Research & Design"),
    ({"phases": [{"name": "One"}, {"name": "One"}], "steps": []}, "two phases 'One'", "its own"),
    ({"phases": [{"name": "One"}], "steps": [{"name": "fix", "phase": "Two"}]}, "no phase 'Two'", "phases are: One"),
    ({"phases": [{"name": "One", "steps": [{"name": "fix"}]}], "steps": [{"name": "test"}]}, "beside them", "at one"),
    (None, "None is no workflow", "diagnose -> fix"),
    (5, "5 is no workflow", "diagnose -> fix"),
    ({"steps": {1, 2}}, "no workflow can hold", "lists and tables"),
    ({5: "x"}, "a field 5", "name its fields"),
    ("x = 1 = 2", "is no TOML", "mend it"),
    ('{"steps": [}', "is no JSON", "mend it"),
    ('{"steps": [], "steps": []}', "'steps' is there twice", "mend it"),
    ('{"steps": [{"name": "a", "agent": "QA", "timeout": NaN}]}', "NaN is no number", "mend it"),
    ('{"steps": ' + "[" * 20_000, "is no JSON", "mend it"),
    ("x = " + "[" * 20_000, "is no TOML", "mend it"),
    ("fix -> " * 200_000, "characters long, 32,768 are the most", "epic"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_named(spelled: object, said: str, hint: str) -> None:
    refused = refusal(spelled)

    assert said in refused.message
    assert hint in refused.hint
    assert len(refused.message) < 500


def test_data_that_is_nested_too_deep_is_refused() -> None:
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]

    assert "levels deep" in refusal({"steps": deep}).message


def test_data_of_a_program_is_held_to_the_same_size() -> None:
    assert "32,768" in refusal(steps({"name": "a", "agent": "QA", "task": "x" * 40_000})).message


# Of a plan that is changed, and of what was imported.


def test_what_a_line_has_no_word_for_stays_as_it_is_known() -> None:
    known = {"fix": ticket.Step("fix", "Data Engineer Agent", "mend the tables", mode="approval", attempts=9)}

    fix, test = spelling.read("fix -> test", manner.Manner(known=known)).steps

    assert fix == known["fix"]
    assert (test.agent, test.needs) == ("QA Agent", ("fix",))


def test_imported_words_that_come_twice_are_numbered() -> None:
    lenient = manner.Manner(("Research", "Engineer", "Research"), is_lenient=True)

    assert outline(spelling.read("look -> mend it! -> look", lenient)) == [
        ("look", "Research", ()), ("mend-it", "Engineer", ("look",)), ("look-2", "Research", ("mend-it",)),
    ]  # fmt: skip


def test_nobody_but_a_person_names_commands() -> None:
    plan = spelling.read(FULL)

    with pytest.raises(errors.Usage, match="the step 'build' has receipts: a template cannot"):
        spelling.require_no_commands(plan, "a template")


def test_every_letter_survives_toml() -> None:
    task = 'a "quoted" \\ back\tslash, del \x7fnot, 日本語, new\nline'.replace("\x7f", "")
    plan = spelling.read(steps({"name": "a", "agent": "QA", "task": task}))

    assert spelling.read(written.toml(plan)).steps == plan.steps
