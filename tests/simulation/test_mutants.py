"""The simulation finds what it is there for: three bugs are planted, and each breaks the invariant it should."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation import mutants, weeks

WITHIN = 10
"""Seeds in which a planted bug has to be found."""

ROOT = Path(__file__).parents[2]
BREAKS = {
    "fencing-off": "the report of .* counts for",
    "escalation-repeated": "is told a second time",
    "condition-ignored": "began without what it needs: its condition",
}


@pytest.mark.parametrize("planted", mutants.PLANTED)
def test_a_planted_bug_is_found_and_told_with_the_command_that_shows_it_again(planted: str) -> None:
    with pytest.raises(weeks.Broken, match=BREAKS[planted]) as broken:
        _live_until_it_breaks(planted)

    command = str(broken.value).rpartition("live it again, with its story: ")[2]
    program, *arguments = command.split()
    assert (program, arguments[:2]) == ("python", ["-m", "tests.simulation"])
    again = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert again.stdout.rstrip().endswith(str(broken.value).partition("\n")[0])


def _live_until_it_breaks(planted: str) -> None:
    for seed in range(WITHIN):
        weeks.live(seed, planted)


def test_every_planted_bug_has_an_invariant_that_it_breaks() -> None:
    assert BREAKS.keys() == mutants.PLANTED.keys()
