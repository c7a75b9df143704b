"""The script behind a verification judges the work: who is judged does not change it unasked."""

import json
import shutil

import pytest

from tests.stories import house as houses
from tests.stories.test_endings import MENDS

pytestmark = pytest.mark.slow

JUDGE = "python3 -m unittest -q\n"
NODE_JUDGE = "process.exit(require('fs').readFileSync('notes/cli.py', 'utf8').includes('version_text') ? 1 : 0)\n"


def guts(path: str, content: str) -> str:
    """An agent that mends the fault and takes no chances with the judge."""
    return f"{MENDS}\nPath({path!r}).write_text({content!r})\nprint('all green now')\n"


def assert_waits_for_approval(house: houses.House, path: str) -> None:
    ended = house.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 5, ended.err
    assert ended.ticket["status"] != "closed"
    assert ended.ticket["questions"][-1]["kind"] == "approval"
    assert path in ended.ticket["waiting_for"]
    assert house.git("rev-parse", ended.ticket["branch"]) == house.git("rev-parse", "main")


def test_the_script_behind_make_is_not_gutted_unasked(notes: houses.House) -> None:
    notes.commit({"Makefile": "test:\n\tsh t.sh\n", "t.sh": JUDGE})
    notes.seat("Engineer", guts("t.sh", "true\n"))

    assert_waits_for_approval(notes, "t.sh was changed")


def test_a_script_that_make_misses_is_not_added_unasked(notes: houses.House) -> None:
    notes.commit({"Makefile": "test:\n\tsh t.sh\n"})
    notes.seat("Engineer", guts("t.sh", "true\n"))

    assert_waits_for_approval(notes, "t.sh was added")


def test_the_script_that_tickety_toml_names_is_not_gutted_unasked(notes: houses.House) -> None:
    notes.commit({"tickety.toml": '[verification]\ncommand = ["sh", "ci/test.sh"]\n', "ci/test.sh": JUDGE})
    notes.seat("Engineer", guts("ci/test.sh", "true\n"))

    assert_waits_for_approval(notes, "ci/test.sh was changed")


@pytest.mark.skipif(not shutil.which("npm"), reason="needs npm")
def test_the_script_behind_npm_is_not_gutted_unasked(notes: houses.House) -> None:
    scripts = json.dumps({"name": "notes", "version": "1.0.0", "scripts": {"test": "node check.js"}})
    notes.git("rm", "-q", "Makefile")
    notes.commit({"package.json": scripts, "check.js": NODE_JUDGE})
    notes.seat("Engineer", guts("check.js", "process.exit(0)\n"))

    assert_waits_for_approval(notes, "check.js was changed")


def test_an_ordinary_fix_beside_the_script_needs_no_approval(notes: houses.House) -> None:
    notes.commit({"Makefile": "test:\n\tsh t.sh\n", "t.sh": JUDGE})
    notes.seat("Engineer", MENDS)

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 0, ended.err
    assert ended.ticket["resolution"] == "fixed"


def test_trust_is_asked_for_again_when_the_script_behind_make_has_changed(notes: houses.House) -> None:
    notes.commit({"Makefile": "test:\n\tsh ./run-tests.sh\n", "run-tests.sh": JUDGE})
    notes.tickety("trust", "--yes")
    assert notes.tickety("trust", "--dry-run", "--json").data["trusted"] is True

    notes.commit({"run-tests.sh": f"touch {notes.home}/canary\n{JUDGE}"})

    assert notes.tickety("trust", "--dry-run", "--json").data["trusted"] is False
    assert notes.tickety(houses.SENTENCE, "--json").code == 5
    assert not (notes.home / "canary").exists()
