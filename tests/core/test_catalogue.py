"""The types that a project defines for itself."""

from dataclasses import replace
from functools import partial

import pytest

from tickety.core import catalogue, errors, recipes, template, ticket

INCIDENT = catalogue.Definition("incident", "INC", "bug", priority="critical", sla="2 hours")


def test_a_type_of_a_projects_own_has_the_crew_and_the_proof_of_what_it_is_like() -> None:
    recipe = catalogue.with_types([INCIDENT])["incident"]

    assert recipes.plan(recipe, "2 hours") == recipes.plan(recipes.BY_TYPE["bug"], "2 hours")
    assert (recipe.prefix, recipe.like, recipe.needs_red) == ("INC", "bug", True)
    assert (recipe.priority, recipe.sla) == (ticket.Priority.CRITICAL, "2 hours")


def test_its_ticket_says_itself_what_it_is_like() -> None:
    assert recipes.needs_red("incident", {"like": "bug"})
    assert recipes.nature("incident", {"like": "bug"}) == "bug"
    assert not recipes.needs_red("incident", {})
    assert not recipes.needs_red("task", {"like": "bug"})


def test_its_own_workflow_takes_its_own_agents() -> None:
    crew = ("Security", "Engineer", "QA")
    leak = catalogue.Definition("leak", "LEAK", "security", agents_required=crew, workflow="assess -> patch -> verify")
    plan = recipes.plan(catalogue.with_types([leak])["leak"], "1 d")

    assert [step.agent for step in plan.steps] == ["Security Agent", "Engineer Agent", "QA Agent"]
    assert plan.sla == "1 d"


def test_a_built_in_type_keeps_its_prefix_and_gets_another_crew() -> None:
    recipe = catalogue.with_types([catalogue.Definition("doc", workflow="document -> verify")])["doc"]

    assert (recipe.prefix, recipe.like) == ("DOC", None)
    assert [step.name for step in recipes.plan(recipe, "").steps] == ["document", "verify"]


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (catalogue.Definition("incident", "BUG"), r"\[types.incident\] prefix: BUG is that of bug"),
        (catalogue.Definition("incident", "inc"), r"\[types.incident\] prefix: 'inc' is no prefix"),
        (catalogue.Definition("incident"), r"\[types.incident\] prefix: '' is no prefix"),
        (catalogue.Definition("bug", "INC"), r"\[types.bug\] prefix: 'INC' is no prefix"),
        (catalogue.Definition("incident", "INC", "bugs"), r"\[types.incident\] like: it cannot be like 'bugs'"),
        (catalogue.Definition("In cident", "INC"), "small letters"),
        (catalogue.Definition("incident", "INC", agents_required=("Painter",)), "incident.*no role 'Painter'"),
        (catalogue.Definition("incident", "INC", workflow="paint"), "incident.*'paint'"),
        (catalogue.Definition("incident", "INC", priority="huge"), r"\[types.incident\] priority: .*'huge'"),
        (catalogue.Definition("incident", "INC", sla="soon"), r"\[types.incident\] sla: 'soon'"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_and_its_field_named(
    definition: catalogue.Definition, said: str
) -> None:
    with pytest.raises(errors.Usage, match=said):
        catalogue.with_types([definition])


def test_an_unknown_type_or_template_names_the_nearest() -> None:
    with pytest.raises(errors.Usage) as refused:
        catalogue.BUILT_IN.recipe("features")
    assert refused.value.hint.startswith("did you mean feature?")

    with pytest.raises(errors.Usage) as refused:
        catalogue.BUILT_IN.template("performance_issues")
    assert refused.value.hint.startswith("did you mean performance_issue?")


def _own(**templates: template.Template) -> catalogue.Catalogue:
    return catalogue.Catalogue(own=lambda: {name: partial(replace, one) for name, one in templates.items()})


def test_a_projects_own_template_comes_before_a_built_in_one() -> None:
    mine = template.Template("bug", "mine", "bug")

    assert _own(bug=mine).template("bug") == mine
    assert _own(bug=mine).templates[0] == "bug"


def test_a_template_that_opens_itself_is_refused() -> None:
    first = template.Template("first", children=(template.Child("a", "A", template="second"),))
    second = template.Template("second", children=(template.Child("b", "B", template="first"),))

    with pytest.raises(errors.Usage, match="first -> second -> first never ends"):
        _own(first=first, second=second).template("first")


def test_a_template_that_opens_too_many_tickets_is_refused() -> None:
    part = template.Template("part", children=tuple(template.Child(f"c{n}", "C") for n in range(100)))
    whole = template.Template("whole", children=tuple(template.Child(f"c{n}", "C", template="part") for n in range(3)))

    with pytest.raises(errors.Usage, match="would open 304 tickets, 200 are the most"):
        _own(part=part, whole=whole).template("whole")
