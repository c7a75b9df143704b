import pytest

from tickety.core import ids, recipes, roster, ticket

CREWS = [
    ("bug", "BUG", "diagnose -> fix -> test", "Research, Engineer, QA"),
    ("feature", "FEAT", "research -> implement -> document -> test", "Research, Engineer, Documentation, QA"),
    ("doc", "DOC", "document", "Documentation"),
    ("qa", "QA", "test", "QA"),
    ("security", "SEC", "assess -> patch -> verify", "Security, Engineer, QA"),
    ("performance", "PERF", "profile -> optimize -> test", "Research, Engineer, QA"),
    ("task", "TASK", "implement -> test", "Engineer, QA"),
    ("epic", "EPIC", "", ""),
]


@pytest.mark.parametrize(("kind", "prefix", "words", "crew"), CREWS)
def test_each_type_has_the_prefix_and_the_crew_of_the_contract(kind: str, prefix: str, words: str, crew: str) -> None:
    recipe = recipes.BY_TYPE[kind]
    plan = recipes.plan(recipe, "4 hours")

    assert (recipe.prefix, plan.workflow, plan.sla) == (prefix, words, "4 hours")
    assert ", ".join(agent.removesuffix(" Agent") for agent in plan.agents_required) == crew


def test_there_is_no_other_type() -> None:
    assert list(recipes.BY_TYPE) == [kind for kind, *_ in CREWS]


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda recipe: recipe.type)
def test_the_steps_of_a_recipe_follow_each_other(recipe: recipes.Recipe) -> None:
    steps = recipes.plan(recipe, "4 hours").steps

    names = [step.name for step in steps]
    assert [step.needs for step in steps] == [(), *((name,) for name in names)][: len(names)]
    assert len(set(names)) == len(names)
    assert {step.state for step in steps} <= {ticket.State.PENDING}


def test_the_plan_of_a_bug_speaks_the_guides_words() -> None:
    plan = recipes.plan(recipes.BY_TYPE["bug"], "24 hours")

    assert [f"{step.agent} will {step.task}" for step in plan.steps] == [
        "Research Agent will investigate the root cause",
        "Engineer Agent will implement the fix",
        "QA Agent will verify the resolution",
    ]


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda recipe: recipe.type)
def test_every_prefix_makes_an_id_and_research_never_writes(recipe: recipes.Recipe) -> None:
    assert ids.parse_id(ids.format_id(recipe.prefix, 2026, 1)) == (recipe.prefix, 2026, 1)
    assert not [duty for duty in recipe.duties if duty.writes and duty.role in {"Research", "Security"}]


def test_fixed_is_only_said_where_something_was_broken() -> None:
    assert {recipe.type for recipe in recipes.RECIPES if recipe.needs_red} == {"bug", "security", "performance"}


@pytest.mark.parametrize(
    "recipe", [recipe for recipe in recipes.RECIPES if recipe.needs_red], ids=lambda recipe: recipe.type
)
def test_what_was_broken_is_judged_by_somebody_other_than_who_mends_it(recipe: recipes.Recipe) -> None:
    judges = [duty for duty in recipe.duties if roster.role(duty.role).verifies]

    assert judges == [recipe.duties[-1]]
    assert not judges[0].writes
