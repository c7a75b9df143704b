"""The page on workflows shows one that can be done, and uses every field that a step can have."""

import re
from pathlib import Path

from tickety.core import spelling
from tickety.core.spelling import listed

PAGE = (Path(__file__).parents[2] / "docs" / "recipes" / "workflows.md").read_text()


def test_the_workflow_of_the_page_is_sound_and_shows_every_field_of_a_step() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    plan = spelling.read(example)

    assert [phase["said"] for phase in plan.phases] == ["This week", "Next week"]
    assert {name for name in listed.FIELDS if not re.search(rf"^{name} =", example, re.MULTILINE)} == {"writes"}


def test_the_page_names_every_word_that_finds_its_agent() -> None:
    for word in re.findall(r"`([a-z]+)`", PAGE.split("find their agents by themselves:")[1].split("Everything")[0]):
        assert spelling.read(word).steps[0].name == word
