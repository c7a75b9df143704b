"""Templates: the guide's own literally, and which ones are refused."""

from dataclasses import replace

import pytest

from tickety.core import errors, recipes, template, template_text, ticket


def _plan(wanted: template.Template) -> ticket.Plan:
    return template.plan(wanted, recipes.BY_TYPE[wanted.type or "task"], wanted.sla or "24 hours")


def test_a_weakness_is_dealt_with_as_in_the_guide() -> None:
    wanted = template.BY_NAME["security_vulnerability"]
    plan = _plan(wanted)

    assert (wanted.priority, wanted.tags) == ("critical", ("security", "urgent"))
    assert plan.agents_required == ("Security Agent", "Engineer Agent", "QA Agent")
    assert (plan.workflow, plan.sla) == ("assess -> patch -> verify", "4 hours")
    assert [(step.agent, step.writes) for step in plan.steps] == [
        ("Security Agent", False),
        ("Engineer Agent", True),
        ("QA Agent", False),
    ]


def test_what_is_slow_is_dealt_with_as_in_the_guide_and_deployed_once_a_person_approves() -> None:
    wanted = template.BY_NAME["performance_issue"]
    plan = _plan(wanted)

    assert (wanted.priority, wanted.tags) == ("high", ("performance", "optimization"))
    assert plan.agents_required == ("Research Agent", "Engineer Agent", "Ops Agent")
    assert plan.workflow == "profile -> optimize -> deploy"
    assert [step.mode for step in plan.steps] == ["normal", "normal", "approval"]


@pytest.mark.parametrize("name", ["bug", "feature", "doc", "qa", "epic"])
def test_a_template_that_says_only_its_type_has_the_plan_of_the_type(name: str) -> None:
    assert _plan(template.BY_NAME[name]) == recipes.plan(recipes.BY_TYPE[name], "24 hours")


def test_tasks_and_criteria_are_the_templates_own() -> None:
    plan = _plan(template.Template("t", type="bug", tasks={"fix": "close the hole"}, success_criteria=("it is shut",)))

    assert plan.step("fix").task == "close the hole"
    assert plan.success_criteria == ("it is shut",)


def test_only_words_is_replaced_in_a_title() -> None:
    assert template.titled("Leak: $words {words} ${HOME} %s", "Tokens. More.") == "Leak: Tokens {words} ${HOME} %s"


_CHILD = template.Child("a", "A")
_OTHER = template.Child("b", "B", starts_with=("a",))
FAULTS = [
    (template.Template("t", type="bogus"), "type: there is no type 'bogus'"),
    (template.Template("t", sla="soon"), "sla: 'soon' is not a length"),
    (template.Template("t", workflow="paint"), "whose step 'paint'"),
    (template.Template("t", type="bug", agents_required=("Painter",)), "no role 'Painter'"),
    (template.Template("t", type="bug", tasks={"paint": "x"}), "tasks: the workflow has no step 'paint'"),
    (template.Template("t", type="bug", approvals=("paint",)), "approvals: the workflow has no step 'paint'"),
    (template.Template("t", tags=("x",) * 41), "tags: 41 are too many"),
    (template.Template("t", title="x" * 10_001), "title: it is longer"),
    (template.Template("t", children=(_CHILD, _CHILD)), "children.a: two children"),
    (template.Template("t", children=(replace(_CHILD, type="bogus"),)), "children.a.type"),
    (template.Template("t", children=(replace(_CHILD, blocked_by=("b",)),)), "children.a: it cannot wait for 'b'"),
    (
        template.Template("t", children=(replace(_CHILD, blocked_by=("b",)), _OTHER)),
        "children: they wait for each other: a, b",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_template_that_could_not_be_opened_is_refused_and_the_field_named(
    wanted: template.Template, said: str
) -> None:
    with pytest.raises(errors.Usage, match=said):
        template.check(wanted, recipes.BY_TYPE)


@pytest.mark.parametrize("wanted", template.BUILT_IN, ids=lambda wanted: wanted.name)
def test_every_built_in_template_can_be_opened_and_written_as_a_file(wanted: template.Template) -> None:
    template.check(wanted, recipes.BY_TYPE)

    assert f'type = "{wanted.type}"' in template_text.of(wanted, recipes.BY_TYPE)
