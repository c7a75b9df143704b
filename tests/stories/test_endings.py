"""How a sentence can end: one story for each ending."""

import pytest

from tests.stories import house as houses

WRONG = """\
from pathlib import Path
about = Path("notes/about.py")
about.write_text(about.read_text().replace("def version_line", "def version_words") + "# again\\n")
print("renamed it")
"""

TOUCHES_NOTHING_OF_IT = """\
from pathlib import Path
Path("CHANGES.md").write_text("nothing much\\n")
print("wrote it down")
"""

MENDS = """\
from pathlib import Path
cli = Path("notes/cli.py")
cli.write_text(cli.read_text().replace("version_text", "version_line"))
"""

DELETES_TESTS = (
    MENDS
    + """
tests = Path("tests/test_cli.py")
tests.unlink()
print("all green now")
"""
)

SKIPS_TESTS = (
    MENDS
    + """
tests = Path("tests/test_cli.py")
lines = tests.read_text().splitlines(keepends=True)
at = next(index for index, line in enumerate(lines) if line.lstrip().startswith("def test_"))
lines.insert(at, "    @unittest.skip('later')\\n")
tests.write_text("".join(lines))
"""
)

FAILS_FOR_ITS_OWN_REASON = """\
import unittest


class Moon(unittest.TestCase):
    def test_moon_is_full(self):
        self.fail("it is not")
"""


def test_a_fault_that_rules_can_mend_ends_closed_and_fixed(notes: houses.House) -> None:
    before = notes.footprint()

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 0, ended.err
    ticket = ended.ticket
    assert (ticket["status"], ticket["resolution"]) == ("closed", "fixed")
    assert ticket["id"].startswith("BUG-")
    assert [step["state"] for step in ticket["orchestration"]["steps"]] == ["passed"] * 3
    assert notes.footprint() == before
    assert "version_line" in notes.tickety("diff", ticket["id"]).out


def test_the_proof_is_red_before_and_green_after_on_the_tree_that_is_delivered(notes: houses.House) -> None:
    ticket = notes.tickety(houses.SENTENCE, "--yes", "--json").ticket

    receipts = [receipt for update in ticket["agent_updates"] for receipt in update["receipts"]]
    red = {tuple(receipt["command"]): receipt for receipt in receipts if receipt["phase"] == "before"}
    green = {tuple(receipt["command"]): receipt for receipt in receipts if receipt["phase"] == "after"}
    assert red.keys() == green.keys()
    assert ("make", "test") in red
    assert any("--version" in command for command in red)
    assert {receipt["exit_code"] for receipt in green.values()} == {0}
    assert 0 not in {receipt["exit_code"] for receipt in red.values()}
    assert {receipt["tree"] for receipt in red.values()} == {notes.git("rev-parse", "HEAD^{tree}").strip()}
    assert {receipt["tree"] for receipt in green.values()} == {
        notes.git("rev-parse", f"{ticket['branch']}^{{tree}}").strip()
    }


@pytest.mark.slow
def test_a_change_that_breaks_more_ends_blocked_and_says_what_fails(notes: houses.House) -> None:
    notes.seat("Engineer", WRONG)

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 1
    assert ended.ticket["status"] == "blocked"
    assert ended.ticket["resolution"] is None
    told = [(update["step"], update["result"]) for update in ended.ticket["agent_updates"]]
    assert told == [
        ("diagnose", "passed"),
        ("fix", "passed"),
        ("test", "failed"),
        ("fix", "passed"),
        ("test", "failed"),
    ]
    assert ended.ticket["blocker"].startswith("QA Agent reported: ")


def test_a_fault_outside_the_rules_waits_for_a_person_with_the_way_on(sound: houses.House) -> None:
    _ask_for_a_colour(sound)

    ended = sound.tickety("Searching for a note crashes with a TypeError", "--yes", "--json")

    assert ended.code == 5
    assert ended.ticket["status"] == "in_progress"
    assert f"tickety retry {ended.ticket['id']}" in ended.ticket["waiting_for"]
    assert ended.ticket["questions"][0]["answer"] is None
    assert "Waits for you" in sound.tickety().out


@pytest.mark.slow
def test_a_person_who_mends_it_by_hand_on_the_branch_gets_the_ticket_closed(sound: houses.House) -> None:
    good = _ask_for_a_colour(sound)
    broken = sound.tickety("Searching for a note crashes with a TypeError", "--yes", "--json").ticket

    sound.git("switch", "-q", broken["branch"])
    sound.commit({"notes/store.py": good}, "Search by word alone")
    sound.git("switch", "-q", "main")
    ended = sound.tickety("retry", broken["id"], "--json")

    assert ended.code == 0, ended.err
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "fixed")
    fix = next(
        update for update in ended.ticket["agent_updates"] if update["result"] == "passed" and update["step"] == "fix"
    )
    assert fix["agent"] == "user:ada"
    assert "Search by word alone" in fix["details"]


def test_green_before_and_green_after_is_not_called_fixed(sound: houses.House) -> None:
    sound.seat("Engineer", TOUCHES_NOTHING_OF_IT)

    ended = sound.tickety("The export forgets the last note", "--yes", "--json")

    assert ended.code == 5
    assert ended.ticket["status"] != "closed"
    assert "nothing that failed before passes now" in ended.ticket["waiting_for"]
    assert "--repro" in ended.ticket["waiting_for"]


@pytest.mark.parametrize("script", [DELETES_TESTS, SKIPS_TESTS], ids=["deleted", "skipped"])
def test_tests_taken_out_by_an_agent_need_a_persons_yes(notes: houses.House, script: str) -> None:
    notes.seat("Engineer", script)

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 5
    assert ended.ticket["status"] != "closed"
    assert ended.ticket["questions"][-1]["kind"] == "approval"
    assert "tests/test_cli.py" in ended.ticket["waiting_for"]
    assert notes.git("rev-parse", ended.ticket["branch"]) == notes.git("rev-parse", "main")


@pytest.mark.slow
def test_work_that_was_not_accepted_can_be_taken_by_a_person_who_says_yes(notes: houses.House) -> None:
    notes.seat("Engineer", SKIPS_TESTS)
    waiting = notes.tickety(houses.SENTENCE, "--yes", "--json").ticket
    told = notes.tickety("diff", waiting["id"])
    ref = told.err.split("(")[1].split(")")[0]
    notes.git("switch", "-q", waiting["branch"])
    notes.git("cherry-pick", ref)
    notes.git("switch", "-q", "main")

    unanswered = notes.tickety("retry", waiting["id"], "--json")
    ended = notes.tickety("retry", waiting["id"], "--yes", "--json")

    assert "unittest.skip" in told.out
    assert unanswered.code == 5
    assert "needs your yes" in unanswered.err
    assert ended.code == 0, ended.err
    assert ended.ticket["resolution"] == "fixed"
    assert "tests/test_cli.py" in ended.ticket["orchestration"]["steps"][1]["approved"][0]
    assert "a person approved" in ended.ticket["agent_updates"][-1]["details"]


@pytest.mark.slow
def test_a_suite_that_is_red_for_another_reason_is_named_and_does_not_block(notes: houses.House) -> None:
    notes.commit({"tests/test_moon.py": FAILS_FOR_ITS_OWN_REASON}, "look at the moon")

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 0, ended.out
    assert (ended.ticket["status"], ended.ticket["resolution"]) == ("closed", "fixed")
    assert "test_moon_is_full" in ended.ticket["agent_updates"][-1]["details"]


def test_done_with_nothing_changed_is_not_done(notes: houses.House) -> None:
    notes.seat("Engineer", "print('Fixed.')\n")

    ended = notes.tickety(houses.SENTENCE, "--yes", "--json")

    assert ended.code == 1
    assert "nothing has changed" in ended.ticket["blocker"]


def test_a_role_that_nobody_fills_is_said_in_the_plan_and_waits(notes: houses.House) -> None:
    ended = notes.tickety("Update the README with ticketing instructions", "--yes")

    assert ended.code == 5
    assert "Documentation Agent (nobody yet" in ended.out
    assert "tickety.toml" in ended.out


def _ask_for_a_colour(house: houses.House) -> str:
    """Break the search in a way that no rule can mend; what it was before."""
    good = (house.path / "notes" / "store.py").read_text()
    house.commit({"notes/store.py": good.replace("def search(self, word", "def search(self, word, /, colour")})
    return good


@pytest.mark.slow
def test_the_verification_named_as_reproduction_too_is_run_once_and_counts(notes: houses.House) -> None:
    judge = "python3 -m unittest -q"
    notes.commit({"tickety.toml": f'[verification]\ncommand = "{judge}"\n'})

    ended = notes.tickety(houses.SENTENCE, "--repro", judge, "--yes", "--json")

    assert ended.ticket["resolution"] == "fixed", ended.err
