"""The guide's functions work as the page says: its code is run as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories import house as houses

PAGE = Path(__file__).parents[2] / "docs" / "guide-map.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def run(house: houses.House, code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=house.path, env=house.environment, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_page_has_code() -> None:
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("code", BLOCKS, ids=["tickets", "workflow", "reports", "sprint"])
def test_the_code_of_the_page_does_what_it_says(notes: houses.House, code: str) -> None:
    assert notes.tickety("trust", "--yes").code == 0

    run(notes, code)


def test_active_tickets_are_told_as_the_guide_tells_them(notes: houses.House) -> None:
    told = run(notes, BLOCKS[0])

    assert told.splitlines()[0] == "Currently tracking 3 active tickets:"
    assert notes.tickety("list", "is:active").out == told


def test_every_verb_that_the_page_names_is_there(notes: houses.House) -> None:
    named = set(re.findall(r"`tickety (\w+)", PAGE.read_text()))

    assert "new" in named
    for verb in sorted(named):
        assert notes.tickety(verb, "--help").code == 0, verb
