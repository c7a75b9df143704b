"""The recipes name verbs and rules that there are."""

import re
from pathlib import Path

import pytest

from tickety.cli import main
from tickety.core import escalation

RECIPES = sorted((Path(__file__).parents[2] / "docs" / "recipes").glob("*.md"))


@pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.stem)
def test_every_verb_that_a_recipe_calls_is_there(page: Path) -> None:
    called = set(re.findall(r"^tickety ([a-z]+)", page.read_text(), re.MULTILINE))

    assert called <= {*main.VERBS}


def test_every_rule_stands_in_its_recipe() -> None:
    page = next(page for page in RECIPES if page.stem == "escalations").read_text()

    assert [rule for rule in escalation.RULES if f"`{rule}`" not in page] == []
